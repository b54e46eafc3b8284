"""The list of whom to telephone: who is on call until when, with numbers that can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pager.domain.directory import Agency, Responder, Station
from pager.domain.local_time import instant
from pager.domain.roster import Shift, Tier
from pager.domain.rotation import Rotation
from pager.domain.telephone_list import THE_END, AgencyNumbers, Line, agency_numbers
from tests.domain.test_rotation import ZONES, rotation

LOS_ANGELES = ZoneInfo(ZONES[0])

DCFS = Agency("dcfs", "Agency dcfs", "DCFS", "D C F S", "America/Los_Angeles", "+12135550100")
STATIONS = [Station(code, code, f"{code.title()} Stn", "first-responder") for code in ("compton", "lancaster")]
ANA = Responder("ana", "dcfs", "Ana Ruiz", "+12135550101", "+12135550101")
BEN = Responder("ben", "dcfs", "Ben Okafor", "+12135550102", "+13105550102")
SINCE = datetime(2026, 3, 6, 9, tzinfo=LOS_ANGELES).astimezone(UTC)  # two days before the clocks go forward
UNTIL = SINCE + timedelta(hours=72)


def shift(tier: Tier, responder: str, start: str, end: str, *stations: str) -> Shift:
    starts, ends = map(datetime.fromisoformat, (start, end))
    start_at, end_at = (instant(one, LOS_ANGELES) for one in (starts, ends))
    return Shift("dcfs", tier, responder, frozenset(stations), starts, ends, start_at, end_at)


ALWAYS = [shift(tier, "ana", "2026-01-01T00:00", "2027-01-01T00:00") for tier in Tier]


def listed(*entries: Shift, agency: Agency = DCFS, ana: Responder = ANA) -> AgencyNumbers:
    return agency_numbers(agency, STATIONS, entries, {"ana": ana, "ben": BEN}, SINCE, UNTIL)


def primaries(numbers: AgencyNumbers) -> list[Line]:
    return [line for line in numbers.blocks[0].lines if line.tier is Tier.PRIMARY]


def test_one_person_on_a_tier_is_one_line_with_readable_numbers() -> None:
    [block] = listed(*ALWAYS).blocks
    assert block.stations == ()
    assert list(block.lines) == [Line(tier, THE_END, "Ana Ruiz", "213-555-0101", "same") for tier in Tier]


def test_hand_overs_stand_in_their_order_in_local_time_across_a_change_of_the_clocks() -> None:
    turns: Rotation = rotation("2026-03-06T08:00", timedelta(days=1), "ana", "ben")
    lines = primaries(listed(*(replace(one, tier=Tier.PRIMARY) for one in turns.turns(SINCE, UNTIL))))
    assert [(line.name, line.until) for line in lines] == [
        ("Ana Ruiz", "Sat Mar 7, 8:00am"),
        ("Ben Okafor", "Sun Mar 8, 8:00am"),
        ("Ana Ruiz", "Mon Mar 9, 8:00am"),
        ("Ben Okafor", THE_END),
    ]


def test_one_person_who_follows_themselves_hands_nothing_over() -> None:
    parts = [("2026-03-01T00:00", "2026-03-07T08:00"), ("2026-03-07T08:00", "2026-04-01T00:00")]
    [line] = primaries(listed(*(shift(Tier.PRIMARY, "ana", *part) for part in parts)))
    assert line.until == THE_END


def test_stations_with_the_same_people_stand_together_and_others_by_themselves() -> None:
    far = shift(Tier.PRIMARY, "ben", "2026-01-01T00:00", "2027-01-01T00:00", "lancaster")
    assert [block.stations for block in listed(*ALWAYS, far).blocks] == [("Compton Stn",), ("Lancaster Stn",)]
    [block] = listed(*ALWAYS).blocks
    assert block.stations == (), "all of them"


def test_where_nobody_is_on_call_the_duty_phone_stands_in() -> None:
    [first, second] = primaries(listed(shift(Tier.PRIMARY, "ana", "2026-03-07T08:00", "2026-04-01T00:00")))
    assert first == Line(Tier.PRIMARY, "Sat Mar 7, 8:00am", "nobody: duty phone", "213-555-0100", "", is_gap=True)
    assert not second.is_gap
    [nobody] = primaries(listed(agency=replace(DCFS, duty_phone=None)))
    assert (nobody.name, nobody.call) == ("nobody", "")


def test_says_where_texts_do_not_go_to_the_number_that_is_called() -> None:
    def texts(**numbers: object) -> tuple[str, str]:
        [line] = primaries(listed(*ALWAYS, ana=replace(ANA, **numbers)))  # type: ignore[arg-type]  # each fits its field
        return line.call, line.text

    assert texts(voice="+13105550101") == ("310-555-0101", "213-555-0101")
    assert texts(sms=None) == ("213-555-0101", "none")
    assert texts(voice=None) == ("none", "213-555-0101")
    assert texts(sms_opted_out_at=SINCE) == ("213-555-0101", "opted out")
