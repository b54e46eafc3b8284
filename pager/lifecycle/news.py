"""Tell the dispatcher how it goes: at the callback, or by SMS where they chose it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from pager.domain.delivery import Delivery, DeliveryKind, Priority, other_key
from pager.domain.directory import Channel
from pager.domain.encounter import Encounter, Updates
from pager.domain.news import STILL_OPEN_EVERY, News
from pager.domain.page import Page, PageState
from pager.domain.sender import sender_for
from pager.domain.speech import news_speech
from pager.domain.timeline import EventKind
from pager.domain.wording import news_sms
from pager.lifecycle.turn import Turn

# News is old by then, and what has changed meanwhile is news of its own.
EXPIRES_AFTER = timedelta(minutes=10)


def tell_dispatcher(turn: Turn, encounter: Encounter, news: News, agencies: Collection[str] = ()) -> None:
    """Queue one call or SMS to the callback; `agencies` are the codes of those whom it is about."""
    seq = turn.note(
        encounter,
        EventKind.TOLD,
        f"the dispatcher is told: {news.value.replace('_', ' ')}",
        data={"agencies": sorted(agencies)} if agencies else {},
    )
    if encounter.updates is Updates.NONE:
        return
    channel = Channel.SMS if encounter.updates is Updates.SMS else Channel.VOICE
    about = [turn.work.directory.agency(code) for code in agencies]
    body = (
        news_sms(encounter.reference, encounter.is_drill, news, [agency.short for agency in about])
        if channel is Channel.SMS
        else "\n".join(news_speech(encounter.reference, encounter.is_drill, news, [one.spoken for one in about]))
    )
    turn.work.deliveries.add(
        [
            Delivery(
                key=other_key(f"event:{encounter.id}:{seq}", encounter.callback, channel),
                token=turn.context.make_token(),
                kind=DeliveryKind.NEWS,
                priority=Priority.CONFIRMATION,
                channel=channel,
                to_number=encounter.callback,
                from_number=sender_for(encounter.callback, turn.context.senders),
                created_at=turn.now,
                due_at=turn.now,
                encounter_id=encounter.id,
                body=body,
                expires_at=turn.now + EXPIRES_AFTER,
            )
        ]
    )


def tell_of_answer(turn: Turn, encounter: Encounter, was: PageState) -> None:
    """A page that was in state `was` has been answered: tell the dispatcher where that was the last one."""
    states = {page.state for page in turn.work.encounters.pages(encounter.id)}
    if states == {PageState.ON_SCENE}:
        tell_dispatcher(turn, encounter, News.ALL_ON_SCENE)
    elif was is PageState.PAGING and PageState.PAGING not in states:
        tell_dispatcher(turn, encounter, News.ALL_COMING)


def ask_whether_open(turn: Turn, encounter: Encounter) -> None:
    """Past the window, ask now and then whether the encounter is over."""
    if encounter.ask_open_at is not None and encounter.ask_open_at <= turn.now:
        encounter.ask_open_at = turn.now + STILL_OPEN_EVERY
        tell_dispatcher(turn, encounter, News.STILL_OPEN)


@contextmanager
def telling_of_time(turn: Turn, encounter: Encounter, pages: Sequence[Page]) -> Iterator[None]:
    """Tell the dispatcher, once for all of these pages, of which agencies time has run short or out meanwhile."""
    was_late = {page.agency for page in pages if page.is_late}
    was_short = {page.agency for page in pages if page.short_round is not None}
    yield
    late = {page.agency for page in pages if page.is_late} - was_late
    short = {page.agency for page in pages if page.short_round is not None} - was_short - late
    for news, agencies in ((News.LATE, late), (News.SHORT, short)):
        if agencies:
            tell_dispatcher(turn, encounter, news, agencies)
