"""The pages of the demonstration that every test of all pages goes through."""

from __future__ import annotations

PAGES = (
    "/",
    "/sandbox/",
    "/sign-in",
    "/account",
    "/users",
    "/users/new",
    "/audit",
    "/agencies",
    "/agencies/dcfs/roster",
    "/agencies/dcfs/roster?view=month",
    "/agencies/dcfs/roster/new",
    "/agencies/dcfs/rotations/new",
    "/coverage",
    "/telephone-list",
    "/nothing",
)
