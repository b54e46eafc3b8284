"""The benchmark's table says what is met and what is not; how fast anything is, no test asks."""

from __future__ import annotations

from tests.bench.table import Figure, Row, at_most, ratio_at_least, ratio_below, table


def cells(row: Row) -> list[str]:
    return [cell.strip() for cell in table([row]).splitlines()[2].strip("| ").split("|")]


def test_shows_ours_beside_the_baseline_and_how_many_times_it_is() -> None:
    row = Row("messages", Figure(1234, "a second"), Figure(1542.5, "a second"), ratio_at_least(0.8))
    assert cells(row) == ["messages", "1,234 a second", "1,542 a second", "0.80", "ratio 0.8 or more", "met"]


def test_an_aim_that_is_missed_is_said_to_be() -> None:
    assert cells(Row("beat", Figure(1.3, "ms"), Figure(1, "ms"), ratio_below(1.3)))[-1] == "missed"
    assert cells(Row("trigger", Figure(30.1, "ms"), None, at_most(30, "ms")))[-1] == "missed"


def test_what_has_no_baseline_has_no_ratio_and_fails_an_aim_at_one() -> None:
    assert cells(Row("workers", Figure(7, "s", "median"), None, ratio_at_least(1.8), more="p99 9 s")) == [
        "workers",
        "7.00 s median, p99 9 s",
        "-",
        "-",
        "ratio 1.8 or more",
        "missed",
    ]


def test_every_line_is_equally_long() -> None:
    rows = [Row("a", Figure(1, "s")), Row("a much longer name", Figure(100, "ms"), Figure(2, "ms"))]
    assert len({len(line) for line in table(rows).splitlines()}) == 1
