"""Checks what a user names against what there is."""

from __future__ import annotations

from collections.abc import Collection

import click

from pager.adapters.checked_file import did_you_mean


def check_code(code: str, known: Collection[str], option: str, *, nothing: str = "load a directory first") -> None:
    """Refuse a code that is none of `known`; `option` is where it was given, e.g. `--station`.

    `nothing` says how it is when nothing is known.
    """
    if code not in known:
        there_is = f"known are {', '.join(known)}" if known else nothing
        hint = did_you_mean(code, known) or f"; {there_is}"
        raise click.BadParameter(f"{code} is unknown{hint}", param_hint=option)
