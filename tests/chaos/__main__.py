"""`python -m tests.chaos`, or `make chaos`; MINUTES, ENCOUNTERS and SEED in the environment.

Exits with 1 where a page was lost or doubled; the logs of the processes are kept then.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import click

from tests.chaos.judge import judge
from tests.chaos.play import play
from tests.chaos.table import table


def main() -> int:
    """Play, judge, print; return the exit code."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    minutes, encounters = float(os.environ.get("MINUTES") or 3), int(os.environ.get("ENCOUNTERS") or 1000)
    folder = Path(tempfile.mkdtemp(prefix="pager-chaos-"))
    click.echo(f"{encounters} encounters, {minutes:g} minutes, SEED={seed}")
    played = play(folder, minutes=minutes, encounters=encounters, seed=seed)
    verdict = judge(played.evidence)
    click.echo(table(verdict, played, seed))
    if verdict.is_clean and not verdict.broken_chains:
        shutil.rmtree(folder)
        return 0
    click.echo(f"the logs are in {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
