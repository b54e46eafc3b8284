"""A county large enough for a thousand encounters: stations with people of their own in each agency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TIERS = ("primary", "backup", "supervisor")
STATIONS = [f"station-{number:02}" for number in range(24)]
# So many page two agencies each, the others one: a thousand encounters are to be no more than two processors can do.
WITH_TWO_AGENCIES = STATIONS[:4]
AGENCIES = {"dcfs": STATIONS, "advocates": WITH_TWO_AGENCIES}
LASTS = "start: 2020-01-01T00:00, end: 2060-01-01T00:00"


def callback(station: str) -> str:
    return f"+1661555{100 + STATIONS.index(station):04}"


def write_county(path: Path) -> Path:
    """Write the county's directory file and return its path."""
    path.write_text("\n".join(_lines()) + "\n")
    return path


def _lines() -> Iterator[str]:
    people = [(agency, station, tier) for agency in AGENCIES for station in AGENCIES[agency] for tier in TIERS]
    yield "agencies:"
    yield from (f"  - {{code: {agency}, name: Agency {agency}, short: {agency.upper()[:4]}}}" for agency in AGENCIES)
    yield "stations:"
    for station in STATIONS:
        policy = "two-agencies" if station in WITH_TWO_AGENCIES else "first-responder"
        yield f"  - {{code: {station}, name: {station.capitalize()}, policy: {policy}}}"
    yield "responders:"
    for number, (agency, station, tier) in enumerate(people):
        who = f"id: {agency}-{tier}-{station}, agency: {agency}, name: A Person"
        yield f'  - {{{who}, sms: "+1323555{100 + number:04}"}}'
    yield "shifts:"
    for agency, station, tier in people:
        who = f"agency: {agency}, tier: {tier}, responder: {agency}-{tier}-{station}"
        yield f"  - {{{who}, {LASTS}, stations: [{station}]}}"
