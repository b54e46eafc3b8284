"""Composes an SMS of names so that it is one segment of GSM-7."""

from __future__ import annotations

from collections.abc import Callable

from pager.domain.gsm7 import SEGMENT, septets, to_gsm7

_LONGEST_NAME = 60  # characters of a name that are looked at
_SHORTEST_NAME = 4


def fit(compose: Callable[..., str], *names: str) -> str:
    """Compose a message of `names`, the longest of them cut until it is one segment.

    Where even short names do not fit it comes out longer: a page in two segments is better than none.
    """
    fitted = [" ".join(to_gsm7(name).split())[:_LONGEST_NAME] for name in names]
    while septets(message := compose(*fitted)) > SEGMENT:
        longest = max(range(len(fitted)), key=lambda position: septets(fitted[position]))
        if len(fitted[longest]) <= _SHORTEST_NAME:
            return message
        fitted[longest] = fitted[longest][:-2].rstrip() + "."
    return message
