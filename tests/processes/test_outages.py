"""The database goes away under load: what is accepted is paged once, what is not is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes.load import dispatching
from tests.processes.postgresql import Cluster
from tests.processes.running import ONCE, scene

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOME = 20


def test_what_was_accepted_around_a_crash_of_postgresql_is_paged_once(cluster: Cluster, tmp_path: Path) -> None:
    with scene(tmp_path, cluster.new_database()) as it:
        both = [it.start("serve"), it.start("serve")]
        with dispatching(at=both) as answers:
            it.until(lambda: len(answers.accepted()) >= SOME, "triggers that are accepted")
            with cluster.away("immediate"):
                it.until(lambda: len(answers.refused()) >= SOME, "triggers that are refused")
            before = len(answers.accepted())
            it.until(lambda: len(answers.accepted()) >= before + SOME, "triggers accepted again")
        it.rest(both[0])
        assert answers.unanswered == []
        assert [answer for answer in answers.refused() if not answer.is_proper_refusal] == []
        assert all(it.paged(reference) == ONCE for reference in answers.accepted())


def test_two_processes_on_one_sqlite_file_page_each_encounter_once(sqlite_url: str, tmp_path: Path) -> None:
    with scene(tmp_path, sqlite_url) as it:
        both = [it.start("serve"), it.start("serve")]
        it.start("worker")
        with dispatching(at=both) as answers:
            it.until(lambda: len(answers.accepted()) >= 2 * SOME, "triggers that are accepted")
        it.rest(both[0])
        assert (answers.refused(), answers.unanswered) == ([], [])
        assert all(it.paged(reference) == ONCE for reference in answers.accepted())
