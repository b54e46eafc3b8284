"""What purges and legal holds need from the database and the carrier, as interfaces."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from pager.domain.encounter import Encounter
from pager.domain.retention import CarrierCopy, Certificate, LegalHold, PurgedEncounter


class NotErasedError(Exception):
    """The carrier keeps its copy for now; the text is its code."""


class Erasure(Protocol):
    """Deletes what the carrier keeps. A copy that is gone already is no error.

    Raises NotErasedError, or CarrierUnavailableError where the carrier is away or takes nothing from us.
    """

    def erase(self, copy: CarrierCopy) -> None: ...


@dataclass(frozen=True)
class Strays:
    """Rows that only somebody who goes past pager can have left: the first id, or reference, of each kind.

    Events without their encounter, a purged encounter without its certificate, one that is said to be purged and is
    there.
    """

    without_encounter: int | None
    without_certificate: int | None
    still_there: str | None


class Retention(Protocol):
    """Legal holds, purges and their certificates.

    An encounter is due that ended before an instant and is under no hold; `after` is the id below the first one, and
    they come in the order of their ids. `lock_due` leaves out those that another purge has.
    """

    def add_hold(self, hold: LegalHold) -> None: ...
    def hold(self, encounter_id: int) -> LegalHold | None: ...
    def holds(self) -> Sequence[tuple[Encounter, LegalHold]]: ...
    def held(self, encounter_ids: Collection[int]) -> frozenset[int]: ...
    def due(self, ended_before: datetime, *, after: int, limit: int) -> Sequence[Encounter]: ...
    def lock_ended(self, encounter_ids: Collection[int], ended_before: datetime) -> Sequence[Encounter]: ...
    def copies(self, encounter_ids: Collection[int]) -> Mapping[int, frozenset[CarrierCopy]]: ...
    def last_certificate(self) -> Certificate | None: ...
    def purge(self, certificate: Certificate, purged: Sequence[PurgedEncounter]) -> None: ...
    def certificates(self, *, after: int, limit: int) -> Sequence[tuple[Certificate, Sequence[PurgedEncounter]]]: ...
    def strays(self) -> Strays: ...


class Shelf(Enum):
    """Where rows lie that belong to no encounter."""

    INBOX = auto()  # what came from the carrier, once it was handled
    ANSWERS = auto()  # what was sent to somebody and not for one encounter


@dataclass(frozen=True)
class Leftover:
    """A row that belongs to no encounter: its key on its shelf, when it came, and what the carrier keeps of it."""

    key: str | int
    at: datetime
    copies: frozenset[CarrierCopy]


class Leftovers(Protocol):
    """Old rows that belong to no encounter. `find` returns them in the order of their keys, those after `after`."""

    def spans(self, opened_before: datetime) -> Mapping[int, tuple[datetime, datetime | None]]: ...
    def find(self, shelf: Shelf, before: datetime, *, after: str | int | None, limit: int) -> Sequence[Leftover]: ...
    def drop(self, shelf: Shelf, keys: Collection[str | int]) -> None: ...
    def forget_links(self, expired_before: datetime) -> None: ...
