"""One unit of work at one instant: what every verb acts on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pager.clock import Clock
from pager.domain.encounter import Encounter
from pager.domain.rate import Rates
from pager.domain.readable import full_number
from pager.domain.timeline import EventKind
from pager.domain.wording import Facts
from pager.lifecycle.ports import Policies, ReadNumber, Store, Work


@dataclass(frozen=True)
class Context:
    """All that the verbs need from outside. `zone` is the one in which messages tell the time.

    `choose` picks one character of a string at random; `make_token` returns a new unguessable word.
    `by` is who acts, where it is no responder and not the engine: `key NAME`, `user 12`, a command.
    """

    store: Store
    clock: Clock
    policies: Policies
    read_number: ReadNumber
    zone: ZoneInfo
    senders: tuple[str, ...]
    rates: Rates
    alarm_to: tuple[str, ...]
    fallback_text: str
    choose: Callable[[str], str]
    make_token: Callable[[], str]
    by: str | None = None


@dataclass(frozen=True)
class Turn:
    """One unit of work, and the instant at which all of it happens."""

    context: Context
    work: Work
    now: datetime

    def facts(self, encounter: Encounter, agency_code: str) -> Facts:
        """Return what one agency's people are told of an encounter."""
        agency = self.work.directory.agency(agency_code)
        return Facts(
            reference=encounter.reference,
            agency=agency.short,
            agency_spoken=agency.spoken,
            station=self.work.directory.station(encounter.station).short,
            respond_by=self.local(encounter.respond_by),
            callback=shown_callback(encounter),
            drill=encounter.is_drill,
        )

    def note(
        self,
        encounter: Encounter,
        kind: EventKind,
        text: str,
        *,
        agency: str | None = None,
        responder: str | None = None,
        data: Mapping[str, Any] | None = None,
        words: str | None = None,
    ) -> int:
        """Put an event on the timeline of an encounter, which must be locked; return its number there.

        `data` holds plain JSON types, `words` what somebody wrote freely.
        """
        return self.work.timeline.append(
            encounter, self.now, kind, text, agency=agency, responder=responder, data=data, words=words
        )

    def local(self, at: datetime) -> datetime:
        """Return an instant in the zone in which messages tell the time."""
        return at.astimezone(self.context.zone)


@contextmanager
def writing(context: Context) -> Iterator[Turn]:
    """Begin a unit of work that writes; its instant is taken once it has its place."""
    with context.store.writing() as work:
        work.timeline.by = context.by
        yield Turn(context, work, context.clock.now())


@contextmanager
def reading(context: Context) -> Iterator[Turn]:
    """Begin a unit of work that only reads."""
    with context.store.reading() as work:
        yield Turn(context, work, context.clock.now())


@contextmanager
def glancing(context: Context) -> Iterator[Turn]:
    """Begin a unit of work that asks one thing only."""
    with context.store.glancing() as work:
        yield Turn(context, work, context.clock.now())


def shown_callback(encounter: Encounter) -> str:
    """Return the callback as it is shown: E.164, and the extension behind it."""
    return full_number(encounter.callback, encounter.extension)
