"""Checks what a user names against what there is."""

from __future__ import annotations

from collections.abc import Collection

import click

from pager.adapters.checked_file import did_you_mean


def check_code(code: str, known: Collection[str], option: str) -> None:
    """Refuse a code that is none of `known`; `option` is where it was given, e.g. `--station`."""
    if code not in known:
        hint = did_you_mean(code, known) or f"; known are {', '.join(known) or 'none, load a directory first'}"
        raise click.BadParameter(f"{code} is unknown{hint}", param_hint=option)
