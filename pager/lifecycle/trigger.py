"""Open an encounter: one commit holds it, a page for each agency, and their first deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pager.domain.directory import Agency, Station
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp, next_reminder
from pager.domain.news import STILL_OPEN_AFTER
from pager.domain.page import Page
from pager.domain.policy import AgencyPlan, Policy
from pager.domain.reference import make_reference
from pager.domain.timeline import EventKind
from pager.domain.trigger_request import RefusedError, TriggerRequest
from pager.lifecycle.news import telling_of_time
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.paging import look_at_all
from pager.lifecycle.ports import PhoneNumber, StoreConflictError
from pager.lifecycle.turn import Context, Turn, writing

IDEMPOTENT_FOR = timedelta(hours=72)
ENGINE_IS_SILENT_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class Idempotency:
    """A key that makes the same request twice one encounter; it belongs to one API key."""

    api_key_id: int
    key: str
    body_hash: str


@dataclass(frozen=True)
class Triggered:
    """What a trigger did; `is_new` is false when its idempotency key had opened the encounter before."""

    overview: Overview
    warnings: Sequence[str]
    is_new: bool


class KeyReusedError(Exception):
    """The idempotency key was used for another body."""


def trigger(context: Context, request: TriggerRequest, idempotency: Idempotency | None = None) -> Triggered:
    """Open an encounter and page every agency that the station's policy names.

    Raises RefusedError for an unknown station or an unusable callback, KeyReusedError, StoreUnavailableError.
    """
    callback = context.read_number(request.callback)
    if callback is None:
        raise RefusedError("callback", "is not a telephone number that can be called; write it like 310-555-0100")
    try:
        return _trigger(context, request, callback, idempotency)
    except StoreConflictError:
        # The same idempotency key, or by a rare chance the same reference, at the same moment: the other was first.
        return _trigger(context, request, callback, idempotency)


def _trigger(
    context: Context, request: TriggerRequest, callback: PhoneNumber, idempotency: Idempotency | None
) -> Triggered:
    with writing(context) as turn:
        if idempotency is not None and (known := _recall(turn, idempotency)) is not None:
            return known
        station = turn.work.directory.find_station(request.station)
        if station is None or not station.is_active:
            known_codes = ", ".join(one.code for one in turn.work.directory.stations() if one.is_active)
            raise RefusedError("station", f"is unknown; known are: {known_codes or 'none, load a directory first'}")
        policy, warnings = _policy_of(context, station)
        warnings += [*request.warnings, *_warn_of_note(turn, request.note)]
        warnings += [*_warn_of_station(turn, station), *_warn_of_engine(turn)]
        plans, left_out, objections = _plans(policy, request.leave_out)
        encounter = _open(turn, request, station, callback, policy, left_out)
        _open_pages(turn, encounter, plans)
        _open_follow_ups(turn, encounter, policy)
        if idempotency is not None:
            turn.work.keys.remember(
                idempotency.api_key_id,
                idempotency.key,
                idempotency.body_hash,
                encounter.id,
                turn.now,
                since=turn.now - IDEMPOTENT_FOR,
            )
        return Triggered(overview(turn, encounter), [*warnings, *objections], is_new=True)


def _recall(turn: Turn, idempotency: Idempotency) -> Triggered | None:
    known = turn.work.keys.recall(idempotency.api_key_id, idempotency.key, turn.now - IDEMPOTENT_FOR)
    if known is None:
        return None
    body_hash, encounter_id = known
    if body_hash != idempotency.body_hash:
        raise KeyReusedError
    encounter = turn.work.encounters.get(encounter_id)
    warnings = []
    if not encounter.is_open:
        warnings.append(
            f"this encounter is {encounter.state.value}: nobody is being paged. {turn.context.fallback_text}"
        )
    return Triggered(overview(turn, encounter), warnings, is_new=False)


def _policy_of(context: Context, station: Station) -> tuple[Policy, list[str]]:
    """Return the station's policy; a missing one never refuses a page, another stands in."""
    policy = context.policies.get(station.policy)
    if policy is not None:
        return policy, []
    stand_in = context.policies.stand_in()
    return stand_in, [f"the station's policy {station.policy} is missing; {stand_in.name} was used instead"]


def _warn_of_note(turn: Turn, note: str | None) -> list[str]:
    if note is None or turn.work.timeline.keeps_words:
        return []
    return ["note left out: there is no key to encrypt it with"]


def _warn_of_station(turn: Turn, station: Station) -> list[str]:
    if station.live_since is None or turn.local(turn.now).date() >= station.live_since:
        return []
    return [f"{station.code} is not live until {station.live_since.isoformat()}; its agencies are paged all the same"]


def _warn_of_engine(turn: Turn) -> list[str]:
    beat_at = turn.work.engines.last_beat_at()
    if beat_at is not None and turn.now - beat_at <= ENGINE_IS_SILENT_AFTER:
        return []
    return [f"the paging engine is silent; the pages are kept and wait for it. {turn.context.fallback_text}"]


def _plans(policy: Policy, leave_out: Sequence[str]) -> tuple[list[AgencyPlan], list[str], list[str]]:
    """Return whom to page, who is left out, and what was not done of the wish to leave somebody out."""
    plans = {plan.agency: plan for plan in policy.agencies}
    left_out, objections = [], []
    for number, code in enumerate(leave_out):
        if code in plans and plans[code].may_be_left_out:
            left_out.append(code)
        elif code in plans:
            objections.append(f"leave_out: the policy does not let {code} be left out; it is paged")
        else:
            objections.append(f"leave_out[{number}] names no agency of the policy")
    if set(left_out) == set(plans):
        return list(plans.values()), [], [*objections, "leave_out names every agency; all of them are paged"]
    return [plan for code, plan in plans.items() if code not in left_out], list(dict.fromkeys(left_out)), objections


def _open(
    turn: Turn,
    request: TriggerRequest,
    station: Station,
    callback: PhoneNumber,
    policy: Policy,
    left_out: list[str],
) -> Encounter:
    encounter = Encounter(
        reference=_new_reference(turn),
        station=station.code,
        callback=callback.e164,
        extension=callback.extension,
        is_drill=request.is_drill,
        opened_at=turn.now,
        respond_by=turn.now + policy.window,
        policy=policy.name,
        policy_digest=turn.work.encounters.keep_policy(policy),
        left_out=left_out,
        updates=request.updates,
        ask_open_at=turn.now + policy.window + STILL_OPEN_AFTER,
    )
    turn.work.encounters.add(encounter)
    turn.work.timeline.append(
        encounter,
        turn.now,
        EventKind.OPENED,
        f"opened at {station.code} by policy {policy.name}" + (", a drill" if request.is_drill else ""),
        data={"station": station.code, "policy": policy.name, "drill": request.is_drill, "left_out": left_out},
        words=request.note,
    )
    return encounter


def _new_reference(turn: Turn) -> str:
    while True:
        reference = make_reference(turn.context.choose)
        if turn.work.encounters.find(reference) is None:
            return reference


def _open_pages(turn: Turn, encounter: Encounter, plans: Sequence[AgencyPlan]) -> None:
    turn.work.directory.agencies()  # all by one query
    for plan in plans:
        _ensure_agency(turn, plan.agency)
    pages = [Page(encounter.id, plan.agency, rung_at=turn.now, due_at=turn.now) for plan in plans]
    # All of them first: an alert that one of them raises names every agency that waits.
    turn.work.encounters.add_pages(pages)
    with telling_of_time(turn, encounter, pages):
        look_at_all(turn, encounter, pages, are_new=True)


def _ensure_agency(turn: Turn, code: str) -> None:
    """An agency that the policy names and nobody loaded has a page all the same: it reaches nobody, and says so."""
    if turn.work.directory.find_agency(code) is None:
        zone = turn.context.zone.key
        turn.work.directory.add(Agency(code, name=code, short=code.upper(), spoken=code, timezone=zone))
        turn.work.flush()


def _open_follow_ups(turn: Turn, encounter: Encounter, policy: Policy) -> None:
    for plan in policy.follow_ups:
        _ensure_agency(turn, plan.agency)
        due_at: datetime = encounter.opened_at + plan.within
        remind_at = next_reminder(plan, encounter.opened_at, turn.now)
        turn.work.encounters.add_follow_up(
            FollowUp(encounter.id, plan.name, plan.title, plan.agency, due_at, remind_at=remind_at)
        )
    turn.work.flush()
