"""A policy: which agencies a station pages, each one's ladder, and what is owed afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pager.domain.directory import Channel

DEFAULT_POLICY = "first-responder"


class Audience(StrEnum):
    """Whom a rung pages: one tier; everyone on call; or all hands, every active responder.

    The last two include the agency's duty phone.
    """

    PRIMARY = "primary"
    BACKUP = "backup"
    SUPERVISOR = "supervisor"
    EVERYONE = "everyone"
    ALL_HANDS = "all_hands"


@dataclass(frozen=True)
class Rung:
    """One step of a ladder; `at` counts from the page's opening."""

    at: timedelta
    page: Audience
    by: tuple[Channel, ...]
    alert_dispatcher: bool = False


@dataclass(frozen=True)
class Repeat:
    """How the last rung is repeated: `every` so long while the window is open, `after_window` past it."""

    every: timedelta
    after_window: timedelta


@dataclass(frozen=True)
class AgencyPlan:
    """What a policy says of one agency. `travel` is how long it usually needs to get there, None when unknown."""

    agency: str
    ladder: tuple[Rung, ...]
    travel: timedelta | None = None
    may_be_left_out: bool = False


@dataclass(frozen=True)
class Acknowledgement:
    """What follows an acknowledgement: when the ETA is asked for, and how long after it the arrival is."""

    ask_eta_after: timedelta
    check_in: timedelta


@dataclass(frozen=True)
class FollowUpPlan:
    """A service owed by `agency` within `within` of the opening; `remind` counts from the opening too."""

    name: str
    title: str
    agency: str
    within: timedelta
    remind: tuple[timedelta, ...] = ()


@dataclass(frozen=True)
class Policy:
    """An escalation policy, complete: what its file left out has been filled in."""

    name: str
    title: str
    window: timedelta
    agencies: tuple[AgencyPlan, ...]
    repeat: Repeat
    acknowledgement: Acknowledgement
    follow_ups: tuple[FollowUpPlan, ...] = ()

    def plan(self, agency: str) -> AgencyPlan:
        """Return what is planned for `agency`; raises KeyError where the policy does not name it."""
        for plan in self.agencies:
            if plan.agency == agency:
                return plan
        raise KeyError(agency)


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = timedelta(days=366)


def parse_duration(text: str) -> timedelta:
    """Read `0s`, `90s`, `15m`, `72h` or `7d`, up to a year; raises ValueError otherwise."""
    match = re.fullmatch(r"([0-9]{1,8})([smhd])", text)
    if match is None:
        raise ValueError(f"{text} is not a duration; write it like 90s, 15m or 72h")
    duration = timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    if duration > _LONGEST:
        raise ValueError(f"{text} is longer than a year")
    return duration


def format_duration(duration: timedelta) -> str:
    """Write a duration as `parse_duration` reads it, in the largest unit up to hours that is exact."""
    seconds = int(duration.total_seconds())
    for unit in ("h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def to_document(policy: Policy) -> dict[str, Any]:
    """Return the policy as plain JSON types, complete: what a page keeps for as long as it lives."""
    return {
        "policy": policy.name,
        "title": policy.title,
        "window": format_duration(policy.window),
        "agencies": [_plan_to_document(plan) for plan in policy.agencies],
        "repeat": {
            "every": format_duration(policy.repeat.every),
            "after_window": format_duration(policy.repeat.after_window),
        },
        "acknowledgement": {
            "ask_eta_after": format_duration(policy.acknowledgement.ask_eta_after),
            "check_in": format_duration(policy.acknowledgement.check_in),
        },
        "follow_ups": [
            {
                "name": follow_up.name,
                "title": follow_up.title,
                "agency": follow_up.agency,
                "within": format_duration(follow_up.within),
                "remind": [format_duration(after) for after in follow_up.remind],
            }
            for follow_up in policy.follow_ups
        ],
    }


def from_document(document: dict[str, Any]) -> Policy:
    """Return the policy that `to_document` wrote."""
    return Policy(
        name=document["policy"],
        title=document["title"],
        window=parse_duration(document["window"]),
        agencies=tuple(_plan_from_document(plan) for plan in document["agencies"]),
        repeat=Repeat(
            every=parse_duration(document["repeat"]["every"]),
            after_window=parse_duration(document["repeat"]["after_window"]),
        ),
        acknowledgement=Acknowledgement(
            ask_eta_after=parse_duration(document["acknowledgement"]["ask_eta_after"]),
            check_in=parse_duration(document["acknowledgement"]["check_in"]),
        ),
        follow_ups=tuple(
            FollowUpPlan(
                name=follow_up["name"],
                title=follow_up["title"],
                agency=follow_up["agency"],
                within=parse_duration(follow_up["within"]),
                remind=tuple(parse_duration(after) for after in follow_up["remind"]),
            )
            for follow_up in document["follow_ups"]
        ),
    )


def _plan_to_document(plan: AgencyPlan) -> dict[str, Any]:
    return {
        "agency": plan.agency,
        "travel": None if plan.travel is None else format_duration(plan.travel),
        "may_be_left_out": plan.may_be_left_out,
        "ladder": [
            {
                "at": format_duration(rung.at),
                "page": rung.page.value,
                "by": [channel.value for channel in rung.by],
                "alert_dispatcher": rung.alert_dispatcher,
            }
            for rung in plan.ladder
        ],
    }


def _plan_from_document(plan: dict[str, Any]) -> AgencyPlan:
    return AgencyPlan(
        agency=plan["agency"],
        travel=None if plan["travel"] is None else parse_duration(plan["travel"]),
        may_be_left_out=plan["may_be_left_out"],
        ladder=tuple(
            Rung(
                at=parse_duration(rung["at"]),
                page=Audience(rung["page"]),
                by=tuple(Channel(channel) for channel in rung["by"]),
                alert_dispatcher=rung["alert_dispatcher"],
            )
            for rung in plan["ladder"]
        ),
    )
