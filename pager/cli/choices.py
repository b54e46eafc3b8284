"""Checks what a user names against what there is."""

from __future__ import annotations

from collections.abc import Collection

import click

from pager.adapters.checked_file import did_you_mean
from pager.cli.failures import Failure
from pager.domain.directory import Agency, Station
from pager.lifecycle.ports import Work


def check_code(code: str, known: Collection[str], option: str, *, nothing: str = "load a directory first") -> None:
    """Refuse a code that is none of `known`; `option` is where it was given, e.g. `--station`.

    `nothing` says how it is when nothing is known.
    """
    if code not in known:
        there_is = f"known are {', '.join(known)}" if known else nothing
        hint = did_you_mean(code, known) or f"; {there_is}"
        raise click.BadParameter(f"{code} is unknown{hint}", param_hint=option)


def chosen_places(work: Work, agency: str | None, station: str | None) -> tuple[list[Agency], list[Station]]:
    """Return the active agencies and stations that `--agency` and `--station` leave; both are codes, or None for all.

    Raises Failure while nothing is loaded.
    """
    agencies = [one for one in work.directory.agencies() if one.is_active]
    stations = [one for one in work.directory.stations() if one.is_active]
    if not agencies or not stations:
        raise Failure(f"No {'station' if agencies else 'agency'} is loaded yet; run `pager load FILE`.")
    if agency is not None:
        check_code(agency, [one.code for one in agencies], "--agency")
        agencies = [one for one in agencies if one.code == agency]
    if station is not None:
        check_code(station, [one.code for one in stations], "--station")
        stations = [one for one in stations if one.code == station]
    return agencies, stations
