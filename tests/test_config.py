"""The settings: read once, complete, or refused with all that is wrong at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pager.config import REQUIRED_TO_SERVE, ROOT, SETTINGS, SettingsError, read_settings


def test_nothing_set_is_the_defaults() -> None:
    settings = read_settings({})
    assert settings.database_url == f"sqlite:///{ROOT}/instance/pager.db"
    assert settings.policies == ROOT / "escalation_policies"
    assert settings.runs_engine


def test_all_that_is_missing_or_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(
            {"PAGER_TIMEZONE": "Mars", "PAGER_ENGINE": "maybe", "PAGER_CALLS_PER_SECOND": "-1", "PAGER_ALARM_TO": "12"},
            REQUIRED_TO_SERVE,
        )
    lines = str(refused.value).splitlines()
    assert [line.split()[0] for line in lines] == sorted([line.split()[0] for line in lines], key=SETTINGS.index)
    assert {line.split()[0] for line in lines} == {
        "PAGER_TIMEZONE", "PAGER_ENGINE", "PAGER_CALLS_PER_SECOND", "PAGER_ALARM_TO", *REQUIRED_TO_SERVE,
    }  # fmt: skip


def test_an_empty_setting_counts_as_not_given() -> None:
    assert read_settings({"PAGER_REGION": "  "}).region == "US"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:///instance/x.db", f"sqlite:///{ROOT}/instance/x.db"),
        ("sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
        ("postgresql+psycopg://a:b@c/d", "postgresql+psycopg://a:b@c/d"),
    ],
)
def test_a_relative_database_lies_under_the_project_root(given: str, meant: str) -> None:
    assert read_settings({"PAGER_DATABASE_URL": given}).database_url == meant


def test_policies_lie_under_the_project_root_wherever_it_is_started_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({"PAGER_POLICIES": "mine"}).policies == ROOT / "mine"
    assert read_settings({"PAGER_POLICIES": str(tmp_path)}).policies == tmp_path


def test_numbers_are_separated_by_commas() -> None:
    settings = read_settings({"TWILIO_FROM": "+12135550190, +12135550191,"})
    assert settings.senders == ("+12135550190", "+12135550191")
