"""What the pages of shifts, overrides and rotations have in common: made, changed and taken off in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.mistakes import tell
from pager.adapters.web.roster_forms import EntryForm, RotationForm
from pager.adapters.web.roster_said import last_change, said_of_gaps
from pager.domain.audit import fingerprint
from pager.domain.directory import Agency
from pager.domain.roster import Shift
from pager.domain.rotation import Rotation
from pager.domain.written import DraftError
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.turn import Context, Turn, reading

ONE = f"/<int(max={2**63 - 1}):entry_id>"

Entry = TypeVar("Entry", bound=Shift | Rotation)
Form = TypeVar("Form", bound=EntryForm | RotationForm)


@dataclass(frozen=True)
class Kind(Generic[Entry, Form]):
    """A kind of entry. `put` stores what a form holds, as a new entry or in the place of one; it raises as
    `keep_roster.put_shift`. `take_off` returns whether there was something to take off. `say` says what an entry is,
    `warn_of` what is odd about it; `day_of` is the day from which the roster is shown then, None for today.
    """

    template: str
    find: Callable[[Turn, str, int], Entry | None]
    new_form: Callable[[Turn, Agency], Form]
    form_of: Callable[[Turn, Agency, Entry | None], Form]
    put: Callable[[Context, str, Form, int | None], Entry]
    take_off: Callable[..., bool]
    say: Callable[[Turn, Entry], str]
    warn_of: Callable[[Turn, Entry], Iterable[str]]
    day_of: Callable[[Entry], date | None]


def add_pages(blueprint: Blueprint, context: Context, kind: Kind[Entry, Form]) -> None:
    """Add the pages on which entries of a kind are made, changed and taken off the roster."""
    pages = _Pages(blueprint.name, context, kind)

    @blueprint.get("/new")
    @allows(*KEEPERS)
    def new(code: str) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            return pages.form_page(agency, kind.new_form(turn, agency))

    @blueprint.post("/new")
    @allows(*KEEPERS)
    def create(code: str) -> Response:
        return pages.save(keepers_agency(context, code), None)

    @blueprint.get(ONE)
    @allows(*KEEPERS)
    def show(code: str, entry_id: int) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            entry = kind.find(turn, agency.code, entry_id) or abort(HTTPStatus.NOT_FOUND)
            return pages.form_page(agency, kind.form_of(turn, agency, entry), entry)

    @blueprint.post(ONE)
    @allows(*KEEPERS)
    def change(code: str, entry_id: int) -> Response:
        return pages.save(keepers_agency(context, code), entry_id)

    @blueprint.post(f"{ONE}/remove")
    @allows(*KEEPERS)
    def remove(code: str, entry_id: int) -> Response:
        return pages.take_off(keepers_agency(context, code), entry_id)


@dataclass(frozen=True)
class _Pages(Generic[Entry, Form]):
    name: str
    context: Context
    kind: Kind[Entry, Form]

    def save(self, agency: Agency, entry_id: int | None) -> Response:
        """Store what was written, or show it again with what is wrong, or with what somebody else has made of it."""
        with reading(self.context) as turn:
            form = self.kind.form_of(turn, agency, None)
        if form.validate():
            try:
                entry = self.kind.put(self.context, agency.code, form, entry_id)
                return self._done(agency, entry, "On the roster: ")
            except DraftError as error:
                tell(form, error.mistakes)
            except ChangedMeanwhileError:
                return self._changed_meanwhile(agency, form, entry_id)
        return self.form_page(agency, form, self._find(agency, entry_id), HTTPStatus.UNPROCESSABLE_ENTITY)

    def take_off(self, agency: Agency, entry_id: int) -> Response:
        entry = self._find(agency, entry_id) or abort(HTTPStatus.NOT_FOUND)
        seen, by = request.form.get("seen", ""), current_user().email
        try:
            is_taken_off = self.kind.take_off(self.context, agency.code, entry_id, by, seen=seen)
        except ChangedMeanwhileError:
            flash("Somebody has changed this meanwhile, so it was left on the roster. This is how it is now.")
            return redirect(url_for(f"{self.name}.show", code=agency.code, entry_id=entry_id), HTTPStatus.SEE_OTHER)
        return self._done(agency, entry, "Taken off the roster: " if is_taken_off else "Over, so it stays as it was: ")

    def form_page(
        self,
        agency: Agency,
        form: Form,
        entry: Entry | None = None,
        status: int = HTTPStatus.OK,
        meanwhile: Mapping[str, str | None] | None = None,
    ) -> Response:
        page = render_template(
            self.kind.template,
            agency=agency,
            form=form,
            entry=entry,
            zone=ZoneInfo(agency.timezone),
            seen=None if entry is None else fingerprint(entry),
            meanwhile=meanwhile,
        )
        return make_response(page, status)

    def _find(self, agency: Agency, entry_id: int | None) -> Entry | None:
        with reading(self.context) as turn:
            return None if entry_id is None else self.kind.find(turn, agency.code, entry_id)

    def _changed_meanwhile(self, agency: Agency, form: Form, entry_id: int | None) -> Response:
        """Show what was written beside what is there now; saving once more puts the one in the other's place."""
        now = self._find(agency, entry_id)
        with reading(self.context) as turn:
            told = None if now is None else self.kind.say(turn, now)
            meanwhile = {"now": told, "by": last_change(turn, agency.code, now)}
        form.seen.raw_data, form.seen.data = None, "" if now is None else fingerprint(now)
        return self.form_page(agency, form, now, HTTPStatus.CONFLICT, meanwhile)

    def _done(self, agency: Agency, entry: Entry, what: str) -> Response:
        """Lead back to the roster, which says what was done, and which gaps there are now."""
        told, *more = self._said(agency, entry)
        for said in (f"{what}{told}.", *more):
            flash(said)
        address = url_for("roster.show", code=agency.code, day=self.kind.day_of(entry))
        return redirect(address, HTTPStatus.SEE_OTHER)

    def _said(self, agency: Agency, entry: Entry) -> list[str]:
        with reading(self.context) as turn:
            gaps, odd = said_of_gaps(turn, agency, entry.tier), self.kind.warn_of(turn, entry)
            return [self.kind.say(turn, entry), *gaps, *odd]
