"""The pages of the demonstration that every test of all pages goes through."""

from __future__ import annotations

PAGES = (
    "/",
    "/encounters",
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
    "/agencies/dcfs/import",
    "/agencies/dcfs/people",
    "/agencies/dcfs/people/new",
    "/agencies/dcfs/people/dcfs-ana",
    "/agencies/dcfs/duty-phone",
    "/stations",
    "/stations/new",
    "/stations/compton",
    "/coverage",
    "/telephone-list",
    "/nothing",
)
