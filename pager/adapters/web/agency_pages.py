"""What the pages of one agency, under `/agencies/CODE`, have in common: who may open them, and where they lead."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort

from pager.adapters.web.authority import current_user
from pager.domain.authority import ROLES, Deed, may_to
from pager.domain.directory import Agency
from pager.lifecycle.turn import Context, reading

KEEPERS = ROLES[Deed.MANAGE_PEOPLE]


def keepers_agency(context: Context, code: str, deed: Deed = Deed.MANAGE_PEOPLE) -> Agency:
    """Return the agency that a page is about, for somebody who may do `deed` to it.

    Aborts with 403 for another agency's administrator, whether or not there is such an agency; else 404 where there is
    none.
    """
    if not may_to(current_user(), deed, agency=code):
        abort(HTTPStatus.FORBIDDEN, "This is another agency's.")
    with reading(context) as turn:
        agency = turn.work.directory.find_agency(code)
    return agency or abort(HTTPStatus.NOT_FOUND, f"There is no agency {code}.")
