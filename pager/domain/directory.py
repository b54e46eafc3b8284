"""Who is who: agencies, stations and the people who can be called."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a telephone."""

    SMS = "sms"
    VOICE = "voice"

    @property
    def other(self) -> Channel:
        return Channel.VOICE if self is Channel.SMS else Channel.SMS


@dataclass
class Agency:
    """One of the agencies that must come. `name` is for screens only and is never sent."""

    code: str
    name: str
    short: str
    spoken: str
    timezone: str
    duty_phone: str | None = None
    is_active: bool = True

    @property
    def duty_id(self) -> str:
        """The responder id that the duty phone acts as."""
        return duty_responder_id(self.code)


def duty_responder_id(agency: str) -> str:
    """Return the responder id that an agency's duty phone acts as, e.g. `dcfs-duty`."""
    return f"{agency}-duty"


@dataclass
class Station:
    """A police station; its dispatcher opens encounters."""

    code: str
    name: str
    short: str
    policy: str
    live_since: date | None = None
    is_active: bool = True


@dataclass
class Responder:
    """A person of one agency who can be on call, or (`is_duty`) the agency's duty phone.

    Numbers are E.164; each is verified once a code sent to it has come back. `consented_at` is when they agreed to be
    called and written to, `consent_how` in which way; `last_reached_at` is when they last answered. A deactivated
    responder is on no roster, but an answer to an earlier page counts.
    """

    id: str
    agency: str
    name: str
    sms: str | None
    voice: str | None
    trained_until: date | None = None
    is_duty: bool = False
    is_active: bool = True
    sms_opted_out_at: datetime | None = None
    sms_verified_at: datetime | None = None
    voice_verified_at: datetime | None = None
    consented_at: datetime | None = None
    consent_how: str | None = None
    last_reached_at: datetime | None = field(default=None, compare=False)  # nobody changes it: it happens

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels on which this responder can be reached as far as the directory knows."""
        usable = set()
        if self.sms and self.sms_opted_out_at is None:
            usable.add(Channel.SMS)
        if self.voice:
            usable.add(Channel.VOICE)
        return frozenset(usable)

    def number(self, channel: Channel) -> str:
        """Return the number for `channel`; raises ValueError where there is none."""
        number = self.sms if channel is Channel.SMS else self.voice
        if not number:
            raise ValueError(f"{self.id} has no number for {channel}")
        return number
