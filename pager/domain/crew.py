"""Whom an agency can call for one station at one instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pager.domain.directory import Channel
from pager.domain.policy import Audience
from pager.domain.roster import Tier


@dataclass(frozen=True)
class Person:
    """A responder, or a duty phone, with the channels that work for them now."""

    id: str
    channels: frozenset[Channel]
    is_duty: bool = False

    def reached_by(self, wanted: tuple[Channel, ...]) -> tuple[Channel, ...]:
        """Return the channels to use when a rung wants `wanted`; empty when none works.

        Where none of the wanted ones works, any that does. A duty phone is always called, and written to only where
        the rung says so (INTERFACE "Directory file").
        """
        if self.is_duty:
            wanted = tuple(dict.fromkeys((*wanted, Channel.VOICE)))
        usable = tuple(channel for channel in wanted if channel in self.channels)
        return usable or tuple(channel for channel in Channel if channel in self.channels)


@dataclass(frozen=True)
class Crew:
    """An agency's people: who holds each tier, every active responder, and the duty phone."""

    on_call: Mapping[Tier, Person] = field(default_factory=dict)
    active: tuple[Person, ...] = ()
    duty: Person | None = None

    def audience(self, audience: Audience) -> tuple[Person, ...]:
        """Return whom a rung pages; a tier that nobody holds is empty."""
        if audience is Audience.EVERYONE:
            return tuple(dict.fromkeys((*self.on_call.values(), *self._duty())))
        if audience is Audience.ALL_HANDS:
            return tuple(dict.fromkeys((*self.active, *self._duty())))
        holder = self.on_call.get(Tier(audience.value))
        return () if holder is None else (holder,)

    def is_gap(self, audience: Audience) -> bool:
        """Tell whether a rung pages a tier that nobody holds: the duty phone is called then."""
        return audience not in (Audience.EVERYONE, Audience.ALL_HANDS) and not self.audience(audience)

    def without(self, refused: frozenset[tuple[str, Channel]]) -> Crew:
        """Return the same people without these channels of theirs."""
        if not refused:
            return self

        def lessen(person: Person) -> Person:
            kept = frozenset(channel for channel in person.channels if (person.id, channel) not in refused)
            return replace(person, channels=kept)

        return Crew(
            on_call={tier: lessen(person) for tier, person in self.on_call.items()},
            active=tuple(lessen(person) for person in self.active),
            duty=None if self.duty is None else lessen(self.duty),
        )

    def _duty(self) -> Iterator[Person]:
        if self.duty is not None:
            yield self.duty
