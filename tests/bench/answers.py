"""How long a responder's ACK takes to be answered while hundreds of pages are being sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, product
from statistics import median

from tests.bench.filling import PAGES_EACH, copy, open_encounter, unfinished
from tests.bench.receipts import Webhooks
from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, at_most
from tests.bench.timing import p99, seconds
from tests.bench.triggers import Dispatchers, Opened
from tests.crash.life import OURS
from tests.processes.running import until

PAGES, BURSTS_AT_MOST = 500, 6
ANSWERS = fewer_if_quick(100, 30)
EVERY_SECONDS = 0.02
PRIMARIES = ("+12135550101", "+12135550111", "+12135550121", "+12135550131", "+12135550141")


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        with stage.site(database) as site:
            templates = [open_encounter(site) for _ in range(BURSTS_AT_MOST)]
            with site.running("serve") as (serve,):
                responders = _Responders(Webhooks(serve.url), Dispatchers(serve))
                idle = responders.acknowledge(responders.open(ANSWERS))
                busy: list[float] = []
                while len(busy) < ANSWERS and templates:
                    busy += _while_sending(site, templates.pop(), responders)
        yield Row(
            f"ACK's webhook to its answer while {PAGES} pages are sent, {database}",
            Figure(p99(busy), "ms", "p99"),
            Figure(p99(idle), "ms", "p99 while nothing is sent"),
            at_most(100, "ms"),
            more=f"median {median(busy):.0f} ms of {len(busy)}",
        )


def _while_sending(site: Site, template: int, responders: _Responders) -> list[float]:
    """Queue pages in one moment; what was opened before is answered until all of them are sent."""
    opened = responders.open(ANSWERS)
    until(lambda: unfinished(site) == 0, "nothing to send")
    site.carrier.forget()
    copy(site, template, PAGES // PAGES_EACH, are_queued=True)
    site.carrier.wait_for(1)
    return responders.acknowledge(opened, lambda: site.carrier.count() >= PAGES)


class _Responders:
    """Those who are paged first; each of their messages has an id of its own."""

    def __init__(self, webhooks: Webhooks, dispatchers: Dispatchers) -> None:
        self._webhooks, self._dispatchers, self._numbers = webhooks, dispatchers, count()

    def open(self, answers: int) -> list[Opened]:
        """Open as many encounters as so many answers are about."""
        return self._dispatchers.trigger_at_once(answers // PAGES_EACH)

    def acknowledge(self, opened: Sequence[Opened], is_over: Callable[[], bool] = lambda: False) -> list[float]:
        """Answer one page after the other until none is left or `is_over`; return what each took, in milliseconds."""
        took: list[float] = []
        for one, number in product(opened, PRIMARIES):
            if is_over():
                break
            time.sleep(EVERY_SECONDS)
            took.append(seconds(self._ack(one.reference, number)) * 1_000)
        return took

    def _ack(self, reference: str, number: str) -> Callable[[], None]:
        sid = f"SM{next(self._numbers):031x}a"
        text = f"ACK {reference} 25"
        return self._webhooks.prepared("/twilio/sms", {"MessageSid": sid, "From": number, "To": OURS, "Body": text})
