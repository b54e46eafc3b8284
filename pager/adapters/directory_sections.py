"""What each part of a directory file may hold."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from pager.adapters.checked_file import Section
from pager.adapters.file_fields import Day, LocalTime, Number, Slug, Text, Turn, Zone
from pager.domain.policy import DEFAULT_POLICY
from pager.domain.roster import Tier


class DirectorySection(Section):
    """The file's own keys; each is a list, read item by item, and may be empty."""

    allows_blanks: ClassVar[bool] = True
    agencies: Any = None
    stations: Any = None
    responders: Any = None
    shifts: Any = None
    rotations: Any = None


class AgencySection(Section):
    """An item of `agencies`."""

    code: Slug = Field(examples=["dcfs"])
    name: Text = Field(examples=["Department of Children and Family Services"])
    short: Text | None = None
    spoken: Text | None = None
    timezone: Zone | None = None
    duty_phone: Number | None = None


class StationSection(Section):
    """An item of `stations`."""

    code: Slug = Field(examples=["compton"])
    name: Text = Field(examples=["LASD Compton Station"])
    short: Text | None = None
    policy: Slug = DEFAULT_POLICY
    live_since: Day | None = None


class ResponderSection(Section):
    """An item of `responders`."""

    id: Slug = Field(examples=["dcfs-ana"])
    agency: Slug = Field(examples=["dcfs"])
    name: Text = Field(examples=["Ana Ruiz"])
    sms: Number | None = None
    voice: Number | None = None
    trained_until: Day | None = None


class ShiftSection(Section):
    """An item of `shifts`; times are the agency's local time."""

    agency: Slug = Field(examples=["dcfs"])
    tier: Tier = Field(examples=["primary"])
    responder: Slug = Field(examples=["dcfs-ana"])
    start: LocalTime = Field(examples=["2026-01-01T00:00"])
    end: LocalTime = Field(examples=["2027-01-01T00:00"])
    stations: list[Slug] | None = None


class RotationSection(Section):
    """An item of `rotations`: people who take turns, from `start` on."""

    agency: Slug = Field(examples=["dcfs"])
    tier: Tier = Field(examples=["backup"])
    responders: list[Slug] = Field(examples=["[dcfs-ana, dcfs-ben]"])
    start: LocalTime = Field(examples=["2026-01-05T08:00"])
    every: Turn = Field(examples=["7d"])
    stations: list[Slug] | None = None
