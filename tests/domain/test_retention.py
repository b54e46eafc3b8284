"""Certificates of purges: chained, and broken by whatever is changed in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pager.domain.retention import BrokenCertificate, Certificate, PurgedEncounter, verify

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
THEN = datetime(2024, 3, 2, 11, tzinfo=UTC)
FIRST = (PurgedEncounter(1, 12, "aa"), PurgedEncounter(2, 7, "bb"))
SECOND = (PurgedEncounter(3, 9, "cc"),)

Chain = list[tuple[Certificate, tuple[PurgedEncounter, ...]]]


def chain() -> Chain:
    first = Certificate(1, AT, "tests", THEN, 2, previous="").sealed(FIRST)
    second = Certificate(2, AT, "tests", THEN, 1, previous=first.hash).sealed(SECOND)
    return [(first, FIRST), (second, SECOND)]


def test_certificates_as_they_were_written_are_whole() -> None:
    assert verify(chain()) is None
    assert verify([]) is None


def test_they_can_be_checked_a_part_at_a_time() -> None:
    (first, _), second = chain()
    assert verify([second], first) is None
    assert verify([second]) == BrokenCertificate(1, "is missing")


@pytest.mark.parametrize("change", [{"at": THEN}, {"by": "me"}, {"ended_before": AT}, {"encounters": 3}])
def test_whatever_is_changed_in_one_shows(change: dict[str, object]) -> None:
    first, second = chain()
    assert verify([(replace(first[0], **change), FIRST), second]) == BrokenCertificate(1, "was changed")  # type: ignore[arg-type] # one field of several types


@pytest.mark.parametrize(
    "named", [(), FIRST[:1], (*FIRST, PurgedEncounter(9, 1, "dd")), (FIRST[0], replace(FIRST[1], timeline_head="ee"))]
)
def test_so_does_another_set_of_encounters(named: tuple[PurgedEncounter, ...]) -> None:
    first, second = chain()
    assert verify([(first[0], named), second]) == BrokenCertificate(1, "was changed")


def test_one_that_was_written_anew_breaks_the_next() -> None:
    first, second = chain()
    anew = replace(first[0], by="me").sealed(FIRST)
    assert verify([(anew, FIRST), second]) == BrokenCertificate(2, "was changed")


def test_its_document_holds_all_that_the_hash_is_over() -> None:
    certificate, purged = chain()[1]
    document = json.loads(json.dumps(certificate.document(purged)))
    named = [PurgedEncounter(**one) for one in document.pop("purged")]
    times = {name: datetime.fromisoformat(document[name]) for name in ("at", "ended_before")}
    assert Certificate(**(document | times)).digest(named) == document["hash"]
