"""What a beat costs that has nothing to do, by how many pages wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.delivery import Delivery
from pager.lifecycle.tick import Beat
from tests.bench.filling import PAGES_EACH, copy, open_encounter
from tests.bench.stage import Database, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, ratio_below
from tests.bench.timing import milliseconds

FEW, MANY = 1_000, fewer_if_quick(100_000, 10_000)
BEATS = fewer_if_quick(200, 50)


@dataclass(frozen=True)
class _Nobody:
    """Stands for the threads that send: there is nothing to send."""

    room: int = 16
    is_carrier_ok: bool = True

    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None:
        assert not deliveries, begin_before

    def put_unknown(self, deliveries: Sequence[Delivery]) -> None:
        assert not deliveries


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        few, many = (_beat_milliseconds(stage, database, pages) for pages in (FEW, MANY))
        yield Row(
            f"one idle beat, {MANY:,} pages waiting, {database}",
            Figure(many, "ms"),
            Figure(few, "ms", f"with {FEW:,}"),
            ratio_below(1.3),
        )


def _beat_milliseconds(stage: Stage, database: Database, pages: int) -> float:
    with stage.site(database) as site:
        copy(site, open_encounter(site), pages // PAGES_EACH)
        beat = Beat(site.context(), _Nobody(), engine_id="bench")
        return milliseconds(beat.tick, BEATS)
