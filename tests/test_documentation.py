"""What the pages say is there, and what is there is said: settings, commands, links."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from pager.cli import main
from pager.config import SETTINGS

ROOT = Path(__file__).parent.parent
SETTING = r"((?:PAGER|TWILIO)_[A-Z_]+)"


def commands(command: click.Command, name: str = "pager") -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with its full name, e.g. `pager db upgrade`; groups themselves are none."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    for child, subcommand in command.commands.items():
        yield from commands(subcommand, f"{name} {child}")


def sections(page: Path) -> dict[str, str]:
    """Return the text of each second-level section of a page by its heading."""
    parts = re.split(r"^## (.+)\n", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def dependencies() -> set[str]:
    """Return the name of every package that pyproject.toml asks for, to run and to develop."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = chain(project["project"]["dependencies"], *project["dependency-groups"].values())
    return {re.split(r"[^\w.-]", one)[0] for one in wanted if isinstance(one, str)}


def pages() -> list[Path]:
    """Return every file that the repository holds and that is text."""
    # A checkout may belong to another user than the one who runs the tests, in a container for instance.
    listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return [path for path in files if b"\0" not in path.read_bytes()]


def pages_with(pattern: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in pages() if re.search(pattern, path.read_text())]


def test_the_example_settings_file_lists_every_setting() -> None:
    listed = re.findall(rf"^# {SETTING}=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(SETTINGS)


def test_the_settings_page_explains_every_setting_and_no_other() -> None:
    explained = re.findall(rf"^\| `{SETTING}`", (ROOT / "docs/reference/settings.md").read_text(), flags=re.MULTILINE)
    assert sorted(explained) == sorted(SETTINGS)


def test_the_commands_page_has_a_section_for_every_command_and_no_other() -> None:
    described = {heading.strip("`") for heading in sections(ROOT / "docs/reference/commands.md")}
    assert described == {name for name, _ in commands(main)}


def test_the_commands_page_names_every_option() -> None:
    described = sections(ROOT / "docs/reference/commands.md")
    missing = [
        f"{name} {parameter.opts[0]}"
        for name, command in commands(main)
        for parameter in command.params
        if isinstance(parameter, click.Option) and f"`{parameter.opts[0]}" not in described.get(f"`{name}`", "")
    ]
    assert missing == []


def test_the_dependencies_page_accounts_for_every_dependency_and_no_other() -> None:
    page = (ROOT / "docs/dependencies.md").read_text()
    rows = re.findall(r"^\| (`.+?) \|", page, flags=re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == dependencies()


def test_nothing_is_left_to_be_done_later() -> None:
    assert pages_with(r"\b(TOD[O]|FIXM[E])\b") == []


def test_no_file_says_where_packages_are_fetched_from() -> None:
    assert pages_with(r"pypi[.]org|pythonhosted[.]org|--(extra-)?index-[u]rl|--find-[l]inks") == []


def test_every_test_that_a_page_names_is_there() -> None:
    missing = []
    for page in (ROOT / "docs").rglob("*.md"):
        path = ""
        for named, test in re.findall(r"`((?:tests/)?[\w/]*\.py)?::(test_\w+)`", page.read_text()):
            path = named.removeprefix("tests/") or path
            if f"def {test}(" not in (ROOT / "tests" / path).read_text():
                missing.append(f"{page.name}: {path}::{test}")
    assert missing == []
