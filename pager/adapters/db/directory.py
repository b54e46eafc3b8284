"""Agencies, stations, people and shifts; and from them whom an agency can call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pager.adapters.db import directory_tables as tables
from pager.domain.coverage import expand
from pager.domain.crew import Crew, Person
from pager.domain.directory import Agency, Responder, Station
from pager.domain.roster import Shift, on_call
from pager.domain.rotation import Rotation

Found = TypeVar("Found", Agency, Station, Responder)

_responders, _shifts, _rotations = tables.responders.c, tables.shifts.c, tables.rotations.c


class SqlDirectory:
    """The directory's tables."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # The session itself forgets what nobody holds, and would ask for it again.
        self._held: dict[tuple[type, str], object] = {}

    def _get(self, kind: type[Found], code: str) -> Found | None:
        found = self._session.get(kind, code)
        if found is not None:
            self._held[kind, code] = found
        return found

    def _get_one(self, kind: type[Found], code: str) -> Found:
        found = self._session.get_one(kind, code)
        self._held[kind, code] = found
        return found

    def agencies(self) -> Sequence[Agency]:
        found = self._session.scalars(select(Agency).order_by(tables.agencies.c.code)).all()
        self._held.update({(Agency, agency.code): agency for agency in found})
        return found

    def agency(self, code: str) -> Agency:
        if (Agency, code) not in self._held:
            self.agencies()  # there are few, and who asks for one asks for the others
        return self._get_one(Agency, code)

    def find_agency(self, code: str) -> Agency | None:
        return self._get(Agency, code)

    def stations(self) -> Sequence[Station]:
        return self._session.scalars(select(Station).order_by(tables.stations.c.code)).all()

    def station(self, code: str) -> Station:
        return self._get_one(Station, code)

    def find_station(self, code: str) -> Station | None:
        return self._get(Station, code)

    def responders(self) -> Sequence[Responder]:
        return self._session.scalars(select(Responder).order_by(_responders.id)).all()

    def responder(self, responder: str) -> Responder:
        return self._get_one(Responder, responder)

    def find_responder(self, responder: str) -> Responder | None:
        return self._get(Responder, responder)

    def responder_with(self, number: str) -> Responder | None:
        """Return whose number this is, an active responder before one who has left."""
        return self._session.scalars(
            select(Responder)
            .where(or_(_responders.sms == number, _responders.voice == number))
            .order_by(_responders.is_active.desc())
            .limit(1)
        ).one_or_none()

    def responders_with(self, number: str) -> Sequence[Responder]:
        """Return all whose number this is or was, by their ids."""
        matching = or_(_responders.sms == number, _responders.voice == number)
        return self._session.scalars(select(Responder).where(matching).order_by(_responders.id)).all()

    def lock_agencies(self, *codes: str) -> None:
        """Wait until no other unit of work has one of these locked; without codes, of all agencies.

        A lock that lets others refer to an agency meanwhile: a trigger never waits for an administrator.
        """
        query = select(tables.agencies.c.code).order_by(tables.agencies.c.code).with_for_update(key_share=True)
        self._session.execute(query.where(tables.agencies.c.code.in_(codes)) if codes else query)

    def shifts(
        self,
        agencies: Collection[str] | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[Shift]:
        """Return the shifts and overrides of some agencies, or of all, that overlap a time."""
        query = select(Shift).order_by(_shifts.start_at, _shifts.agency, _shifts.tier)
        if agencies is not None:
            query = query.where(_shifts.agency.in_(agencies))
        if since is not None:
            query = query.where(_shifts.end_at > since)
        if until is not None:
            query = query.where(_shifts.start_at < until)
        return self._session.scalars(query).all()

    def find_shift(self, shift_id: int) -> Shift | None:
        return self._session.get(Shift, shift_id)

    def find_rotation(self, rotation_id: int) -> Rotation | None:
        return self._session.get(Rotation, rotation_id)

    def rotations(self, agencies: Collection[str] | None = None) -> Sequence[Rotation]:
        """Return the rotations of some agencies, or of all."""
        query = select(Rotation).order_by(_rotations.agency, _rotations.tier, _rotations.stations)
        return self._session.scalars(query if agencies is None else query.where(_rotations.agency.in_(agencies))).all()

    def entries(self, agencies: Collection[str], since: datetime, until: datetime) -> Sequence[Shift]:
        """Return the roster entries of some agencies that overlap a time, rotations turn by turn.

        Those of deactivated people are not among them: they hold nothing.
        """
        of_active = select(_responders.id).where(_responders.agency.in_(agencies), _responders.is_active)
        active = set(self._session.scalars(of_active))
        within = self.shifts(agencies, since=since, until=until)
        found = expand(within, self.rotations(agencies), since, until)
        return [entry for entry in found if entry.responder in active]

    def crews(self, agencies: Collection[str], station: str, at: datetime) -> Mapping[str, Crew]:
        """Return for each agency whom it can call for `station` at `at`."""
        return self.crews_of_stations(agencies, [station], at)[station]

    def crews_of_stations(
        self, agencies: Collection[str], stations: Collection[str], at: datetime
    ) -> Mapping[str, Mapping[str, Crew]]:
        """Return for each station and agency whom it can call there at `at`."""
        people: dict[str, dict[str, Person]] = defaultdict(dict)
        active = select(Responder).where(_responders.agency.in_(agencies), _responders.is_active)
        for responder in self._session.scalars(active.order_by(_responders.id)):
            self._held[Responder, responder.id] = responder
            people[responder.agency][responder.id] = Person(responder.id, responder.channels, responder.is_duty)
        shifts: dict[str, list[Shift]] = defaultdict(list)
        current = select(Shift).where(_shifts.agency.in_(agencies), _shifts.start_at <= at, _shifts.end_at > at)
        turns = (rotation.turn_at(at) for rotation in self.rotations(agencies))
        for shift in (*self._session.scalars(current), *turns):
            if shift is not None and shift.responder in people[shift.agency]:
                shifts[shift.agency].append(shift)
        return {
            station: {code: _crew(people[code], shifts[code], station, at) for code in agencies} for station in stations
        }

    def add(self, entry: Agency | Station | Responder | Shift | Rotation) -> None:
        self._session.add(entry)

    def remove(self, entry: Shift | Rotation) -> None:
        self._session.delete(entry)


def _crew(people: Mapping[str, Person], shifts: Sequence[Shift], station: str, at: datetime) -> Crew:
    return Crew(
        on_call={tier: people[holder] for tier, holder in on_call(shifts, station, at).items()},
        active=tuple(person for person in people.values() if not person.is_duty),
        duty=next((person for person in people.values() if person.is_duty), None),
    )
