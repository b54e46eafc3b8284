"""The directory as a whole: all that is known of it, and what a directory file wants it to be."""

from __future__ import annotations

from dataclasses import dataclass

from pager.domain.directory import Agency, Responder, Station
from pager.domain.roster import Shift
from pager.domain.rotation import Rotation


@dataclass(frozen=True)
class Directory:
    """All agencies, stations, responders (duty phones and deactivated ones too), shifts, overrides and rotations."""

    agencies: tuple[Agency, ...] = ()
    stations: tuple[Station, ...] = ()
    responders: tuple[Responder, ...] = ()
    shifts: tuple[Shift, ...] = ()
    rotations: tuple[Rotation, ...] = ()


@dataclass(frozen=True)
class DirectoryFile:
    """What a directory file names, complete with what it left out; `warnings` name file, line and field.

    Duty phones are not among `responders`: they follow from the agencies, see `duty_responder`.
    """

    agencies: tuple[Agency, ...] = ()
    stations: tuple[Station, ...] = ()
    responders: tuple[Responder, ...] = ()
    shifts: tuple[Shift, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def named_responders(self) -> frozenset[str]:
        """The ids that the file names, be it in a shift or a rotation alone."""
        turning = {responder for rotation in self.rotations for responder in rotation.responders}
        return frozenset(one.id for one in self.responders) | {shift.responder for shift in self.shifts} | turning

    @property
    def named_stations(self) -> frozenset[str]:
        """The codes of the stations that the file names, be it in a shift or a rotation alone."""
        served = [*(shift.stations for shift in self.shifts), *(rotation.stations for rotation in self.rotations)]
        return frozenset(station.code for station in self.stations).union(*served)


def duty_responder(agency: Agency) -> Responder | None:
    """Return the responder that the agency's duty phone acts as, None where it has none."""
    if agency.duty_phone is None:
        return None
    return Responder(
        id=agency.duty_id,
        agency=agency.code,
        name=f"{agency.short} duty phone",
        sms=agency.duty_phone,
        voice=agency.duty_phone,
        is_duty=True,
    )
