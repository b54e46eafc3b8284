"""Who on the roster has something to be seen to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pager.domain.directory import Responder
from pager.domain.readiness import Concern, concerns
from pager.domain.roster import Tier
from tests.domain.test_telephone_list import ANA, BEN, SINCE, shift

TODAY = date(2026, 3, 6)
SOON = shift(Tier.PRIMARY, "ana", "2026-03-10T08:00", "2026-03-11T08:00")
LATER = shift(Tier.BACKUP, "ana", "2026-03-20T08:00", "2026-03-21T08:00")
RUNNING = shift(Tier.PRIMARY, "ben", "2026-03-01T08:00", "2026-04-01T08:00")


def found(*people: Responder) -> list[Concern]:
    return list(concerns(people, [LATER, SOON, RUNNING], SINCE, TODAY))


@pytest.mark.parametrize(
    ("days", "is_told", "has_ended"), [(-1, True, True), (0, True, False), (30, True, False), (31, False, False)]
)
def test_training_counts_from_thirty_days_before_its_end(days: int, is_told: bool, has_ended: bool) -> None:
    told = found(replace(ANA, trained_until=TODAY + timedelta(days=days)))
    assert [one.has_training_ended for one in told] == [has_ended] * is_told


def test_who_opted_out_of_sms_is_told_with_when_they_are_next_on_call() -> None:
    [told] = found(replace(ANA, sms_opted_out_at=SINCE))
    assert (told.has_no_sms, told.trained_until, told.on_call_at) == (True, None, SOON.start_at)


def test_who_is_on_call_now_comes_first() -> None:
    assert [one.on_call_at for one in found(*(replace(of, sms_opted_out_at=SINCE) for of in (ANA, BEN)))] == [
        SINCE,
        SOON.start_at,
    ]


def test_who_is_not_on_the_roster_and_who_is_all_they_should_be_is_left_alone() -> None:
    away = Responder("eva", "dcfs", "Eva Soto", None, "+12135550109", trained_until=TODAY)
    assert found(away, ANA, replace(BEN, trained_until=TODAY + timedelta(days=300))) == []
