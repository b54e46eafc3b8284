"""`pager policy check` and `show`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import HOME, Pager

POLICIES = HOME / "escalation_policies"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the policies, the second with a mistake in it."""
    folder = tmp_path / "policies"
    shutil.copytree(POLICIES, folder)
    path = folder / "outlying-station.yaml"
    path.write_text(path.read_text() + "\nladdder: []\n")
    return folder


def test_checks_the_folder_of_the_settings_when_no_file_is_named(pager: Pager) -> None:
    lines = pager("policy", "check").stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["OK  first-responder", "OK  outlying-station"]


def test_a_mistake_is_told_with_file_and_line(pager: Pager, folder: Path) -> None:
    path = folder / "outlying-station.yaml"
    last = len(path.read_text().splitlines())
    for arguments in ((), (folder,), (path,)):
        refused = pager("policy", "check", *arguments, exit_code=1, PAGER_POLICIES=str(folder)).stderr
        assert refused == f"{path}:{last}: laddder: is not a key here; did you mean ladder?\n"


def test_a_good_file_beside_a_bad_one_is_still_told_to_be_good(pager: Pager, folder: Path) -> None:
    files = [folder / "outlying-station.yaml", folder / "first-responder.yaml"]
    assert pager("policy", "check", *files, exit_code=1).stdout.startswith("OK  first-responder: ")


def test_a_folder_without_policies_is_a_finding(pager: Pager, tmp_path: Path) -> None:
    assert "holds no policy file" in pager("policy", "check", exit_code=1, PAGER_POLICIES=str(tmp_path)).stderr


def test_draws_a_policy(pager: Pager) -> None:
    shown = pager("policy", "show", "first-responder").stdout
    assert shown.startswith("first-responder: ")
    assert "    15m | everyone    SMS and call; the dispatcher is alerted\n" in shown


def test_an_unknown_policy_is_refused_with_those_that_there_are(pager: Pager) -> None:
    refused = pager("policy", "show", "xyz", exit_code=2).stderr
    assert "xyz is not the name of a policy; there are first-responder, outlying-station" in refused
