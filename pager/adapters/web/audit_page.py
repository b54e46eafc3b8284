"""The audit, newest first: `/audit`. An agency's administrator sees what concerns their agency."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from pager.adapters.web.authority import allows, current_user
from pager.domain.audit import AuditEntry
from pager.domain.authority import ROLES, Deed, may_to
from pager.lifecycle.turn import Context, reading

AT_A_TIME = 50
NOTHING = "none"
NOBODYS = ""  # an agency that there is not
LARGEST_ID = 2**63


@dataclass(frozen=True)
class Change:
    """One field of an entry, as it was and as it is."""

    name: str
    before: str
    after: str


def create_audit_page(context: Context) -> Blueprint:
    """Return the page of the audit."""
    blueprint = Blueprint("audit", __name__)

    @blueprint.get("/audit")
    @allows(*ROLES[Deed.READ_AUDIT])
    def show() -> str:
        user, before = current_user(), request.args.get("before", type=_entry_id)
        agency = None if may_to(user, Deed.READ_AUDIT) else user.agency or NOBODYS
        with reading(context) as turn:
            found = turn.work.audit.listing(agency=agency, before=before, limit=AT_A_TIME + 1)
            rows = [(entry, turn.local(entry.at), list(changes(entry))) for _, entry in found[:AT_A_TIME]]
        older = found[AT_A_TIME - 1][0] if len(found) > AT_A_TIME else None
        return render_template(
            "audit/audit.html", rows=rows, agency=agency, older=older, is_first=before is None, zone=context.zone.key
        )

    return blueprint


def _entry_id(text: str) -> int:
    number = int(text)
    if number >= LARGEST_ID:
        raise ValueError("larger than a database can look for")
    return number


def changes(entry: AuditEntry) -> Iterator[Change]:
    """Yield each field that differs."""
    for name in {**entry.before, **entry.after}:
        yield Change(name.replace("_", " "), _shown(entry.before.get(name)), _shown(entry.after.get(name)))


def _shown(value: Any) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value)) or NOTHING
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
