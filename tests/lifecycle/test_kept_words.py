"""What people write is kept encrypted, and of an answer by SMS nothing stays once it is handled."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pager.adapters.db.session import SqlStore
from pager.adapters.sealing import Sealer, make_sealer
from pager.domain.page import PageState
from pager.lifecycle.inbound import UnreadableFormError, handle_again
from pager.lifecycle.reply import Message, keep
from tests.people import ANA
from tests.world import OURS, World

ACK = Message("SM1", ANA, OURS, "ACK 25")


def column(store: SqlStore, query: str) -> str:
    """Return what a column holds, all rows in one text."""
    with store.engine.connect() as connection:
        return " ".join(str(one) for one in connection.scalars(text(query)))


def test_what_is_written_stands_encrypted_in_the_database(world: World) -> None:
    triggered = world.trigger(note="Use the back entrance.")
    assert "entrance" not in column(world.store, "SELECT text FROM words")
    with world.store.reading() as work:
        assert work.timeline.words(triggered.overview.encounter.id) == {1: "Use the back entrance."}


def test_an_answer_that_waits_is_encrypted_and_a_handled_one_is_gone(world: World) -> None:
    triggered = world.trigger()
    keep(world.context, ACK)
    waiting = column(world.store, "SELECT form FROM inbox")
    assert "sealed" in waiting
    assert "ACK" not in waiting
    assert ANA not in waiting
    world.settle()
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    assert column(world.store, "SELECT form FROM inbox") == "{}"


def test_of_an_answer_that_is_handled_at_once_nothing_stays(world: World) -> None:
    world.trigger()
    world.text(ANA, "what is this about?")
    assert column(world.store, "SELECT form FROM inbox") == "{}"


@pytest.mark.parametrize("sealer", [Sealer(), make_sealer([], "another secret")])
def test_an_answer_that_one_process_cannot_read_waits_for_one_that_can(world: World, sealer: Sealer) -> None:
    triggered = world.trigger()
    keep(world.context, ACK)
    other = SqlStore(world.store.engine, sealer=sealer)
    with other.reading() as work:
        ((carrier_id, kind, form),) = work.inbox.unhandled(world.clock.now(), 10)
    with pytest.raises(UnreadableFormError):
        handle_again(world.context, carrier_id, kind, form)
    world.settle()
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED


def test_without_a_key_no_words_are_kept_and_the_page_goes_out(database_url: str) -> None:
    world = World(database_url, sealer=Sealer())
    triggered = world.trigger(note="Use the back entrance.")
    assert "note left out: there is no key to encrypt it with" in triggered.warnings
    assert world.calls(ANA) + len(world.messages(ANA)) > 0
    assert column(world.store, "SELECT text FROM words") == ""
    world.close()


def test_without_a_key_an_answer_that_waits_is_not_lost(database_url: str) -> None:
    world = World(database_url, sealer=Sealer())
    triggered = world.trigger()
    keep(world.context, ACK)
    world.settle()
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    assert column(world.store, "SELECT form FROM inbox") == "{}"
    world.close()
