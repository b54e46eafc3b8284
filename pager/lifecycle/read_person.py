"""Read what an administrator writes about somebody of their agency, and tell all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pager.domain.changes import with_what_is_known
from pager.domain.directory import Agency, Responder
from pager.domain.local_time import instant
from pager.domain.written import DraftError, Mistake, read_day, read_field, read_line
from pager.lifecycle.turn import Turn

CONSENT_WAYS = ("in writing", "on a form", "by telephone", "by replying")
# A day of consent is kept as its noon: an hour that every day has, in every zone.
_NOON = time(12)


@dataclass(frozen=True)
class PersonDraft:
    """Somebody as they were written: telephone numbers as people write them, days like 2026-01-31.

    What is empty is not known; without `voice` they are called at `sms`, and consent without a day is of today.
    """

    name: str
    sms: str = ""
    voice: str = ""
    trained_until: str = ""
    consented_on: str = ""
    consent_how: str = ""


def read_person(turn: Turn, agency: Agency, draft: PersonDraft, old: Responder) -> Responder:
    """Return `old` as the draft wants them to be. Raises DraftError with every mistake.

    The numbers of somebody deactivated may be another's by now: they are checked when they come back.
    """
    found = _Reading(turn, agency, old, [])
    name = read_field("name", read_line, draft.name, found.mistakes)
    sms, voice = found.number("sms", draft.sms), found.number("voice", draft.voice)
    trained_until = found.day("trained_until", draft.trained_until)
    consent = found.consent(draft)
    if not draft.sms.strip() and not draft.voice.strip():
        found.refuse("sms", "write at least one number: here, or below where they are only called")
    if found.mistakes:
        raise DraftError(found.mistakes)
    new = replace(old, name=name or "", sms=sms, voice=voice or sms, trained_until=trained_until)
    consented_at, consent_how = consent
    return replace(with_what_is_known(new, old), consented_at=consented_at, consent_how=consent_how)


def check_free(turn: Turn, person: Responder) -> None:
    """Raise DraftError where a number of somebody who comes back is another's by now."""
    found = _Reading(turn, turn.work.directory.agency(person.agency), replace(person, is_active=True), [])
    for field, number in (("sms", person.sms), ("voice", person.voice)):
        if number and not found.is_free(field, number):
            break  # mostly both are the same
    if found.mistakes:
        raise DraftError(found.mistakes)


def read_duty_phone(turn: Turn, agency: Agency, text: str) -> str | None:
    """Return a duty phone's number, None for none. Raises DraftError."""
    duty = Responder(agency.duty_id, agency.code, agency.short, None, None, is_duty=True)
    found = _Reading(turn, agency, duty, [])
    number = found.number("number", text)
    if found.mistakes:
        raise DraftError(found.mistakes)
    return number


def consent_day(person: Responder, agency: Agency) -> date | None:
    """Return the agency's day on which somebody consented."""
    at = person.consented_at
    return None if at is None else at.astimezone(ZoneInfo(agency.timezone)).date()


@dataclass(frozen=True)
class _Reading:
    """A draft of `old` being read, and what was wrong so far."""

    turn: Turn
    agency: Agency
    old: Responder
    mistakes: list[Mistake]

    def refuse(self, field: str, text: str) -> None:
        self.mistakes.append(Mistake(field, text))

    def day(self, field: str, text: str) -> date | None:
        return read_field(field, read_day, text.strip(), self.mistakes) if text.strip() else None

    def number(self, field: str, text: str) -> str | None:
        """Return a number in E.164, unless it is unreadable or somebody else's."""
        if not text.strip():
            return None
        number = self.turn.context.read_number(text)
        if number is None or number.extension:
            self.refuse(field, "this is no telephone number; write it like 213-555-0100, without an extension")
        elif self.is_free(field, number.e164):
            return number.e164
        return None

    def is_free(self, field: str, number: str) -> bool:
        """Tell whether nobody else holds a number; who has left holds none."""
        if not self.old.is_active:
            return True
        for one in self.turn.work.directory.responders_with(number):
            if one.is_active and one.id != self.old.id:
                self.refuse(field, f"{_whose(one, self.agency)} already; a number belongs to one only")
                return False
        return True

    def consent(self, draft: PersonDraft) -> tuple[datetime | None, str | None]:
        """Return when and how they consented; today where no day is given, as before where nothing differs."""
        how, zone = draft.consent_how.strip(), ZoneInfo(self.agency.timezone)
        today = self.turn.now.astimezone(zone).date()
        day = self.day("consented_on", draft.consented_on) or (today if how else None)
        if how and how not in (*CONSENT_WAYS, self.old.consent_how):
            self.refuse("consent_how", "choose one of those offered")
        if draft.consented_on.strip() and not how:
            self.refuse("consent_how", "choose how they consented")
        if day is not None and day > today:
            self.refuse("consented_on", f"{day} is still to come")
        if day is None or self.mistakes:
            return None, None
        if day == consent_day(self.old, self.agency):
            return self.old.consented_at, how
        return instant(datetime.combine(day, _NOON), zone), how


def _whose(holder: Responder, agency: Agency) -> str:
    if holder.agency != agency.code:
        return "this is a number of another agency"
    return "this is the duty phone's number" if holder.is_duty else f"this is the number of {holder.name}"
