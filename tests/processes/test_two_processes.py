"""Two processes on one PostgreSQL: work goes to whoever is there, once, whatever becomes of one of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pager.adapters.db.claims import CLAIM_LOCK
from pager.adapters.db.wakes import CHANNEL
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.crash.life import ANA, OURS
from tests.processes.line import line_to
from tests.processes.postgresql import Cluster
from tests.processes.running import DAN, ONCE, PATIENCE_SECONDS, Process, Scene, scene

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

DECIDED_WITHIN_SECONDS = 20.0  # what the interface promises


@pytest.fixture
def it(cluster: Cluster, tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, cluster.new_database()) as it:
        yield it


def open_encounter(it: Scene, at: Process) -> str:
    """Trigger, and return the reference once both agencies' people have their page."""
    reference: str = at.trigger().json()["reference"]
    it.until(lambda: it.paged(reference) >= ONCE, "pages")
    return reference


def withhold_the_answer(it: Scene, number: str) -> None:
    """Let the carrier take the next message to a number, and neither answer nor tell what became of it."""
    it.sandbox.add_fault(Fault(FaultKind.DELAY, number=number, on=Asked.MESSAGE, times=1, seconds=60))
    it.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=number, on=Asked.MESSAGE, times=1))


def test_a_trigger_on_the_one_is_told_to_the_other_and_sent_once(it: Scene, cluster: Cluster) -> None:
    web, _ = it.start("serve", PAGER_ENGINE="off"), it.start("worker")
    listening = f"pg_stat_activity WHERE query = 'LISTEN {CHANNEL}' AND datname = current_database()"
    it.until(lambda: cluster.count(it.database_url, listening), "a worker that listens")
    # Whoever else listens hears what the worker hears.
    with psycopg.connect(it.database_url.replace("+psycopg", ""), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        reference = open_encounter(it, web)
        assert list(listener.notifies(timeout=PATIENCE_SECONDS, stop_after=1))
    it.rest(web)
    assert it.paged(reference) == ONCE


def test_a_reply_to_the_one_is_carried_out_by_the_other(it: Scene) -> None:
    web, _ = it.start("serve", PAGER_ENGINE="off"), it.start("worker")
    reference = open_encounter(it, web)
    it.sandbox.reply(ANA, OURS, "ACK 25")
    it.until(lambda: (ANA, "confirmation") in it.gists(reference), "confirmation")
    pages = web.ask("GET", f"/api/v1/encounters/{reference}").json()["pages"]
    assert [(page["agency"], page["state"]) for page in pages] == [("dcfs", "acknowledged"), ("dhs", "paging")]


def test_what_a_killed_worker_was_sending_the_other_decides_and_does_not_double(it: Scene) -> None:
    web, first = it.start("serve", PAGER_ENGINE="off"), it.start("worker")
    withhold_the_answer(it, ANA)
    reference = open_encounter(it, web)
    first.kill()
    it.start("worker")
    began = time.monotonic()
    it.rest(web)
    assert time.monotonic() - began <= DECIDED_WITHIN_SECONDS
    assert it.paged(reference) == ONCE


def test_a_worker_paused_between_claim_and_request_for_longer_than_its_lease_sends_nothing_more(
    it: Scene, cluster: Cluster
) -> None:
    # A claim does not read this table; the last look before a request does, and so does who takes over.
    waiting = "pg_locks WHERE relation = 'commitments'::regclass AND NOT granted"
    web, paused = it.start("serve", PAGER_ENGINE="off"), it.start("worker")
    paused.pause()
    references = [web.trigger().json()["reference"]]
    with cluster.holding(it.database_url, "LOCK TABLE commitments IN ACCESS EXCLUSIVE MODE"):
        paused.resume()
        it.until(lambda: cluster.count(it.database_url, waiting) == ONCE.total(), "last looks")
        paused.pause()
        other = it.start("worker")
        it.until(lambda: cluster.count(it.database_url, waiting) > ONCE.total(), "the other, after the lease")
    it.until(lambda: it.paged(references[0]) >= ONCE, "pages by the other")
    paused.resume()  # the look has told it that the page waits: only the lease keeps it from sending
    other.stop()
    references.append(open_encounter(it, web))
    it.rest(web)
    assert [it.paged(reference) for reference in references] == [ONCE, ONCE]


def test_a_worker_paused_in_the_middle_of_a_claim_keeps_the_other_from_nothing(it: Scene, cluster: Cluster) -> None:
    waiting = "pg_locks WHERE locktype = 'advisory' AND NOT granted"
    web, paused = it.start("serve", PAGER_ENGINE="off"), it.start("worker")
    with cluster.holding(it.database_url, f"SELECT pg_advisory_xact_lock({CLAIM_LOCK})"):
        references = [web.trigger().json()["reference"]]
        it.until(lambda: cluster.count(it.database_url, waiting), "a claim")
        paused.pause()
    it.start("worker")  # the paused one holds the lock now
    references.append(open_encounter(it, web))
    it.rest(web)
    paused.resume()
    references.append(open_encounter(it, web))
    it.rest(web)
    assert [it.paged(reference) for reference in references] == [ONCE] * 3


def test_a_process_cut_off_from_the_database_comes_back_by_itself(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.new_database()
    with scene(tmp_path, url) as it, line_to(cluster.socket) as line:
        cut_off = it.start("serve", PAGER_DATABASE_URL=cluster.by_port(url, line.port))
        withhold_the_answer(it, DAN)
        references = [open_encounter(it, cut_off)]
        line.cut()
        it.until(lambda: not cut_off.is_live(), "livez 503")
        assert cut_off.trigger().status_code == 503
        other = it.start("serve")
        references += [open_encounter(it, other)]
        it.rest(other)  # what the one was sending is decided by the other
        assert not cut_off.is_live()
        line.mend()
        it.until(cut_off.is_live, "livez 200")
        other.stop()
        references += [open_encounter(it, cut_off)]
        it.rest(cut_off)
        assert all(it.paged(reference) == ONCE for reference in references)
