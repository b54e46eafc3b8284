"""Keep the stations: add, change, deactivate and reactivate them. None is ever deleted: encounters name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pager.domain.audit import fingerprint
from pager.domain.changes import change_to
from pager.domain.directory import Station
from pager.domain.encounter import EncounterState
from pager.domain.written import DraftError, Mistake, read_code, read_day, read_field, read_line
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.turn import Context, Turn, writing

# How many open encounters are named where a station is to go.
MOST_NAMED = 10


@dataclass(frozen=True)
class StationDraft:
    """A station as it was written; without `short` messages say its name. `live_since` is a day like 2026-01-31."""

    name: str
    short: str = ""
    policy: str = ""
    live_since: str = ""


class StillOpenError(Exception):
    """A station has open encounters, `references` being some of them, and that it goes was not confirmed."""

    def __init__(self, references: Sequence[str]) -> None:
        super().__init__("encounters are open")
        self.references = references


def seen(station: Station) -> str:
    """Return a text that is another one as soon as something about a station is."""
    return fingerprint(station)


def add_station(context: Context, code: str, draft: StationDraft, by: str) -> Station:
    """Add a station. Raises DraftError."""
    taken = DraftError([Mistake("code", f"there is a station {code} already")])
    try:
        with writing(context) as turn:
            turn.work.directory.lock_agencies()
            mistakes: list[Mistake] = []
            read_field("code", read_code, code, mistakes)
            new = _read_station(turn, draft, Station(code, "", "", ""), mistakes)
            if turn.work.directory.find_station(code) is not None:
                raise taken
            change_directory(turn, [change_to(None, new)], by)
            return new
    except StoreConflictError:
        raise taken from None


def change_station(context: Context, code: str, draft: StationDraft, by: str, *, as_seen: str) -> Station:
    """Change a station that is still as it was seen. Open encounters keep their policy.

    Raises DraftError, ChangedMeanwhileError; KeyError for no such station.
    """
    with writing(context) as turn:
        old = _lock(turn, code)
        if seen(old) != as_seen:
            raise ChangedMeanwhileError
        new = _read_station(turn, draft, old, [])
        if new != old:
            change_directory(turn, [change_to(old, new)], by)
        return new


def deactivate_station(context: Context, code: str, by: str, *, is_confirmed: bool) -> Station:
    """Let a station open encounters no more; those that are open go on.

    Raises StillOpenError where some are and it is not confirmed that it goes; KeyError.
    """
    with writing(context) as turn:
        old = _lock(turn, code)
        if not old.is_active:
            return old
        references = _open(turn, code)
        if references and not is_confirmed:
            raise StillOpenError(references)
        change_directory(turn, [change_to(old, replace(old, is_active=False))], by)
        return old


def reactivate_station(context: Context, code: str, by: str) -> Station:
    """Let a station open encounters again. Raises KeyError."""
    with writing(context) as turn:
        old = _lock(turn, code)
        if not old.is_active:
            change_directory(turn, [change_to(old, replace(old, is_active=True))], by)
        return old


def _lock(turn: Turn, code: str) -> Station:
    turn.work.directory.lock_agencies()
    found = turn.work.directory.find_station(code)
    if found is None:
        raise KeyError(code)
    return found


def _open(turn: Turn, code: str) -> Sequence[str]:
    listed = turn.work.encounters.listing(state=EncounterState.OPEN, stations=(code,), before=None, limit=MOST_NAMED)
    return [one.reference for one in listed]


def _read_station(turn: Turn, draft: StationDraft, old: Station, mistakes: list[Mistake]) -> Station:
    """Return `old` as the draft wants it to be. Raises DraftError with every mistake."""
    name = read_field("name", read_line, draft.name, mistakes)
    short = read_field("short", read_line, draft.short, mistakes) if draft.short.strip() else name
    since = draft.live_since.strip()
    live_since = read_field("live_since", read_day, since, mistakes) if since else None
    if draft.policy not in turn.context.policies.names():
        mistakes.append(Mistake("policy", "choose one of the policies that there are"))
    if mistakes:
        raise DraftError(mistakes)
    return replace(old, name=name or "", short=short or "", policy=draft.policy, live_since=live_since)
