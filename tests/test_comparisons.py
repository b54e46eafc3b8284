"""No secret is compared character by character: how long that takes would tell how much of a guess is right."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET = re.compile(r"secret|token|signature|password")

# What is compared all the same, and why it tells nobody anything.
HARMLESS = {
    "_table.token == token": "a look-up in an index, by a word of 128 bits in a request that is signed",
    "new == old.password": "both were typed by the same user in the same form",
    "fresh.password != known": "two hashes that were both read from the database",
}


def comparisons(source: str) -> Iterator[str]:
    """Yield every `==` and `!=` in which something is called a secret."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
            text = ast.unparse(node)
            if SECRET.search(text):
                yield text


def test_no_secret_is_compared_but_in_constant_time_or_by_its_hash() -> None:
    found = {text for path in (ROOT / "pager").rglob("*.py") for text in comparisons(path.read_text())}
    assert found == set(HARMLESS)


def test_sees_a_secret_that_is_compared() -> None:
    assert list(comparisons("ok = given.token == known")) == ["given.token == known"]
    assert list(comparisons("ok = hmac.compare_digest(given.token, known)")) == []
