"""An encounter, or one page of it, locked for what the dispatcher does to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pager.domain.directory import Responder
from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Page
from pager.lifecycle.news import telling_of_time
from pager.lifecycle.turn import Context, Turn, writing


class UnknownResponderError(Exception):
    """A responder who cannot answer for this page; the text says why."""


@contextmanager
def one_page(context: Context, reference: str, agency: str) -> Iterator[tuple[Turn, Encounter, Page]]:
    """Lock an encounter and yield one page of it; what the dispatcher must know of the time is told.

    Raises KeyError for an unknown encounter or page, ForbiddenTransitionError where the encounter has ended.
    """
    with open_encounter(context, reference) as (turn, encounter):
        page = {page.agency: page for page in turn.work.encounters.pages(encounter.id)}[agency]
        with telling_of_time(turn, encounter, [page]):
            yield turn, encounter, page


@contextmanager
def open_encounter(context: Context, reference: str) -> Iterator[tuple[Turn, Encounter]]:
    """Lock an encounter. Raises KeyError where it is unknown, ForbiddenTransitionError where it has ended."""
    with writing(context) as turn:
        encounter = lock_encounter(turn, reference)
        if not encounter.is_open:
            raise ForbiddenTransitionError(f"encounter {reference} is {encounter.state.value}")
        yield turn, encounter


def lock_encounter(turn: Turn, reference: str) -> Encounter:
    """Lock an encounter in any state. Raises KeyError where it is unknown: a purge may have removed it just now."""
    encounter = turn.work.encounters.lock_reference(reference)
    if encounter is None:
        raise KeyError(reference)
    return encounter


def active_responder(turn: Turn, page: Page, responder: str | None) -> Responder:
    """Return an active responder of the page's agency; raises UnknownResponderError."""
    if responder is None:
        raise UnknownResponderError("responder is missing: nobody of the agency has acknowledged")
    person = turn.work.directory.find_responder(responder)
    if person is None or person.agency != page.agency or not person.is_active:
        raise UnknownResponderError(f"responder is not the id of an active responder of {page.agency}")
    return person
