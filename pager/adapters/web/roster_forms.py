"""The forms by which people are put on call: a shift or an override, and a rotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import FieldList, HiddenField, IntegerField, SelectChoice, ValidationError
from wtforms.validators import InputRequired

from pager.adapters.web.form_fields import LocalTimeField, OneOfField, StationsField
from pager.domain.audit import fingerprint
from pager.domain.directory import Agency, Responder
from pager.domain.draft import Draft
from pager.domain.local_time import Which, instant, is_ambiguous, shown
from pager.domain.roster import EntryKind, Shift, Tier
from pager.domain.rotation import Rotation
from pager.domain.rotation_draft import RotationDraft
from pager.lifecycle.turn import Turn

NOBODY = ""
KINDS = ((EntryKind.SHIFT, "Shift"), (EntryKind.OVERRIDE, "Override: wins over shifts and rotations"))
WHICH = (("", "Choose"), (str(Which.FIRST.value), "the first"), (str(Which.SECOND.value), "the second, an hour later"))
UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "weeks": timedelta(weeks=1)}
MORE_PLACES = 3


class PlaceForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What a shift and a rotation have in common. `seen` is what was shown of the entry that is changed."""

    tier = OneOfField("Tier", choices=[SelectChoice(tier.value, tier.value.capitalize()) for tier in Tier])
    start = LocalTimeField("From")
    end = LocalTimeField("Until")
    stations = StationsField("Stations")
    seen = HiddenField()


class EntryForm(PlaceForm):
    """A shift or an override. Which one is meant of a time that comes twice is asked where it does."""

    kind = OneOfField("Kind", choices=[SelectChoice(kind.value, words) for kind, words in KINDS])
    responder = OneOfField("Who", [InputRequired("Choose who is on call.")])
    start_which = OneOfField("Which one is meant?", default="", choices=[SelectChoice(*which) for which in WHICH])
    end_which = OneOfField("Which one is meant?", default="", choices=[SelectChoice(*which) for which in WHICH])

    def draft(self) -> Draft:
        """Return what was written."""
        return Draft(
            self.tier.data or "",
            self.responder.data or "",
            self.start.data or "",
            self.end.data or "",
            tuple(self.stations.data or ()),
            _which(self.start_which.data),
            _which(self.end_which.data),
        )

    def twice(self, zone: ZoneInfo) -> dict[str, bool]:
        """Tell of each time whether it comes twice, so that which one is meant must be asked."""
        return {"start": _comes_twice(self.start.data, zone), "end": _comes_twice(self.end.data, zone)}


class RotationForm(PlaceForm):
    """People who take turns: a choice for each place, empty ones left out."""

    responders = FieldList(OneOfField("Who"), "In this order")
    every = IntegerField("Each for")
    unit = OneOfField("Unit", choices=[SelectChoice(unit, unit) for unit in UNITS])

    def validate_every(self, field: IntegerField) -> None:
        if field.data is None or not 1 <= field.data <= 366 * 24:
            field.errors = []  # the library's own words say less
            raise ValidationError("Write a whole number, like 7.")

    def draft(self) -> RotationDraft:
        """Return what was written; the form must be valid."""
        return RotationDraft(
            self.tier.data or "",
            tuple(place.data for place in self.responders if place.data),
            self.start.data or "",
            self.every.data * UNITS[self.unit.data],
            self.end.data or "",
            tuple(self.stations.data or ()),
        )


def entry_form(
    turn: Turn, agency: Agency, entry: Shift | None = None, *, proposed: Mapping[str, object] | None = None
) -> EntryForm:
    """Return a form that holds an entry as it is, or what is proposed for a new one."""
    form = EntryForm(data=proposed if entry is None else _of_shift(entry, ZoneInfo(agency.timezone)))
    _offer(form, turn)
    chosen = None if entry is None else entry.responder
    form.responder.choices = [SelectChoice(NOBODY, "Choose"), *_people(turn, agency, [chosen] if chosen else [])]
    return form


def rotation_form(
    turn: Turn, agency: Agency, rotation: Rotation | None = None, *, proposed: Mapping[str, object] | None = None
) -> RotationForm:
    """Return a form that holds a rotation as it is, or what is proposed for a new one, with places left free."""
    form = RotationForm(data=proposed if rotation is None else _of_rotation(rotation))
    _offer(form, turn)
    while len(form.responders) < (len(rotation.responders) if rotation else 0) + MORE_PLACES:
        form.responders.append_entry(NOBODY)
    people = _people(turn, agency, rotation.responders if rotation else ())
    for place in form.responders:
        place.choices = [SelectChoice(NOBODY, "Nobody"), *people]
    return form


def _offer(form: PlaceForm, turn: Turn) -> None:
    stations = [one for one in turn.work.directory.stations() if one.is_active]
    form.stations.choices = [SelectChoice(one.code, one.short) for one in stations]


def _people(turn: Turn, agency: Agency, chosen: Sequence[str]) -> list[SelectChoice]:
    """Return whom the agency can put on call, and who was chosen before."""
    theirs = [one for one in turn.work.directory.responders() if one.agency == agency.code and not one.is_duty]
    today = turn.now.astimezone(ZoneInfo(agency.timezone)).date()
    return [SelectChoice(one.id, _told(one, today)) for one in theirs if one.is_active or one.id in chosen]


def _told(person: Responder, today: date) -> str:
    said = [person.name]
    if person.trained_until is not None and person.trained_until < today:
        said.append(f"training ended {person.trained_until}")
    if not person.is_active:
        said.append("deactivated")
    return ", ".join(said)


def _of_shift(entry: Shift, zone: ZoneInfo) -> dict[str, object]:
    return {
        "kind": entry.kind.value,
        "tier": entry.tier.value,
        "responder": entry.responder,
        "start": shown(entry.starts),
        "end": shown(entry.ends),
        "start_which": _which_of(entry.starts, entry.start_at, zone),
        "end_which": _which_of(entry.ends, entry.end_at, zone),
        "stations": sorted(entry.stations),
        "seen": fingerprint(entry),
    }


def _of_rotation(rotation: Rotation) -> dict[str, object]:
    unit = next(unit for unit, length in reversed(UNITS.items()) if not rotation.every % length)
    return {
        "tier": rotation.tier.value,
        "responders": list(rotation.responders),
        "start": shown(rotation.starts),
        "end": "" if rotation.ends is None else shown(rotation.ends),
        "every": rotation.every // UNITS[unit],
        "unit": unit,
        "stations": sorted(rotation.stations),
        "seen": fingerprint(rotation),
    }


def _which_of(local: datetime, at: datetime, zone: ZoneInfo) -> str:
    if not is_ambiguous(local, zone):
        return ""
    return str((Which.FIRST if at == instant(local, zone) else Which.SECOND).value)


def _which(text: str | None) -> Which | None:
    return Which(int(text)) if text else None


def _comes_twice(text: str | None, zone: ZoneInfo) -> bool:
    try:
        local = datetime.fromisoformat(text or "")
        return local.tzinfo is None and is_ambiguous(local, zone)
    except (ValueError, OverflowError):
        return False
