"""What was lost: a page that nobody was sent, one that waits in silence, an answer that never counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pager.domain.delivery import DeliveryKind
from pager.domain.page import Page, PageState
from pager.domain.replies import Meaning
from pager.domain.timeline import EventKind
from tests.chaos.case import Case
from tests.chaos.evidence import Answer, Story

SILENT_AFTER = timedelta(seconds=30)
COUNTED = (EventKind.ACKNOWLEDGED, EventKind.STANDBY, EventKind.ARRIVED)


def count_paged(case: Case) -> int:
    """Return of how many accepted encounters every agency was paged."""
    stories = [case.evidence.stories.get(reference) for reference in case.evidence.accepted]
    return sum(story is not None and all(case.is_paged(story, page) for page in story.pages) for story in stories)


def find_lost(case: Case) -> Iterator[str]:
    """Yield a line for each page or answer that was lost."""
    for reference in case.evidence.accepted:
        story = case.evidence.stories.get(reference)
        if story is None or not story.pages:
            yield f"{reference}: accepted, and not in the database"
            continue
        for page in story.pages:
            yield from _lost_of(case, story, page)
    for answer in case.evidence.answers:
        if not _counts(case, answer):
            yield f"{answer.reference}: {answer.meaning.upper()} in {answer.sid} never counted"


def _lost_of(case: Case, story: Story, page: Page) -> Iterator[str]:
    where = f"{story.encounter.reference} {page.agency}"
    if not case.is_paged(story, page):
        yield f"{where}: the carrier took nothing for it"
    is_silent = page.due_at is None or page.due_at < case.evidence.judged_at - SILENT_AFTER
    if page.state is PageState.PAGING and is_silent:
        yield f"{where}: waits, and nothing more happens"


def _counts(case: Case, answer: Answer) -> bool:
    """Tell whether an answer was acted on; one that stops a page must show on its timeline."""
    story = case.evidence.stories.get(answer.reference)
    if story is None or answer.sid not in case.evidence.handled:
        return False
    if answer.meaning not in (Meaning.ACK, Meaning.HERE):
        return True
    theirs = [one for one in story.deliveries if one.kind is DeliveryKind.PAGE and one.to_number == answer.number]
    people, pages = {one.responder for one in theirs}, {one.page_id for one in theirs}
    is_there = any(page.id in pages and page.state is PageState.ON_SCENE for page in story.pages)
    return is_there or any(event.kind in COUNTED and event.responder in people for event in story.events)
