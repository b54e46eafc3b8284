"""The decision: given one page as it stands, what to do now, and when to look again.

`decide` is pure. Whoever calls it carries the actions out and stores them in the transaction in which it took the
snapshot, so each action leaves a fact behind and the next look comes later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from pager.domain.arrival import Step
from pager.domain.crew import Person
from pager.domain.decision import (
    EVERYBODY_RUNG,
    STANDBY_RUNG,
    Action,
    AlertDispatcher,
    Because,
    CarryOut,
    Decision,
    MarkLate,
    NoteGap,
    NoteUnreachable,
    PageMore,
    ReleaseDeclines,
    RunShort,
    Snapshot,
    TakeStep,
    Target,
)
from pager.domain.directory import Channel
from pager.domain.page import PageState
from pager.domain.policy import Audience, Rung
from pager.domain.roster import Tier


def decide(snapshot: Snapshot, now: datetime) -> Decision:
    """Return what a page needs at `now`; a page that has ended or is on scene needs nothing."""
    if snapshot.state not in (PageState.PAGING, PageState.ACKNOWLEDGED):
        return Decision((), snapshot.rung, snapshot.rung_at, None)
    respond_by = snapshot.ladder.respond_by
    is_late = now >= respond_by
    actions: list[Action] = [MarkLate()] if is_late and not snapshot.is_late else []
    climb = _Climb(snapshot, now)
    if snapshot.state is PageState.ACKNOWLEDGED:
        times = [*climb.watch(), *([] if is_late else [respond_by])]
    else:
        climb.run()
        times = [snapshot.ladder.after(climb.rung, climb.rung_at), *([] if is_late else [respond_by])]
        if snapshot.short_at is not None and snapshot.short_at > now:
            times.append(snapshot.short_at)
    return Decision((*actions, *climb.actions), climb.rung, climb.rung_at, min(times, default=None))


def reaches(rung: Rung, snapshot: Snapshot, *, but: frozenset[str] = frozenset()) -> bool:
    """Tell whether a rung reaches somebody who has not declined, other than `but`."""
    left_out = snapshot.declined | but
    return any(person.channels and person.id not in left_out for person in snapshot.crew.audience(rung.page))


@dataclass
class _Climb:
    """One look at a page that is `paging` or `acknowledged`: the rungs it takes now."""

    snapshot: Snapshot
    now: datetime
    rung: int = field(init=False)
    rung_at: datetime = field(init=False)
    actions: list[Action] = field(default_factory=list)
    new_unreachable: set[str] = field(default_factory=set)
    paged: set[tuple[str, Channel]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rung, self.rung_at = self.snapshot.rung, self.snapshot.rung_at
        self.ladder = self.snapshot.ladder

    def run(self) -> None:
        is_hurried = self._begin_round() if self.snapshot.is_new_round else self._take_what_is_due()
        while is_hurried or (self.snapshot.is_hurried and not self._has_moved()):
            following = self._next_that_reaches()
            if following is None:
                break
            is_hurried = self._bring_forward(following)
        if self.snapshot.short_at is not None and self.now >= self.snapshot.short_at:
            self._page_everybody()
        self._look_for_silence()

    def watch(self) -> list[datetime]:
        """Ask the acknowledger what is due, page more where they come too late; return when something is due next."""
        journey = self.snapshot.journey
        if journey is None:
            return []
        if self.snapshot.wants_more:
            self._page_more()
        step = journey.step_at(self.now)
        if step is not None:
            self.actions.append(TakeStep(step))
        match step:
            case Step.LAPSE:
                return []  # the page is looked at anew, without them
            case Step.CHECK_IN:
                journey = replace(journey, checked_in_at=self.now, eta_asked_at=self.now)
            case Step.ASK_ETA:
                journey = replace(journey, eta_asked_at=self.now)
        return [journey.next_at]

    def _page_more(self) -> None:
        """Carry out the next rung that reaches somebody new."""
        self.actions.append(PageMore())
        for number in range(self.rung + 1, max(self.rung + 1, self.ladder.last) + 1):
            rung = self.ladder.rung(number)
            new = [one for one in self.snapshot.crew.audience(rung.page) if one.id not in self.snapshot.known]
            if any(person.channels and person.id not in self.snapshot.declined for person in new):
                self.rung, self.rung_at = number, self.now
                self._page(number, tuple(new), rung.by, self.now, is_brought_forward=True)
                return

    def _page_everybody(self) -> None:
        self.actions.append(RunShort())
        self._page(EVERYBODY_RUNG, self.snapshot.crew.audience(Audience.ALL_HANDS), tuple(Channel), self.now)

    def _has_moved(self) -> bool:
        return self.rung != self.snapshot.rung

    def _begin_round(self) -> bool:
        """Page standby, and the latest rung already due that reaches somebody; return whether to bring the next."""
        if self.snapshot.standby:
            self._page(STANDBY_RUNG, self.snapshot.standby, tuple(Channel), self.now)
        latest, _ = self.ladder.latest_due(self.rung, self.rung_at, self.now)
        self.rung, self.rung_at = latest, self.ladder.policy_time(latest)
        if any(self.ladder.rung(number).alert_dispatcher for number in range(min(latest, self.ladder.last) + 1)):
            self.actions.append(AlertDispatcher(Because.RUNG))
        for number in range(latest, -1, -1):
            if reaches(self.ladder.rung(number), self.snapshot):
                return self._carry_out(number, self.now)
        return True

    def _take_what_is_due(self) -> bool:
        """Carry out the latest rung due that reaches somebody; return whether the next must come now as well."""
        latest, latest_at = self.ladder.latest_due(self.rung, self.rung_at, self.now)
        if latest == self.rung:
            return False
        due = range(self.rung + 1, latest + 1)
        reaching = [number for number in due if reaches(self.ladder.rung(number), self.snapshot)]
        chosen = reaching[-1] if reaching else latest
        together = [number for number in self.ladder.together_with(chosen) if number in due]
        self.rung, self.rung_at = latest, latest_at
        wants_next = False
        for number in due:
            if number in together or number > chosen:
                wants_next = self._carry_out(number, latest_at) or wants_next
            else:
                self._pass_over(number)
        return wants_next

    def _next_that_reaches(self) -> int | None:
        """Return the next rung that reaches somebody else than those whose channels have just failed."""
        but = self.snapshot.unreachable | self.new_unreachable
        for number in range(self.rung + 1, max(self.rung + 1, self.ladder.last) + 1):
            if reaches(self.ladder.rung(number), self.snapshot, but=but):
                return number
        return None

    def _bring_forward(self, number: int) -> bool:
        """Carry out a later rung now: those between are passed over, those after it come as much earlier."""
        for passed in range(self.rung + 1, number):
            self._pass_over(passed)
        self.rung, self.rung_at = number, self.now
        wants_next = self._carry_out(number, self.now, is_brought_forward=True)
        while self.rung < self.ladder.last and self.ladder.after(self.rung, self.rung_at) <= self.now:
            self.rung += 1
            wants_next = self._carry_out(self.rung, self.now, is_brought_forward=True) or wants_next
        return wants_next

    def _carry_out(self, number: int, due_at: datetime, *, is_brought_forward: bool = False) -> bool:
        """Page a rung's people; return whether the next rung must come now: nobody, or somebody without a channel."""
        rung, crew = self.ladder.rung(number), self.snapshot.crew
        people = crew.audience(rung.page)
        if crew.is_gap(rung.page):
            self._note_gap(Tier(rung.page.value))
            people = () if crew.duty is None else (crew.duty,)
        self._page(number, people, rung.by, due_at, is_brought_forward=is_brought_forward)
        if rung.alert_dispatcher:
            self.actions.append(AlertDispatcher(Because.RUNG))
        return self._lacks_a_channel(people) or not reaches(rung, self.snapshot)

    def _pass_over(self, number: int) -> None:
        if self.ladder.rung(number).alert_dispatcher:
            self.actions.append(AlertDispatcher(Because.RUNG))
        audience = self.ladder.rung(number).page
        if self.snapshot.crew.is_gap(audience):
            self._note_gap(Tier(audience.value))

    def _note_gap(self, tier: Tier) -> None:
        if NoteGap(tier) not in self.actions:
            self.actions.append(NoteGap(tier))

    def _lacks_a_channel(self, people: tuple[Person, ...]) -> bool:
        """Note those without a working channel; each brings the next rung once only."""
        known = self.snapshot.unreachable | self.new_unreachable
        lacking = [person.id for person in people if not person.channels and person.id not in known]
        self.new_unreachable.update(lacking)
        self.actions.extend(NoteUnreachable(responder) for responder in lacking)
        return bool(lacking)

    def _page(
        self,
        number: int,
        people: tuple[Person, ...],
        by: tuple[Channel, ...],
        due_at: datetime,
        *,
        is_brought_forward: bool = False,
    ) -> None:
        targets = []
        for person in people:
            if person.id in self.snapshot.declined:
                continue
            channels = tuple(one for one in person.reached_by(by) if (person.id, one) not in self.paged)
            self.paged.update((person.id, one) for one in channels)
            if channels:
                targets.append(Target(person.id, channels))
        if targets:
            self.actions.append(CarryOut(number, tuple(targets), due_at, is_brought_forward))

    def _look_for_silence(self) -> None:
        """Alert the dispatcher where nobody can be reached, or everybody who can has declined."""
        reachable = set(self._reachable())
        if not reachable:
            self.actions.append(AlertDispatcher(Because.NOBODY))
        elif reachable <= self.snapshot.declined:
            self.actions += [AlertDispatcher(Because.DECLINED), ReleaseDeclines()]

    def _reachable(self) -> Iterator[str]:
        """Yield everybody whom some rung of the ladder can reach."""
        crew = self.snapshot.crew
        audiences: set[Audience] = {rung.page for rung in self.ladder.rungs}
        for audience in audiences:
            yield from (person.id for person in crew.audience(audience) if person.channels)
            if crew.is_gap(audience) and crew.duty is not None:
                yield crew.duty.id
