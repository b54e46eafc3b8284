"""Escalate one encounter: every page of it that is due is looked at, and its alert."""

from __future__ import annotations

from pager.lifecycle.alert import repeat_alert
from pager.lifecycle.news import ask_whether_open, telling_of_time
from pager.lifecycle.paging import look, look_at_all
from pager.lifecycle.remind import remind
from pager.lifecycle.turn import Context, writing


def escalate(context: Context, encounter_id: int) -> None:
    """Do what is due on an encounter. One that another process is at is left to that one."""
    with writing(context) as turn:
        encounter = turn.work.encounters.try_lock(encounter_id)
        if encounter is None:
            return
        pages = turn.work.encounters.pages(encounter.id)
        due = [page for page in pages if page.due_at is not None and page.due_at <= turn.now]
        if due:
            with telling_of_time(turn, encounter, due):
                look_at_all(turn, encounter, due)
        repeat_alert(turn, encounter)
        ask_whether_open(turn, encounter)
        remind(turn, encounter)


def escalate_page(context: Context, encounter_id: int, page_id: int) -> None:
    """Look at one page alone, so that an error in another of the encounter does not harm it."""
    with writing(context) as turn:
        encounter = turn.work.encounters.lock(encounter_id)
        page = turn.work.encounters.page(page_id)
        if page.due_at is not None and page.due_at <= turn.now:
            with telling_of_time(turn, encounter, [page]):
                look(turn, encounter, page)
