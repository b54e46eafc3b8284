"""Policy files: what the interface says is read, and every mistake is found with its line before a page meets it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pager.adapters.policy_files import read_policies, read_policy
from pager.adapters.yaml_lines import FileError
from pager.domain.directory import Channel
from pager.domain.policy import Acknowledgement, Audience, Repeat, Rung

SHIPPED = Path(__file__).parents[2] / "escalation_policies"
MINIMAL = "policy: minimal\nagencies: [{agency: dcfs}, {agency: dhs}]\nladder: [{at: 0m, page: primary, by: [sms]}]\n"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def problems(path: Path, content: str) -> list[str]:
    """Return what `read_policy` refuses in a file, each as `line: field: message`."""
    path.write_text(content)
    with pytest.raises(FileError) as caught:
        read_policy(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_reads_the_default_policy_as_the_protocol_has_it() -> None:
    policy = read_policy(SHIPPED / "first-responder.yaml")
    assert [plan.agency for plan in policy.agencies] == ["dcfs", "dhs", "dmh", "probation", "advocates"]
    assert not any(plan.may_be_left_out for plan in policy.agencies)
    assert (policy.window, policy.plan("dcfs").travel) == (minutes(90), minutes(45))
    assert [(rung.at, rung.page) for rung in policy.plan("dmh").ladder] == [
        (minutes(0), Audience.PRIMARY),
        (minutes(2), Audience.PRIMARY),
        (minutes(6), Audience.BACKUP),
        (minutes(7), Audience.BACKUP),
        (minutes(12), Audience.SUPERVISOR),
        (minutes(15), Audience.EVERYONE),
        (minutes(20), Audience.ALL_HANDS),
    ]
    assert policy.plan("dhs").ladder[5] == Rung(minutes(15), Audience.EVERYONE, (Channel.SMS, Channel.VOICE), True)
    assert policy.repeat == Repeat(minutes(5), minutes(15))
    assert {follow_up.within for follow_up in policy.follow_ups} == {hours(72)}
    assert policy.follow_ups[0].agency == "dhs"


def test_reads_an_agency_with_its_own_ladder_and_one_that_may_be_left_out() -> None:
    policy = read_policy(SHIPPED / "outlying-station.yaml")
    assert policy.plan("advocates").ladder[-1].at == minutes(8)
    assert policy.plan("advocates").travel == minutes(30)
    assert [plan.agency for plan in policy.agencies if plan.may_be_left_out] == ["probation"]


def test_what_is_left_out_has_the_defaults_of_the_interface(path: Path) -> None:
    path.write_text(MINIMAL)
    policy = read_policy(path)
    assert policy.window == minutes(90)
    assert policy.plan("dcfs").travel is None
    assert policy.repeat == Repeat(minutes(5), minutes(5))
    assert policy.acknowledgement == Acknowledgement(minutes(3), minutes(10))
    assert policy.follow_ups == ()


def test_the_pause_past_the_window_is_that_within_it_unless_it_is_given(path: Path) -> None:
    path.write_text(MINIMAL + "repeat: {every: 4m}\n")
    assert read_policy(path).repeat == Repeat(minutes(4), minutes(4))


def test_a_follow_up_is_due_in_72_hours_and_reminded_before_that(path: Path) -> None:
    path.write_text(MINIMAL + "follow_ups: [{name: safe_place, agency: dhs, within: 48h}, {name: x, agency: dhs}]\n")
    short, usual = read_policy(path).follow_ups
    assert (short.title, short.remind) == ("Safe place", (hours(24),))
    assert (usual.within, usual.remind) == (hours(72), (hours(24), hours(48), hours(66)))


@pytest.mark.parametrize("key", ["policy", "agencies", "ladder"])
def test_refuses_a_file_without_a_required_key(path: Path, key: str) -> None:
    rest = "".join(line for line in MINIMAL.splitlines(keepends=True) if not line.startswith(key))
    (problem,) = problems(path, rest)
    assert problem.startswith(f"1: {key}: is missing; write it like `{key}: ")


HEAD = "policy: x\nagencies: [{agency: dcfs}, {agency: dhs}]\n"
ONE_RUNG = "ladder: [{at: 0m, page: primary, by: [sms]}]\n"


@pytest.mark.parametrize(
    ("ladder", "problem"),
    [
        ("ladder: []", "3: ladder: is empty: nobody would be paged"),
        ("ladder:", "3: ladder: has no value"),
        ("ladder: {at: 0m}", "3: ladder: should be a list"),
        ("ladder:\n- [0m, primary]", "4: ladder[0]: should be keys with values: at, page, by, alert_dispatcher"),
        ("ladder:\n- {at: 0, page: primary, by: [sms]}", "4: ladder[0].at: 0 is not a duration; write it like 90s"),
        ("ladder:\n- {at: true, page: primary, by: [sms]}", "4: ladder[0].at: true is not a duration"),
        ("ladder:\n- {at: -5m, page: primary, by: [sms]}", "4: ladder[0].at: -5m is not a duration"),
        ("ladder:\n- {at: 1m, page: primary, by: [sms]}", "4: ladder[0].at: the first rung should be at 0m, not 1m"),
        ("ladder:\n- {page: primary, by: [sms]}", "4: ladder[0].at: is missing; write it like `at: 15m`"),
        (
            "ladder:\n- {at: 0m, page: 12, by: [sms]}",
            "4: ladder[0].page: 12 is not one of primary, backup, supervisor, everyone, all_hands",
        ),
        (
            "ladder:\n- {at: 0m, page: bakcup, by: [sms]}",
            "4: ladder[0].page: bakcup is not one of primary, backup, supervisor, everyone, all_hands; "
            "did you mean backup?",
        ),
        ("ladder:\n- {at: 0m, page: primary, by: []}", "4: ladder[0].by: is empty: nobody would be paged"),
        ("ladder:\n- {at: 0m, page: primary, by: sms}", "4: ladder[0].by: sms should be a list"),
        ("ladder:\n- {at: 0m, page: primary, by: [fax]}", "4: ladder[0].by[0]: fax is not one of sms, voice"),
        ("ladder:\n- {at: 0m, page: primary, by: [sms, sms]}", "4: ladder[0].by: names a channel twice"),
        (
            'ladder:\n- {at: 0m, page: primary, by: [sms], alert_dispatcher: "true"}',
            "4: ladder[0].alert_dispatcher: true should be true or false, without quotes",
        ),
        (
            "ladder:\n- {at: 0m, page: primary, by: [sms], alert_dispatch: true}",
            "4: ladder[0].alert_dispatch: is not a key here; did you mean alert_dispatcher?",
        ),
        (
            "ladder:\n- {at: 0m, page: primary, by: [sms]}\n- {at: 5m, page: backup, by: [sms]}\n"
            "- {at: 2m, page: supervisor, by: [sms]}",
            "6: ladder[2].at: 2m is before the rung above it (5m in line 5); put the rungs in order",
        ),
    ],
)
def test_refuses_a_ladder_that_cannot_be_climbed(path: Path, ladder: str, problem: str) -> None:
    (found,) = problems(path, HEAD + ladder)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        ("window: 0m", "4: window: should be longer than nothing"),
        ("window: 90", "4: window: 90 is not a duration; write it like 90s, 15m or 72h"),
        ("titel: x", "4: titel: is not a key here; did you mean title?"),
        ("repeat: {every: 0m}", "4: repeat.every: should be longer than nothing"),
        ("repeat: {after_window: 0s}", "4: repeat.after_window: should be longer than nothing"),
        ("repeat: 5m", "4: repeat: should be keys with values: every, after_window"),
        ("acknowledgement:\n  check_in: 0m", "5: acknowledgement.check_in: should be longer than nothing"),
        ("follow_ups:\n- {name: a, agency: dmh}", "5: follow_ups[0].agency: dmh is not an agency of this policy"),
        (
            "follow_ups:\n- {name: a, agency: dhs, within: 48h, remind: [24h, 72h]}",
            "5: follow_ups[0].remind[1]: 72h is past the 48h in which the service is due",
        ),
        (
            "follow_ups:\n- {name: a, agency: dhs, remind: [48h, 24h]}",
            "5: follow_ups[0].remind[1]: 24h should be after the reminder before it",
        ),
        ("follow_ups:\n- {name: a b, agency: dhs}", "5: follow_ups[0].name: a b should be small letters"),
        (
            "follow_ups:\n- {name: a, agency: dhs}\n- {name: a, agency: dcfs}",
            "6: follow_ups[1].name: a is named twice; it is in line 5 already",
        ),
    ],
)
def test_refuses_what_could_not_be_carried_out(path: Path, rest: str, problem: str) -> None:
    (found,) = problems(path, HEAD + ONE_RUNG + rest)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("agencies", "problem"),
    [
        ("agencies: []", "3: agencies: is empty: a policy pages one agency at least"),
        ("agencies: [dcfs]", "3: agencies[0]: should be keys with values: agency, travel"),
        ("agencies: [{agency: dcfs},\n {agency: dcfs}]", "4: agencies[1].agency: dcfs is named twice; it is in line 3"),
        ("agencies: [{agency: DCFS}]", "3: agencies[0].agency: DCFS should be small letters"),
        ("agencies: [{agency: dcfs, may_be_left_out: yes}]", "3: agencies[0].may_be_left_out: yes should be true or"),
        ("agencies: [{agency: dcfs, ladder: }]", "3: agencies[0].ladder: has no value"),
        (
            "agencies: [{agency: dcfs, ladder: [{at: 1m, page: primary, by: [sms]}]}]",
            "3: agencies[0].ladder[0].at: the",
        ),
    ],
)
def test_refuses_agencies_that_could_not_be_paged(path: Path, agencies: str, problem: str) -> None:
    (found,) = problems(path, f"policy: x\n{ONE_RUNG}{agencies}")
    assert found.startswith(problem)


def test_tells_everything_that_is_wrong_in_one_run(path: Path) -> None:
    found = problems(
        path, "policy: X\nwindow: 0m\nwindow: 1m\nagencies: []\nladder:\n- {at: 3m, page: all, by: [sms]}\n"
    )
    assert [problem.split(": ")[:2] for problem in found] == [
        ["1", "policy"],
        ["3", "window"],
        ["4", "agencies"],
        ["6", "ladder[0].page"],
    ]


def test_a_folder_gives_its_policies_by_name_whatever_the_files_are_called(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MINIMAL)
    (tmp_path / "b.yml").write_text(MINIMAL.replace("minimal", "other"))
    (tmp_path / ".c.yaml").write_text("what an editor left")
    (tmp_path / "README.md").write_text("not a policy")
    assert set(read_policies(tmp_path)) == {"minimal", "other"}


def test_two_files_with_one_name_are_refused_and_so_is_every_other_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MINIMAL)
    (tmp_path / "b.yaml").write_text("# a copy\n" + MINIMAL)
    (tmp_path / "c.yaml").write_text("policy: c\n")
    with pytest.raises(FileError) as caught:
        read_policies(tmp_path)
    first, *others = (str(problem) for problem in caught.value.problems)
    assert first == f"{tmp_path}/b.yaml:2: policy: minimal is the policy of {tmp_path}/a.yaml already; " + (
        "give this one another name"
    )
    assert len(others) == 2


def test_a_folder_without_a_policy_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(FileError, match="holds no policy file"):
            read_policies(folder)
