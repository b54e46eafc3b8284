"""What is in `docs/deploy/` to copy: systemd takes the units as they are, and nginx's file fits the service."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pager.adapters.web.server import LARGEST_BODY
from pager.cli.run import serve
from tests.documentation.pages import DOCS, blocks

DEPLOY = DOCS / "deploy"
ANALYZE = Path("/usr/bin/systemd-analyze")
UNITS = sorted(path.name for path in DEPLOY.glob("pager-*"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 20  # of 100, as `systemd-analyze security` counts: what is not needed is not allowed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all units, and with a `pager` where they look for it: this folder stands for /opt/pager."""
    folder = tmp_path_factory.mktemp("deploy")
    program = folder / ".venv/bin/pager"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    for name in UNITS:
        (folder / name).write_text((DEPLOY / name).read_text().replace("/opt/pager", str(folder)))
    return folder


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    if not ANALYZE.exists():
        pytest.fail(f"{ANALYZE} is missing: `make test` installs Debian's package systemd, or install it yourself")
    command = [str(argument) for argument in (ANALYZE, *arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_has_nothing_to_say_against_the_units(folder: Path) -> None:
    found = analyze("verify", "--man=no", *(folder / name for name in UNITS))
    assert (found.returncode, found.stderr) == (0, "")


def test_systemd_would_say_so(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "pager-web.service"
    wrong.write_text((folder / wrong.name).read_text().replace("Restart=always", "Restart=sometimes"))
    assert "sometimes" in analyze("verify", "--man=no", wrong).stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little_that_paging_does_not_need(folder: Path, name: str) -> None:
    found = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", folder / name)
    assert found.returncode == 0, found.stdout


def test_the_services_differ_in_what_they_are_for_only() -> None:
    hardening = {
        name: (DEPLOY / name).read_text().partition("StateDirectory=")[2].partition("\n[")[0] for name in SERVICES
    }
    assert len({text.strip() for text in hardening.values()}) == 1
    assert hardening


def test_nginx_leads_to_the_port_of_the_service_and_takes_what_it_takes() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    port = next(parameter.default for parameter in serve.params if parameter.name == "port")
    assert f"server 127.0.0.1:{port};" in text
    assert f"client_max_body_size {LARGEST_BODY // 1024**2}m;" in text
    assert text.count("{") == text.count("}")


def test_every_file_of_ours_that_a_shell_command_copies_is_there() -> None:
    for page in DOCS.rglob("*.md"):
        for block in blocks(page, "sh"):
            for path in re.findall(r"docs/deploy/\S+", block.text):
                assert list(DOCS.parent.glob(path)), f"{page.name}: {path}"
