"""The id of somebody new: proposed from the agency and the first name, it stays theirs for good."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

_LONGEST = 40


def propose_id(agency: str, name: str, taken: Collection[str]) -> str:
    """Return an id like `dcfs-ana` that nobody has, `dcfs-ana-2` where `dcfs-ana` is taken."""
    plain = unicodedata.normalize("NFKD", (name.split() or [""])[0]).encode("ascii", "ignore").decode().lower()
    first = re.sub(r"[^a-z0-9]", "", plain) or "person"  # of a name in another script nothing may be left
    for number in count(1):
        end = f"-{number}" if number > 1 else ""
        proposed = f"{agency}-{first}"[: _LONGEST - len(end)] + end
        if proposed not in taken:
            return proposed
    raise AssertionError("numbers never end")
