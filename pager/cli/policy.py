"""`pager policy check` and `pager policy show`."""

from __future__ import annotations

from pathlib import Path

import click

from pager.adapters.checked_file import did_you_mean
from pager.adapters.policy_files import read_policies, read_policy
from pager.adapters.yaml_lines import FileError, FileProblem
from pager.cli.failures import Failure
from pager.cli.opening import current_settings
from pager.domain.policy import Policy
from pager.domain.policy_picture import draw


@click.group()
def policy() -> None:
    """The escalation policies."""


@policy.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check policy files, or all of PAGER_POLICIES when none is named.

    Everything that is wrong is told with its line. Exits with 1 when something is.
    """
    problems: list[FileProblem] = []
    for path in files or (current_settings().policies,):
        try:
            found = _read(path)
        except FileError as error:
            problems.extend(error.problems)
            continue
        for one in found:
            click.echo(f"OK  {one.name}: {one.title}")
    if problems:
        raise Failure("\n".join(str(problem) for problem in problems))


@policy.command()
@click.argument("name")
def show(name: str) -> None:
    """Draw a policy's ladder as a timeline."""
    policies = read_policies(current_settings().policies)
    if name not in policies:
        hint = did_you_mean(name, policies) or f"; there are {', '.join(sorted(policies))}"
        raise click.BadParameter(f"{name} is not the name of a policy{hint}", param_hint="NAME")
    click.echo(draw(policies[name]), nl=False)


def _read(path: Path) -> list[Policy]:
    return list(read_policies(path).values()) if path.is_dir() else [read_policy(path)]
