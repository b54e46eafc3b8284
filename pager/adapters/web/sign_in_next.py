"""Where somebody goes who has signed in: only ever to a page of ours."""

from __future__ import annotations

import re

# One slash and then only what cannot lead elsewhere: to a browser `//` and `/\` begin the name of another host, and it
# leaves out tabs and line ends wherever they stand.
_OWN_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~/%?&=+:,@-]*")
LONGEST = 500


def own_path(wanted: str | None) -> str:
    """Return `wanted` where it is the path of a page of ours, else that of the board."""
    if wanted is None or len(wanted) > LONGEST or not _OWN_PATH.fullmatch(wanted):
        return "/"
    return wanted
