"""Reads policy files; everything that is wrong in one is refused with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import Field, StrictBool

from pager.adapters.checked_file import CheckedFile, Entry, Section
from pager.adapters.file_fields import Duration, LongDuration, Slug, Text
from pager.adapters.yaml_lines import FileError, FileProblem, Loc, load_yaml
from pager.domain.directory import Channel
from pager.domain.policy import (
    DEFAULT_POLICY,
    Acknowledgement,
    AgencyPlan,
    Audience,
    FollowUpPlan,
    Policy,
    Repeat,
    Rung,
    format_duration,
)


class _PolicySection(Section):
    """The file's own keys. What is `Any` here is a section of its own, read by itself."""

    policy: Slug = Field(examples=["first-responder"])
    title: Text = "Law Enforcement First Responder Protocol"
    window: LongDuration = timedelta(minutes=90)
    travel: Duration | None = None
    agencies: Any = Field(examples=["[{agency: dcfs}]"])
    ladder: Any = Field(examples=["[{at: 0m, page: primary, by: [sms]}]"])
    repeat: Any = None
    acknowledgement: Any = None
    follow_ups: Any = None


class _AgencySection(Section):
    agency: Slug = Field(examples=["dcfs"])
    travel: Duration | None = None
    may_be_left_out: StrictBool = False
    ladder: Any = None


class _RungSection(Section):
    at: Duration = Field(examples=["15m"])
    page: Audience = Field(examples=["primary"])
    by: list[Channel] = Field(examples=["[sms, voice]"])
    alert_dispatcher: StrictBool = False


class _RepeatSection(Section):
    every: LongDuration = timedelta(minutes=5)
    after_window: LongDuration | None = None


class _AcknowledgementSection(Section):
    ask_eta_after: Duration = timedelta(minutes=3)
    check_in: LongDuration = timedelta(minutes=10)


class _FollowUpSection(Section):
    name: Slug = Field(examples=["health_evaluation"])
    title: Text | None = None
    agency: Slug = Field(examples=["dhs"])
    within: LongDuration = timedelta(hours=72)
    remind: list[LongDuration] | None = None


_REMINDERS = tuple(timedelta(hours=hours) for hours in (24, 48, 66))


def read_policy(path: Path) -> Policy:
    """Return the policy of a file, complete with what it left out; raises FileError with everything that is wrong."""
    return _read(path)[0]


def read_policies(folder: Path) -> dict[str, Policy]:
    """Return the policies of all `*.yaml` and `*.yml` files of a folder by name.

    Raises FileError for the problems of all files, for a name that two of them use, and for a folder without any.
    """
    paths = sorted(path for path in folder.glob("[!.]*") if path.suffix in (".yaml", ".yml"))
    if not paths:
        raise FileError([FileProblem(str(folder), 0, "", "holds no policy file (*.yaml)")])
    policies: dict[str, Policy] = {}
    homes: dict[str, Path] = {}
    problems: list[FileProblem] = []
    for path in paths:
        try:
            policy, line = _read(path)
        except FileError as error:
            problems.extend(error.problems)
            continue
        if policy.name in policies:
            message = f"{policy.name} is the policy of {homes[policy.name]} already; give this one another name"
            problems.append(FileProblem(str(path), line, "policy", message))
        policies[policy.name], homes[policy.name] = policy, path
    if problems:
        raise FileError(problems)
    return policies


def _read(path: Path) -> tuple[Policy, int]:
    """Return the policy and the line of its name."""
    file = CheckedFile(load_yaml(path))
    head = file.read((), _PolicySection)
    plans = _read_plans(file, None if head is None else head.travel)
    repeat = file.read(("repeat",), _RepeatSection)
    acknowledgement = file.read(("acknowledgement",), _AcknowledgementSection)
    follow_ups = _read_follow_ups(file)
    if file.problems or head is None or repeat is None or acknowledgement is None:
        raise FileError(file.problems)
    policy = Policy(
        name=head.policy,
        title=head.title,
        window=head.window,
        agencies=plans,
        repeat=Repeat(repeat.every, repeat.after_window or repeat.every),
        acknowledgement=Acknowledgement(acknowledgement.ask_eta_after, acknowledgement.check_in),
        follow_ups=follow_ups,
    )
    return policy, file.line(("policy",))


def _read_plans(file: CheckedFile, travel: timedelta | None) -> tuple[AgencyPlan, ...]:
    ladder = _read_ladder(file, ("ladder",))
    agencies = file.read_each(("agencies",), _AgencySection)
    _refuse_empty(file, ("agencies",), "a policy pages one agency at least")
    file.refuse_repeated(((*entry.loc, "agency"), entry.value.agency) for entry in agencies)
    return tuple(
        AgencyPlan(
            agency=entry.value.agency,
            ladder=ladder if entry.value.ladder is None else _read_ladder(file, (*entry.loc, "ladder")),
            travel=travel if entry.value.travel is None else entry.value.travel,
            may_be_left_out=entry.value.may_be_left_out,
        )
        for entry in agencies
    )


def _read_ladder(file: CheckedFile, loc: Loc) -> tuple[Rung, ...]:
    rungs = file.read_each(loc, _RungSection)
    _refuse_empty(file, loc, "nobody would be paged; write one rung at least")
    above: Entry[_RungSection] | None = None
    for entry in rungs:
        at = format_duration(entry.value.at)
        if entry.loc == (*loc, 0) and entry.value.at:
            file.refuse((*entry.loc, "at"), f"the first rung should be at 0m, not {at}: until then nobody is paged")
        if above and entry.value.at < above.value.at:
            earlier = f"{format_duration(above.value.at)} in line {file.line(above.loc)}"
            file.refuse((*entry.loc, "at"), f"{at} is before the rung above it ({earlier}); put the rungs in order")
        _check_channels(file, (*entry.loc, "by"), entry.value.by)
        above = entry
    return tuple(
        Rung(entry.value.at, entry.value.page, tuple(entry.value.by), entry.value.alert_dispatcher) for entry in rungs
    )


def _check_channels(file: CheckedFile, loc: Loc, channels: list[Channel]) -> None:
    if not channels:
        file.refuse(loc, "is empty: nobody would be paged; write [sms], [voice] or [sms, voice]")
    if len(set(channels)) < len(channels):
        file.refuse(loc, "names a channel twice")


def _read_follow_ups(file: CheckedFile) -> tuple[FollowUpPlan, ...]:
    entries = file.read_each(("follow_ups",), _FollowUpSection)
    agencies = file.names(("agencies",), "agency")
    file.refuse_repeated(((*entry.loc, "name"), entry.value.name) for entry in entries)
    for entry in entries:
        follow_up = entry.value
        if follow_up.agency not in agencies:
            known = ", ".join(sorted(agencies)) or "none"
            message = f"{follow_up.agency} is not an agency of this policy ({known}); it could not be reminded"
            file.refuse((*entry.loc, "agency"), message)
        _check_reminders(file, (*entry.loc, "remind"), follow_up.remind or (), follow_up.within)
    return tuple(
        FollowUpPlan(
            name=entry.value.name,
            title=entry.value.title or entry.value.name.replace("_", " ").replace("-", " ").capitalize(),
            agency=entry.value.agency,
            within=entry.value.within,
            remind=_reminders(entry.value),
        )
        for entry in entries
    )


def _reminders(follow_up: _FollowUpSection) -> tuple[timedelta, ...]:
    if follow_up.remind is not None:
        return tuple(follow_up.remind)
    return tuple(after for after in _REMINDERS if after < follow_up.within)


def _check_reminders(file: CheckedFile, loc: Loc, remind: Iterable[timedelta], within: timedelta) -> None:
    latest = timedelta(0)
    for index, after in enumerate(remind):
        if after > within:
            limit = format_duration(within)
            file.refuse((*loc, index), f"{format_duration(after)} is past the {limit} in which the service is due")
        if after <= latest:
            file.refuse((*loc, index), f"{format_duration(after)} should be after the reminder before it")
        latest = after


def _refuse_empty(file: CheckedFile, loc: Loc, why: str) -> None:
    if file.is_empty_list(loc):
        file.refuse(loc, f"is empty: {why}")


class PolicyFolder:
    """The policies of a folder as they were when the process started; a wrong file stops the start, not a page."""

    def __init__(self, folder: Path) -> None:
        self._policies = read_policies(folder)

    def get(self, name: str) -> Policy | None:
        return self._policies.get(name)

    def names(self) -> Collection[str]:
        return self._policies.keys()

    def stand_in(self) -> Policy:
        """Return what a station uses whose own policy is not there: the default one, or any."""
        return self._policies.get(DEFAULT_POLICY) or next(iter(self._policies.values()))
