"""The page on which a table of shifts is looked at and then imported, and from which the shifts are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.roster_csv import LARGEST_FILE, TOLD, decode, read_shifts, write_shifts
from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.domain.changes import Change
from pager.domain.directory import Agency
from pager.domain.local_time import told
from pager.domain.readable import counted
from pager.domain.roster import Shift
from pager.domain.roster_lines import LineMistake, TableError
from pager.lifecycle.export_roster import export_roster
from pager.lifecycle.import_roster import Import, import_roster, preview_import
from pager.lifecycle.turn import Context, reading

TAKES_FILES = "roster_import.take"
LARGEST_BODY = 2 * LARGEST_FILE  # so that a file that is too large is told of in words
SHOWN = 200  # changes of a preview


@dataclass(frozen=True)
class ChangeRow:
    """A change as it is shown: times as they stand in files. What was there before is "" where it stays or is new."""

    kind: str
    tier: str
    stations: tuple[str, ...]
    starts: str
    ends: str
    who: str
    ends_before: str = ""
    who_before: str = ""


def let_files_in() -> None:
    """Before each request, and before its form is looked at: a form with a file may be larger than any other."""
    if request.endpoint == TAKES_FILES and request.mimetype == "multipart/form-data":
        request.max_content_length = request.max_form_memory_size = LARGEST_BODY


def create_roster_import(context: Context) -> Blueprint:
    """Return the page of importing and exporting shifts; needs `let_files_in`."""
    blueprint = Blueprint("roster_import", __name__, url_prefix="/agencies/<code>")

    @blueprint.get("/import")
    @allows(*KEEPERS)
    def show(code: str) -> Response:
        return _page(keepers_agency(context, code))

    @blueprint.post("/import")
    @allows(*KEEPERS)
    def take(code: str) -> Response:
        agency = keepers_agency(context, code)
        try:
            return _store(context, agency) if "seen" in request.form else _preview(context, agency)
        except TableError as error:
            return _page(agency, HTTPStatus.UNPROCESSABLE_ENTITY, mistakes=error.mistakes, told=TOLD)

    @blueprint.get("/shifts.csv")
    @allows(*KEEPERS)
    def export(code: str) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            text = write_shifts(export_roster(turn, agency.code), ZoneInfo(agency.timezone))
        answer = Response(text, mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{agency.code}-shifts.csv")
        return answer

    return blueprint


def _preview(context: Context, agency: Agency) -> Response:
    """Show what a file would change. Raises TableError."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        raise TableError([LineMistake(0, "", "has not been chosen; choose a CSV file first")])
    text = decode(chosen.stream.read(LARGEST_FILE + 1))
    return _preview_page(agency, text, preview_import(context, agency.code, read_shifts(text)))


def _store(context: Context, agency: Agency) -> Response:
    """Store what was looked at, or show it again where it would change something else by now. Raises TableError."""
    text, seen = request.form.get("text", ""), request.form["seen"]
    found = import_roster(context, agency.code, read_shifts(text), current_user().email, seen=seen)
    if not found.is_stored:
        return _preview_page(agency, text, found, HTTPStatus.CONFLICT)
    flash(f"{counted(len(found.changes), 'change')} imported.")
    return redirect(url_for("roster.show", code=agency.code), HTTPStatus.SEE_OTHER)


def _preview_page(agency: Agency, text: str, found: Import, status: int = HTTPStatus.OK) -> Response:
    zone = ZoneInfo(agency.timezone)
    rows = list(_rows(found.changes[:SHOWN], zone))
    return _page(agency, status, found=found, text=text, rows=rows, is_changed=status == HTTPStatus.CONFLICT)


def _page(agency: Agency, status: int = HTTPStatus.OK, **more: object) -> Response:
    return make_response(render_template("roster/import.html", agency=agency, **more), status)


def _rows(changes: tuple[Change, ...], zone: ZoneInfo) -> Iterator[ChangeRow]:
    for change in changes:
        new, old = change.new, change.old
        if isinstance(new, Shift):  # always so: a table has nothing else
            starts, ends = told(new.starts, new.start_at, zone), told(new.ends, new.end_at, zone)
            row = (change.kind.value, new.tier.value, tuple(sorted(new.stations)), starts, ends, new.responder)
            yield ChangeRow(*row, *_before(old, new, zone)) if isinstance(old, Shift) else ChangeRow(*row)


def _before(old: Shift, new: Shift, zone: ZoneInfo) -> tuple[str, str]:
    ends = told(old.ends, old.end_at, zone) if old.end_at != new.end_at else ""
    return ends, old.responder if old.responder != new.responder else ""
