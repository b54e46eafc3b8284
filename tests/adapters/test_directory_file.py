"""Directory files: what they may name, and every mistake found with its line before anything is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import pager
from pager.adapters.policy_files import read_policy
from pager.domain.directory import Channel, Responder
from pager.domain.directory_file import DirectoryFile
from pager.domain.roster import Tier, on_call
from tests.adapters.directory_support import AGENCIES, BASE, NOW, local, problems, read, shift, shifts
from tests.work import work

COUNTY = Path(pager.__file__).parent / "demo" / "county.yaml"
POLICY = Path(__file__).parents[2] / "escalation_policies" / "first-responder.yaml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def test_the_demonstration_county_has_the_agencies_of_the_default_policy_and_nothing_to_warn_of(path: Path) -> None:
    file = read(path, COUNTY.read_text())
    policy = read_policy(POLICY)
    assert [agency.code for agency in file.agencies] == [plan.agency for plan in policy.agencies]
    assert {station.policy for station in file.stations} == {policy.name}
    assert (len(file.stations), file.warnings) == (9, ())


def test_the_demonstration_county_has_somebody_on_every_tier_for_years(path: Path) -> None:
    file = read(path, COUNTY.read_text())
    for agency in ("dcfs", "dhs", "dmh", "probation", "advocates"):
        own = [one for one in file.shifts if one.agency == agency]
        for year in (2021, 2026, 2039):
            tiers = [on_call(own, station, NOW.replace(year=year)) for station in ("compton", "lancaster")]
            assert [set(tier) for tier in tiers] == [set(Tier), set(Tier)]
            assert tiers[0][Tier.PRIMARY] != tiers[1][Tier.PRIMARY]


def test_what_is_left_out_has_the_defaults_of_the_interface(path: Path) -> None:
    file = read(path, BASE)
    agency, station, responder = file.agencies[0], file.stations[0], file.responders[0]
    assert (agency.short, agency.spoken, agency.timezone) == ("DCFS", "DCFS", "America/Los_Angeles")
    assert (station.short, station.policy, station.live_since) == ("Compton", "first-responder", None)
    assert (responder.voice, responder.trained_until) == ("+12135550101", None)


def test_numbers_are_kept_as_e164_however_they_are_written(path: Path) -> None:
    content = AGENCIES + "responders: [{id: a, agency: dcfs, name: A, sms: (213) 555-0101, voice: +1 310 555 0101}]"
    assert read(path, content).responders[0] == Responder("a", "dcfs", "A", "+12135550101", "+13105550101")


def test_a_responder_with_a_voice_number_only_is_only_called(path: Path) -> None:
    file = read(path, AGENCIES + 'responders: [{id: a, agency: dcfs, name: A, voice: "+12135550101"}]')
    assert file.responders[0].channels == {Channel.VOICE}


@pytest.mark.parametrize("start", ["2026-08-01T08:00", '"2026-08-01T08:00"', "2026-08-01 08:00", "2026-08-01T08:00:00"])
def test_local_times_are_read_quoted_or_not(path: Path, start: str) -> None:
    (one,) = read(path, BASE + shifts(shift(", stations: [compton]", start=start))).shifts
    assert one.key[1:] == ("dcfs", Tier.PRIMARY, frozenset({"compton"}), local("2026-08-01T08:00"))
    assert (one.start_at, one.end_at) == (datetime(2026, 8, 1, 15, tzinfo=UTC), datetime(2026, 8, 2, 15, tzinfo=UTC))


@pytest.mark.parametrize("day", ["2014-08-01", '"2014-08-01"'])
def test_days_are_read_quoted_or_not(path: Path, day: str) -> None:
    file = read(path, f"stations: [{{code: compton, name: Compton, live_since: {day}}}]")
    assert file.stations[0].live_since == date(2014, 8, 1)


@pytest.mark.parametrize("content", ["agencies:\n", "shifts: []\nrotations: []\n", "rotations:\n"])
def test_a_file_may_name_nothing(path: Path, content: str) -> None:
    assert read(path, content) == DirectoryFile()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "overrides: []",
            "1: overrides: is not a key here; known are agencies, stations, responders, shifts, rotations",
        ),
        ("shift: []", "1: shift: is not a key here; did you mean shifts?"),
        ("agencies: {code: dcfs}", "1: agencies: should be a list"),
        ("agencies:\n- {name: D}", "2: agencies[0].code: is missing; write it like `code: dcfs`"),
        ("agencies:\n- {code: D, name: D}", "2: agencies[0].code: D should be small letters"),
        ("agencies:\n- {code: d, name: D, timezone: America/Los_Angelas}", "2: agencies[0].timezone: America/Los_Ang"),
        ("agencies:\n- {code: d, name: D, duty_phone: }", "2: agencies[0].duty_phone: has no value"),
        (
            "agencies:\n- {code: d, name: D}\n- {code: d, name: E}",
            "3: agencies[1].code: d is named twice; it is in line 2",
        ),
        ("stations:\n- {code: 77th, name: S}", "2: stations[0].code: 77th should be small letters"),
        (
            "stations:\n- {code: s, name: S, policy: first-respondr}",
            "2: stations[0].policy: first-respondr is not the name of a policy; did you mean first-responder?",
        ),
        ("stations:\n- {code: s, name: S, live_since: 1.8.2014}", "2: stations[0].live_since: 1.8.2014 is not a day"),
        ("stations:\n- {code: s, name: S, live_since: 2014-02-30}", "2: stations[0].live_since: 2014-02-30 does not"),
        (
            AGENCIES + 'responders:\n- {id: a, agency: dhx, name: A, sms: "+12135550101"}',
            "5: responders[0].agency: dhx is",
        ),
        (AGENCIES + "responders:\n- {id: a, agency: dhs, name: A}", "5: responders[0]: a has no telephone number"),
        (
            AGENCIES + "responders:\n- {id: a, agency: dhs, name: A, sms: 555-0101}",
            "5: responders[0].sms: 555-0101 is not",
        ),
        (
            AGENCIES + "responders:\n- {id: a, agency: dhs, name: A, sms: 213-555-0101 x7}",
            "5: responders[0].sms: 213-555",
        ),
        (
            AGENCIES + 'responders:\n- {id: dhs-duty, agency: dhs, name: A, sms: "+12135550101"}',
            "5: responders[0].id: dhs-duty is the name of a duty phone",
        ),
        (
            AGENCIES + 'responders:\n- {id: a, agency: dhs, name: A, voice: "213-555-0110"}',
            "5: responders[0].voice: is the number of dhs-duty already (in line 3)",
        ),
        (
            BASE + '  - {id: dhs-al, agency: dhs, name: Al, sms: "+12135550103", voice: "+12135550101"}',
            "9: responders[3].voice: is the number of dcfs-ana already (in line 6)",
        ),
        (
            BASE + '  - {id: dcfs-ana, agency: dcfs, name: Ana, sms: "+12135550103"}',
            "9: responders[3].id: dcfs-ana is named twice; it is in line 6 already",
        ),
    ],
)
def test_refuses_entries_that_are_wrong_at_their_line(path: Path, content: str, problem: str) -> None:
    (found,) = problems(path, content)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (shift(who="dcfs-anna"), "responder: dcfs-anna is not one of the responders; did you mean dcfs-ana?"),
        (shift(who="dhs-thuy"), "responder: dhs-thuy belongs to dhs, not to dcfs"),
        (shift(who="dcfs-duty"), "responder: dcfs-duty is a duty phone, which is on no tier"),
        (shift(", stations: [comptn]"), "stations[0]: comptn is not one of the stations; did you mean compton?"),
        (shift(", stations: [compton, compton]"), "stations[1]: compton is named twice"),
        (shift(", stations: []"), "stations: is empty; name a station, or take the key out to serve all of them"),
        (shift(", stations: "), "stations: has no value"),
        (shift(", station: compton"), "station: is not a key here; did you mean stations?"),
        (shift().replace("tier: primary", "tier: third"), "tier: third is not one of primary, backup, supervisor"),
        (shift().replace("agency: dcfs", "agency: dcf"), "agency: dcf is not one of the agencies; did you mean dcfs?"),
        (shift(end="2026-08-01T08:00"), "end: 2026-08-01T08:00 should be after the start, 2026-08-01T08:00"),
        (shift(start="2026-08-01T08:00Z"), "start: 2026-08-01T08:00Z names a zone; write the agency's local time"),
        (shift(start="2026-08-01 08:00:00-07:00"), "start: 2026-08-01 08:00:00-07:00 names a zone"),
        (shift(start="2026-08-01"), "start: 2026-08-01 is not a local time; write it like 2026-01-31T08:00"),
        (shift(end="2026-08-01T24:00"), "end: 2026-08-01T24:00 does not exist: hour must be in 0..23"),
        (shift(end="9999-12-31T23:59"), "end: 9999-12-31T23:59 should lie in a year from 1970 to 2200"),
        (
            shift(end="2027-03-14T02:30"),
            "end: 2027-03-14T02:30 does not exist in America/Los_Angeles: the clocks jump over it; "
            "write 2027-03-14T03:30",
        ),
    ],
)
def test_refuses_shifts_that_are_wrong_at_their_line(path: Path, line: str, problem: str) -> None:
    found = problems(path, BASE + shifts(line))
    assert found[0].startswith(f"10: shifts[0].{problem}")


def test_overlapping_shifts_name_both_lines(path: Path) -> None:
    (found,) = problems(
        path, BASE + shifts(shift(), shift(who="dcfs-ben", start="2026-08-02T07:00", end="2026-08-03T08:00"))
    )
    assert found.startswith(
        "11: shifts[1]: overlaps dcfs-ana from 2026-08-01T08:00 to 2026-08-02T08:00 (in line 10): two"
    )


def test_a_shift_for_one_station_stands_beside_one_for_all(path: Path) -> None:
    file = read(path, BASE + shifts(shift(), shift(", stations: [century]", who="dcfs-ben")))
    assert len(file.shifts) == 2


def test_one_mistake_is_told_once(path: Path) -> None:
    content = BASE.replace("name: Ana Ruiz", "nam: Ana Ruiz") + shifts(shift())
    assert [problem.split(": ")[1] for problem in problems(path, content)] == [
        "responders[0].name",
        "responders[0].nam",
    ]


def test_warns_of_an_agency_without_a_duty_phone_and_of_a_telling_short_name(path: Path) -> None:
    warnings = read(path, "agencies:\n- {code: dcfs, name: D, short: Child Services}\n").warnings
    assert warnings == (
        f"{path}:2: agencies[0]: dcfs has no duty_phone: when a tier has nobody, nobody is called",
        f"{path}:2: agencies[0].short: Child says what a message is about; use initials",
    )


@pytest.mark.parametrize(("day", "verb"), [("2026-06-30", "ended"), ("2026-07-20", "ends")])
def test_warns_of_training_that_is_over_or_soon_will_be(path: Path, day: str, verb: str) -> None:
    content = BASE.replace("name: Ana Ruiz", f"name: Ana Ruiz, trained_until: {day}")
    assert read(path, content).warnings == (
        f"{path}:6: responders[0].trained_until: the training of dcfs-ana {verb} on {day}; renew it",
    )


def test_warns_that_a_time_that_comes_twice_is_read_as_the_first(path: Path) -> None:
    file = read(path, BASE + shifts(shift(end="2026-11-01T01:30")))
    assert file.shifts[0].end_at == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert file.warnings[0].startswith(f"{path}:10: shifts[0].end: 2026-11-01T01:30 comes twice in America/Los_Angeles")


def test_nobody_is_newly_put_on_call_past_the_end_of_their_training(path: Path) -> None:
    trained = BASE.replace("name: Ana Ruiz", "name: Ana Ruiz, trained_until: 2026-07-31")
    (found,) = problems(path, trained + shifts(shift()))
    assert found.startswith("10: shifts[0].responder: dcfs-ana's training ended on 2026-07-31: nobody is newly")


def test_many_shifts_take_as_much_longer_to_read_as_there_are_more_of_them(path: Path) -> None:
    begins = [local("2026-08-01T06:00") + timedelta(hours=6 * index) for index in range(3_000)]
    lines = [shift(start=f"{at:%Y-%m-%dT%H:%M}", end=f"{at + timedelta(hours=6):%Y-%m-%dT%H:%M}") for at in begins]
    few = work(lambda: read(path, BASE + shifts(*lines[:300])))
    assert work(lambda: read(path, BASE + shifts(*lines))) < 40 * few
