"""Draws a policy as a timeline in plain text, for whoever has to judge it before it pages people."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.directory import Channel
from pager.domain.policy import AgencyPlan, FollowUpPlan, Policy, Rung, format_duration

_MINUTE = timedelta(minutes=1)
_CHANNELS = {Channel.SMS: "SMS", Channel.VOICE: "call"}


def draw(policy: Policy) -> str:
    """Return the policy as lines of text: a timeline for each ladder that differs, and what follows."""
    parts = [f"{policy.name}: {policy.title}"]
    for plans in _alike(policy):
        parts.append("\n".join([_heading(plans), *_timeline(policy, plans[0])]))
    parts.append("\n".join(_after_an_acknowledgement(policy)))
    if policy.follow_ups:
        parts.append("\n".join(["follow-ups", *(_follow_up(follow_up) for follow_up in policy.follow_ups)]))
    return "\n\n".join(parts) + "\n"


def _alike(policy: Policy) -> list[list[AgencyPlan]]:
    """Group the agencies whose timelines are the same."""
    groups: dict[tuple[tuple[Rung, ...], timedelta | None], list[AgencyPlan]] = {}
    for plan in policy.agencies:
        groups.setdefault((plan.ladder, plan.travel), []).append(plan)
    return list(groups.values())


def _heading(plans: list[AgencyPlan]) -> str:
    return ", ".join(plan.agency + (" (may be left out)" if plan.may_be_left_out else "") for plan in plans)


def _timeline(policy: Policy, plan: AgencyPlan) -> list[str]:
    """Return the rungs, the first repeat and the moments of the window, in the order in which they come."""
    moments = [(rung.at, _rung(rung)) for rung in plan.ladder]
    last, every = plan.ladder[-1], policy.repeat.every
    again = f"{_whom(last)} again, and every {format_duration(every)} until somebody answers"
    moments.append((last.at + every, again))
    if plan.travel is not None:
        short = f"less than the {format_duration(plan.travel)} of travel is left: everyone is paged at once"
        moments.append((max(policy.window - plan.travel, timedelta(0)), short))
    late = f"the window closes: late if not on scene; repeats every {format_duration(policy.repeat.after_window)}"
    moments.append((policy.window, late))
    return [_moment(at, text) for at, text in sorted(moments, key=lambda moment: moment[0])]


def _rung(rung: Rung) -> str:
    by = " and ".join(_CHANNELS[channel] for channel in rung.by)
    alert = "; the dispatcher is alerted" if rung.alert_dispatcher else ""
    return f"{_whom(rung):<10}  {by}{alert}"


def _whom(rung: Rung) -> str:
    return rung.page.value.replace("_", " ")


def _after_an_acknowledgement(policy: Policy) -> list[str]:
    check_in = format_duration(policy.acknowledgement.check_in)
    return [
        "after an acknowledgement",
        _moment(policy.acknowledgement.ask_eta_after, "without an ETA: asked for one, once"),
        _moment(
            policy.acknowledgement.check_in,
            f"past the ETA and not on scene: asked; without an answer in another {check_in} the page starts over",
        ),
    ]


def _follow_up(follow_up: FollowUpPlan) -> str:
    remind = ", ".join(format_duration(after) for after in follow_up.remind)
    reminders = f", reminded at {remind}" if remind else ""
    return _moment(follow_up.within, f"{follow_up.name} ({follow_up.title}): {follow_up.agency}{reminders}")


def _moment(at: timedelta, text: str) -> str:
    is_in_minutes = at < timedelta(hours=3) and not at % _MINUTE
    return f"{f'{at // _MINUTE}m' if is_in_minutes else format_duration(at):>7} | {text}"
