"""The files that pages show are good files, and what commands are said to print is what they print."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pager.adapters.directory_file import read_directory
from pager.cli import main
from pager.config import SETTINGS
from tests.documentation.pages import DOCS, blocks

HOW_TO = DOCS / "how-to"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def shown(page: str, language: str) -> str:
    """Return the first piece of a page in a language."""
    return next(blocks(HOW_TO / page, language)).text


@pytest.mark.parametrize("page", ["first-agency.md", "load-a-directory.md"])
def test_a_directory_that_a_page_shows_can_be_loaded(page: str, tmp_path: Path) -> None:
    path = tmp_path / "county.yaml"
    path.write_text(shown(page, "yaml"))
    file = read_directory(path, region="US", timezone="America/Los_Angeles", policies=["first-responder"], now=NOW)
    assert (file.warnings, len(file.agencies)) == ((), 1)


def test_a_policy_that_a_page_shows_is_drawn_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "harbor.yaml").write_text(shown("write-a-policy.md", "yaml"))
    env = dict.fromkeys(SETTINGS, "") | {"PAGER_POLICIES": str(tmp_path)}
    said = CliRunner().invoke(main, ["policy", "show", "harbor"], env=env)
    assert said.exit_code == 0
    assert next(block.text for block in blocks(HOW_TO / "write-a-policy.md", "")) in said.output
