"""Every key and column of the files that people write is told."""

from __future__ import annotations

import re

import pytest

from pager.adapters import directory_sections, policy_files
from pager.adapters.checked_file import Section
from pager.adapters.roster_csv import COLUMNS
from tests.documentation.pages import DOCS

PAGE = DOCS / "reference/formats.md"


def keys_of(module: object) -> set[str]:
    """Return every key of the sections that a module reads."""
    found = (one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Section))
    return {key for section in found for key in section.model_fields}


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Directory file", keys_of(directory_sections)),
        ("Policy file", keys_of(policy_files)),
        ("Roster CSV", set(COLUMNS)),
    ],
)
def test_every_key_is_told(heading: str, wanted: set[str]) -> None:
    told = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    assert wanted - set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`]+`", told)))) == set()
    assert wanted
