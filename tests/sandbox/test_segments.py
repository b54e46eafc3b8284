"""How many segments a text takes."""

from __future__ import annotations

import pytest

from pager.sandbox.segments import count_segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("x" * 159 + "€", 2),  # the euro sign takes two places
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_counts_segments_as_carriers_do(text: str, segments: int) -> None:
    assert count_segments(text) == segments
