"""An encounter in which each agency fares otherwise, for its after-action page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pager.adapters.policy_files import PolicyFolder
from pager.config import ROOT
from pager.domain.policy import Policy
from pager.lifecycle.close import close
from pager.lifecycle.trigger import Triggered
from tests.people import ANA, DAN, EVA, GUS, MIA
from tests.world import World

MINUTE = timedelta(minutes=1)
NED = "+12135550142"


def policies_that_leave_out(agency: str) -> dict[str, Policy]:
    """Return the default policy, in which this agency may be left out."""
    policy = PolicyFolder(ROOT / "escalation_policies").get("first-responder")
    assert policy is not None
    plans = tuple(replace(plan, may_be_left_out=plan.agency == agency) for plan in policy.agencies)
    return {policy.name: replace(policy, agencies=plans)}


def whole_encounter(world: World, *, is_drill: bool = False) -> Triggered:
    """Drive an encounter to its end, the note being "gate two".

    dcfs comes in time; dhs lapses, and its backup comes in time; dmh is late; the advocate says NO after an ACK and the
    backup comes; probation is left out where the policy lets it be.
    """
    opened = world.trigger(leave_out=["probation"], drill=is_drill, note="gate two")
    world.pass_time(3 * MINUTE)
    for number, words in ((ANA, "ACK 25"), (DAN, "ACK 15"), (MIA, "ACK 40")):
        world.text(number, words)
    world.pass_time(9 * MINUTE)
    world.text(MIA, "NO")
    world.pass_time(8 * MINUTE)
    world.text(NED, "ACK 30")
    world.pass_time(7 * MINUTE)
    world.text(ANA, "HERE")
    world.pass_time(15 * MINUTE)  # at 38 minutes, twice ten past the ETA, Dan Lee lapses
    world.text(EVA, "ACK 20")
    world.text(NED, "HERE")
    world.pass_time(22 * MINUTE)
    world.text(EVA, "HERE")
    world.text(GUS, "ACK 35")
    world.pass_time(37 * MINUTE)
    world.text(GUS, "HERE")
    world.pass_time(4 * MINUTE)
    close(world.context, opened.overview.encounter.reference, None)
    world.settle()
    return opened
