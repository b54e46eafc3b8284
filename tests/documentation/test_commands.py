"""What the pages tell people to type exists: commands, options, settings, targets of make."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from pager.cli import main
from pager.config import SETTINGS
from tests.documentation.pages import DOCS, ROOT, all_pages, code

# Settings of the tests and of the tools beside pager, which no service reads.
OTHER_SETTINGS = {"PAGER_TEST_EXAMPLES"}
# A call begins a line or follows a setting, a path, a pipe or an opening; `createdb pager` is none.
CALL = re.compile(r"(?:^ *|\w=\S+ |bin/|[|;&(] ?)pager ([a-z][^\n|;&>)]*)", flags=re.MULTILINE)


def calls(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of `pager` in a piece of code, without the name itself; a comment ends one."""
    for call in CALL.findall(text.replace("\\\n", " ")):
        yield [word for word in split(call) if word]


def split(call: str) -> list[str]:
    try:
        return shlex.split(call, comments=True)
    except ValueError:  # a quotation mark that closes outside
        return call.replace("'", "").replace('"', "").split()


def mistake(words: list[str]) -> str | None:
    """Return what is wrong with a call, None where nothing is."""
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group):
        if not rest:
            return None  # the group itself is spoken of
        name = rest.pop(0)
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]
    return f"no option {unknown[0]}" if unknown else None


def in_pages() -> Iterator[tuple[Path, str]]:
    yield from ((page, text) for page in all_pages() for text in code(page))
    yield from ((path, path.read_text()) for path in sorted((DOCS / "deploy").glob("*.service")))


def test_every_command_that_a_page_shows_exists_with_its_options() -> None:
    found = [(page, words) for page, text in in_pages() for words in calls(text)]
    assert len(found) > 100, "the pages show commands"
    wrong = [f"{page.relative_to(ROOT)}: pager {' '.join(words)}: {mistake(words)}" for page, words in found]
    assert [one for one in wrong if not one.endswith(": None")] == []


def test_every_setting_that_a_page_names_exists() -> None:
    for page, text in in_pages():
        unknown = set(re.findall(r"\b(?:PAGER|TWILIO)_[A-Z_]+\b", text)) - set(SETTINGS) - OTHER_SETTINGS
        assert unknown == set(), page


def test_every_target_of_make_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([.\w/ ]+):(?!=)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    known = {name for line in targets for name in line.split()}
    for page in all_pages():
        for text in code(page):
            for call in re.findall(r"(?:^|\s)make ((?:-C \S+ )?[.\w/]+)", text, flags=re.MULTILINE):
                assert call.split()[-1] in known, page


def test_a_command_an_option_or_a_setting_that_does_not_exist_is_found() -> None:
    (words,) = calls("sudo -u pager .venv/bin/pager roster show --agensy dcfs | lp")
    assert mistake(words) == "no option --agensy"
    assert mistake(["roster", "print"]) == "no command print"
    assert mistake(["roster", "show", "--agency", "dcfs"]) is None
