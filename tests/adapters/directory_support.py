"""Small directory files to begin from, and how they are read in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pager.adapters.directory_file import read_directory
from pager.adapters.yaml_lines import FileError
from pager.domain.directory_file import Directory, DirectoryFile, duty_responder

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
local = datetime.fromisoformat

AGENCIES = """agencies:
  - {code: dcfs, name: Children and Family Services, duty_phone: "+12135550100"}
  - {code: dhs, name: Health Services, duty_phone: "+12135550110"}
"""
STATIONS = "stations: [{code: compton, name: Compton}, {code: century, name: Century}]\n"
PEOPLE = """responders:
  - {id: dcfs-ana, agency: dcfs, name: Ana Ruiz, sms: "+12135550101"}
  - {id: dcfs-ben, agency: dcfs, name: Ben Okafor, sms: "+12135550102"}
  - {id: dhs-thuy, agency: dhs, name: Thuy Tran, sms: "+12135550111"}
"""
BASE = AGENCIES + STATIONS + PEOPLE  # eight lines


def read(path: Path, content: str, known: Directory | None = None, prune: bool = False) -> DirectoryFile:
    path.write_text(content)
    return read_directory(
        path,
        region="US",
        timezone="America/Los_Angeles",
        policies={"first-responder", "outlying-station"},
        now=NOW,
        known=known,
        prune=prune,
    )


def problems(path: Path, content: str, known: Directory | None = None, prune: bool = False) -> list[str]:
    """Return what is refused in a file, each as `line: field: message`."""
    with pytest.raises(FileError) as caught:
        read(path, content, known, prune)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def as_known(file: DirectoryFile) -> Directory:
    """Return what is known once the file has been loaded."""
    duty = [one for agency in file.agencies if (one := duty_responder(agency))]
    return Directory(file.agencies, file.stations, (*file.responders, *duty), file.shifts, file.rotations)


def shift(rest: str = "", start: str = "2026-08-01T08:00", end: str = "2026-08-02T08:00", who: str = "dcfs-ana") -> str:
    """Return one line of `shifts`."""
    return f"  - {{agency: dcfs, tier: primary, responder: {who}, start: {start}, end: {end}{rest}}}\n"


def shifts(*lines: str) -> str:
    """Return a section that begins in line 9 after BASE."""
    return "shifts:\n" + "".join(lines)
