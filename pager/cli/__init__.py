"""The command line, `pager …`: each module holds the commands of one theme."""

from __future__ import annotations

import click

from pager.cli.database import audit, db
from pager.cli.directory import load
from pager.cli.doctor import doctor
from pager.cli.encounters import trigger
from pager.cli.failures import Commands
from pager.cli.keys import key
from pager.cli.policy import policy
from pager.cli.retention import hold, purge
from pager.cli.roster import roster
from pager.cli.roster_gaps import gaps
from pager.cli.roster_list import print_list
from pager.cli.roster_table import export, import_table
from pager.cli.run import demo, serve, worker
from pager.cli.secrets import secrets
from pager.cli.users import user


@click.group(cls=Commands)
def main() -> None:
    """Calls the agencies when a child needs them, and goes on until somebody answers.

    Settings come from the environment and from .env; docs/reference has them all.
    """


for command in (demo, serve, worker, db, load, trigger, key, user, secrets, roster, policy, audit, purge, hold, doctor):
    main.add_command(command)
for command in (gaps, print_list, import_table, export):
    roster.add_command(command)
