"""Whatever happens, in whatever order: no page is silent, nobody is paged twice or for nothing, no record breaks.

PAGER_TEST_EXAMPLES and PAGER_TEST_STEPS make it look longer; a counter-example reads as the steps that led to it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pager.adapters.directory_file import read_directory
from pager.adapters.policy_files import PolicyFolder
from pager.adapters.twilio.ledger import TwilioLedger
from pager.config import ROOT
from pager.domain.directory_file import DirectoryFile
from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.policy import Policy
from pager.domain.rate import Rates
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.catch_up import catch_up
from pager.lifecycle.close import cancel, close
from pager.lifecycle.correct import correct
from pager.lifecycle.load import load
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.page_now import page_now
from pager.lifecycle.report import report_acknowledgement, report_arrival, report_mistake, report_release
from pager.lifecycle.send import send
from pager.lifecycle.tick import LEASE, Beat
from pager.lifecycle.turn import Context
from pager.sandbox.faults import Asked, Fault, FaultKind
from pager.sandbox.records import Mistake
from tests.clock import START
from tests.lifecycle.test_catch_up import text_while_away
from tests.lifecycle.watch import Watch
from tests.people import ANA, BEN, CHO, DAN, DCFS_DUTY, EVA, FAY, STRANGER
from tests.world import CALLBACK, COUNTY, OURS, OURS_TOO, UNLIMITED, World

DHS_DUTY = "+12135550110"
# Two agencies, so that an example is short and its people meet often.
AGENCIES = ("dcfs", "dhs")
NUMBERS = {
    "dcfs-ana": ANA,
    "dcfs-ben": BEN,
    "dcfs-cho": CHO,
    "dcfs-duty": DCFS_DUTY,
    "dhs-duty": DHS_DUTY,
    "dhs-dan": DAN,
    "dhs-eva": EVA,
    "dhs-fay": FAY,
}
TELEPHONES = NUMBERS | {"dispatcher": CALLBACK, "stranger": STRANGER}
PEOPLE = [name for name in NUMBERS if not name.endswith("-duty")]
WORDS = ["ack", "ack 25", "eta 120", "no", "here", "status", "ok but I can't", "hello", "ack all", "no all", "stop"]
FAULTS = {
    "429 for messages": Fault(FaultKind.REFUSE, on=Asked.MESSAGE, http_status=429, code=20429),
    "503 for messages": Fault(FaultKind.REFUSE, on=Asked.MESSAGE, http_status=503),
    "429 for calls": Fault(FaultKind.REFUSE, on=Asked.CALL, http_status=429, code=20429),
    "503 for calls": Fault(FaultKind.REFUSE, on=Asked.CALL, http_status=503),
    "401 for all": Fault(FaultKind.REFUSE, http_status=401, code=20003),
    "503 for lists": Fault(FaultKind.REFUSE, on=Asked.READ),
    "message taken, no answer": Fault(FaultKind.LOSE, on=Asked.MESSAGE),
    "call taken, no answer": Fault(FaultKind.LOSE, on=Asked.CALL),
    "message taken, empty answer": Fault(FaultKind.EMPTY, on=Asked.MESSAGE),
    "call taken, answer no JSON": Fault(FaultKind.HTML, on=Asked.CALL),
    "no receipts": Fault(FaultKind.NO_RECEIPTS),
    "receipts twice": Fault(FaultKind.DOUBLED_RECEIPTS),
    "receipts backwards": Fault(FaultKind.REVERSED_RECEIPTS),
}
OUT_OF_REACH = {
    "no such number": Fault(FaultKind.REFUSE, on=Asked.MESSAGE, http_status=400, code=21211),
    "not a mobile": Fault(FaultKind.REFUSE, on=Asked.MESSAGE, http_status=400, code=21614),
    "opted out": Fault(FaultKind.REFUSE, on=Asked.MESSAGE, http_status=400, code=21610),
    "cannot be called": Fault(FaultKind.REFUSE, on=Asked.CALL, http_status=400, code=21211),
    "undelivered, a landline": Fault(FaultKind.UNDELIVERED, on=Asked.MESSAGE, code=30006),
    "undelivered, unreachable": Fault(FaultKind.UNDELIVERED, on=Asked.MESSAGE, code=30003),
    "undelivered, unknown": Fault(FaultKind.UNDELIVERED, on=Asked.MESSAGE, code=30008),
    "call fails": Fault(FaultKind.FAILED, on=Asked.CALL),
}

people = st.sampled_from(PEOPLE)
telephones = st.sampled_from(sorted(TELEPHONES))
# No more than this many of each, or for ever.
times = st.sampled_from([1, 2, 5, None])
which = st.integers(0, 2)
LONGEST_STEP = timedelta(minutes=1)
picks = st.integers(0, 9)
HOW = ["reject", "voicemail", "1", "2", "3"]
WHEN = ["at once", "at once", "while we are away", "during a request"]

LONG = int(os.environ.get("PAGER_TEST_EXAMPLES", "16"))
STEPS = int(os.environ.get("PAGER_TEST_STEPS", "25"))
SETTINGS = settings(
    max_examples=LONG,
    stateful_step_count=STEPS,
    deadline=None,
    # The test command always takes the same walks; others are taken where more are asked for.
    derandomize="PAGER_TEST_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


@cache
def county() -> DirectoryFile:
    return read_directory(COUNTY, region="US", timezone="America/Los_Angeles", policies={"first-responder"}, now=START)


@cache
def two_agencies() -> dict[str, Policy]:
    policy = PolicyFolder(ROOT / "escalation_policies").get("first-responder")
    assert policy is not None
    plans = tuple(plan for plan in policy.agencies if plan.agency in AGENCIES)
    followed = tuple(plan for plan in policy.follow_ups if plan.agency in AGENCIES)
    return {policy.name: replace(policy, agencies=plans, follow_ups=followed)}


class Pager(RuleBasedStateMachine):
    """One county from its beginning; each rule is something that people, the carrier or a machine may do."""

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.make_url = make_url
        self.opened: list[str] = []
        self.away: set[str] = set()

    @initialize(is_limited=st.booleans(), has_two_numbers=st.booleans())
    def begins(self, is_limited: bool, has_two_numbers: bool) -> None:
        self.world = World(
            self.make_url(),
            policies=two_agencies(),
            senders=(OURS, OURS_TOO) if has_two_numbers else (OURS,),
            rates=Rates(messages=1, calls=1) if is_limited else UNLIMITED,
        )
        self.watch = Watch(self.world)
        self.triggers("compton")

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.watch.close()
            self.world.close()

    # Law enforcement.

    @precondition(lambda self: len(self.opened) < 3)
    @rule(station=st.sampled_from(["compton", "lancaster"]))
    def triggers(self, station: str) -> None:
        self.opened.append(self.world.trigger(station).overview.encounter.reference)

    @precondition(lambda self: len(self.opened) < 3)
    @rule(has_sent=st.booleans())
    def triggers_and_the_engine_dies(self, has_sent: bool) -> None:
        self.opened.append(self.world.trigger(settle=False).overview.encounter.reference)
        self._die(has_sent)

    @rule(encounter=which, station=st.sampled_from(["compton", "lancaster"]))
    def corrects(self, encounter: int, station: str) -> None:
        with suppress(ForbiddenTransitionError):
            correct(self.world.context, self._reference(encounter), station, None)
        self.world.settle()

    @rule(encounter=which, verb=st.sampled_from([close, cancel]))
    def ends(self, encounter: int, verb: Callable[[Context, str, None], object]) -> None:
        with suppress(ForbiddenTransitionError):
            verb(self.world.context, self._reference(encounter), None)
        self.world.settle()

    @rule(encounter=which, who=people, what=st.sampled_from(["comes", "comes in 120", "is there", "is released"]))
    def the_dispatcher_hears_of(self, encounter: int, who: str, what: str) -> None:
        context, reference, agency = self.world.context, self._reference(encounter), who.split("-")[0]
        with suppress(ForbiddenTransitionError, UnknownResponderError):
            if what == "is there":
                report_arrival(context, reference, agency, who)
            elif what == "is released":
                report_release(context, reference, agency, None)
            else:
                report_acknowledgement(context, reference, agency, who, 120 if "120" in what else None)
        self.world.settle()

    @rule(encounter=which, agency=st.sampled_from(AGENCIES), who=st.none() | people)
    def the_dispatcher_pages_now(self, encounter: int, agency: str, who: str | None) -> None:
        with suppress(ForbiddenTransitionError, UnknownResponderError):
            page_now(self.world.context, self._reference(encounter), agency, who)
        self.world.settle()

    @rule(encounter=which, agency=st.sampled_from(AGENCIES))
    def the_dispatcher_takes_back_what_was_said(self, encounter: int, agency: str) -> None:
        with suppress(ForbiddenTransitionError):
            report_mistake(self.world.context, self._reference(encounter), agency)
        self.world.settle()

    # People at their telephones.

    @rule(who=telephones, words=st.sampled_from(WORDS))
    def texts(self, who: str, words: str) -> None:
        self.world.text(TELEPHONES[who], words)

    @precondition(lambda self: self.watch.paged())
    @rule(pick=picks, words=st.sampled_from(["ack", "ack 25", "no", "no", "here"]), when=st.sampled_from(WHEN))
    def somebody_who_was_paged_texts(self, pick: int, words: str, when: str) -> None:
        """At once, while we are away, or while our next request for a page is under way."""
        paged = self.watch.paged()
        reference, who = paged[pick % len(paged)]
        if when == "during a request":
            self.watch.carrier.meanwhile = lambda: self._text_now(who, f"{words} {reference}")
        elif when == "while we are away":
            text_while_away(self.world, NUMBERS[who], f"{words} {reference}")
        else:
            self._text_now(who, f"{words} {reference}")
        self.world.settle()

    @precondition(lambda self: self.watch.coming())
    @rule(pick=picks, words=st.sampled_from(["ack", "eta 20", "eta 120", "no", "here"]))
    def somebody_who_comes_texts(self, pick: int, words: str) -> None:
        coming = self.watch.coming()
        reference, who = coming[pick % len(coming)]
        self.world.text(NUMBERS[who], f"{words} {reference}")

    @rule(who=people)
    def calls_us(self, who: str) -> None:
        with suppress(Mistake):  # they are on a call
            self.world.sandbox.dial(NUMBERS[who], OURS)
        self.world.settle()

    @precondition(lambda self: self._ringing())
    @rule(
        pick=picks, how=st.sampled_from(["reject", "voicemail", "1", "2", "3"]), texts_first=st.none() | st.just("no")
    )
    def a_ringing_telephone(self, pick: int, how: str, texts_first: str | None) -> None:
        ringing = self._ringing()
        who = sorted(ringing)[pick % len(ringing)]
        call, sandbox = ringing[who], self.world.sandbox
        if texts_first is not None:
            self.world.text(TELEPHONES[who], texts_first)
        if how in ("reject", "voicemail"):
            {"reject": sandbox.reject, "voicemail": sandbox.voicemail}[how](call)
        else:
            sandbox.answer(call)
        self.world.settle()
        if how.isdigit():
            self._press(call, how)

    @precondition(lambda self: self._talking())
    @rule(pick=picks, keys=st.sampled_from(["1", "2", "3", "9", "7", ""]))
    def a_telephone_on_a_call(self, pick: int, keys: str) -> None:
        """No keys: they hang up."""
        talking = self._talking()
        call = talking[sorted(talking)[pick % len(talking)]]
        if keys:
            self._press(call, keys)
        else:
            self.world.sandbox.hang_up(call)
            self.world.settle()

    # Time, and machines.

    @rule(seconds=st.sampled_from([5, 61, 300]))
    def time_passes(self, seconds: int) -> None:
        self._pass_time(timedelta(seconds=seconds))

    @rule()
    def time_passes_to_the_next_rung(self) -> None:
        due_at = self.watch.next_rung_at()
        if due_at is not None:
            self._pass_time(due_at - self.world.clock.now())

    @rule(minutes=st.sampled_from([1, 3, 10, 40]))
    def nothing_runs_for_a_while(self, minutes: int) -> None:
        self.world.clock.move(timedelta(minutes=minutes))
        self.world.beat = Beat(self.world.context, self.world.outbox, engine_id="another")
        self.world.settle()

    @rule(has_sent=st.booleans())
    def the_engine_dies_at_what_is_next(self, has_sent: bool) -> None:
        if self.world.next_due_at is not None:
            self.world.clock.move(max(timedelta(), self.world.next_due_at - self.world.clock.now()))
        self.world.beat._escalate()
        self._die(has_sent)

    @rule()
    def asks_the_carrier_for_what_was_missed(self) -> None:
        with suppress(CarrierUnavailableError):
            catch_up(self.world.context, TwilioLedger(self.world.carrier))
        self.world.settle()

    # The carrier.

    @rule(fault=st.sampled_from(sorted(FAULTS)), who=st.none() | people, n=times)
    def the_carrier_has_a_fault(self, fault: str, who: str | None, n: int | None) -> None:
        self.world.sandbox.add_fault(replace(FAULTS[fault], number=None if who is None else NUMBERS[who], times=n))

    @rule(who=people, why=st.sampled_from(sorted(OUT_OF_REACH)))
    def is_out_of_reach(self, who: str, why: str) -> None:
        self.world.sandbox.add_fault(replace(OUT_OF_REACH[why], number=NUMBERS[who], times=1))

    @rule()
    def the_carrier_is_well_again(self) -> None:
        self.world.sandbox.clear_faults()

    # The roster.

    @rule(who=people)
    def leaves_or_comes_back(self, who: str) -> None:
        """Their shifts end with them, and begin again."""
        self.away ^= {who}
        file = county()
        load(
            self.world.context,
            replace(
                file,
                responders=tuple(one for one in file.responders if one.id not in self.away),
                shifts=tuple(one for one in file.shifts if one.responder not in self.away),
            ),
            prune=True,
        )
        self.world.settle()

    # What always holds.

    @invariant()
    def nothing_is_wrong(self) -> None:
        if hasattr(self, "world"):
            wrong = self.watch.violations(self.opened)
            assert not wrong, "\n".join(wrong)

    def _pass_time(self, by: timedelta) -> None:
        """Move the clock in longer steps than World does, for speed; it stops wherever something is due."""
        world, end = self.world, self.world.clock.now() + by
        while (now := world.clock.now()) < end:
            due_at = world.next_due_at
            world.clock.move(min(end - now, LONGEST_STEP, due_at - now if due_at and due_at > now else LONGEST_STEP))
            world.settle()

    def _text_now(self, who: str, words: str) -> None:
        self.world.sandbox.reply(TELEPHONES[who], OURS, words)
        self.world.sandbox.settle()

    def _press(self, call: str, keys: str) -> None:
        with suppress(Mistake):  # a machine has the call, or all has been said and it has ended
            self.world.sandbox.press(call, keys)
        self.world.settle()

    def _reference(self, number: int) -> str:
        return self.opened[number % len(self.opened)]

    def _die(self, has_sent: bool) -> None:
        """Claim what is due and forget it, before or after the carrier was asked; another process starts."""
        world = self.world
        with world.store.writing() as work:
            claimed = work.claims.claim(world.clock.now(), 100, LEASE, world.context.rates, world.context.senders)
        for delivery in claimed if has_sent else ():
            send(world.context, self.watch.carrier, delivery, begin_before=world.clock.now() + LEASE)
        world.beat = Beat(world.context, world.outbox, engine_id="another")
        world.settle()

    def _ringing(self) -> dict[str, str]:
        return {who: call for who, call in self._calls().items() if self._show(call)["status"] == "ringing"}

    def _talking(self) -> dict[str, str]:
        return {who: call for who, call in self._calls().items() if self._show(call)["status"] == "in-progress"}

    def _calls(self) -> dict[str, str]:
        found = {who: self.world.sandbox.open_call(number) for who, number in TELEPHONES.items()}
        return {who: call for who, call in found.items() if call is not None}

    def _show(self, call: str) -> dict[str, object]:
        return self.world.sandbox.show_call(call)


def test_whatever_happens_no_page_is_silent_and_nobody_is_paged_twice(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = count()

    def make_url() -> str:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    class HerePager(Pager):
        def __init__(self) -> None:
            super().__init__(make_url)

    run_state_machine_as_test(HerePager, settings=SETTINGS)
