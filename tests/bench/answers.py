"""How long a responder's ACK takes to be answered while hundreds of pages are being sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, product
from statistics import median

from tests.bench.filling import PAGES_EACH
from tests.bench.receipts import Webhooks
from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, at_most
from tests.bench.timing import p99, seconds
from tests.bench.triggers import Dispatchers, Opened
from tests.crash.life import OURS
from tests.processes.running import until

ENCOUNTERS = 100
ANSWERS = fewer_if_quick(100, 30)
EVERY_SECONDS = 0.02
PRIMARIES = ("+12135550101", "+12135550111", "+12135550121", "+12135550131", "+12135550141")


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        with stage.site(database) as site, site.running("serve") as (serve,):
            dispatchers, responders = Dispatchers(serve), _Responders(Webhooks(serve.url))
            idle = responders.acknowledge(_sent(site, dispatchers, ANSWERS // PAGES_EACH))
            busy: list[float] = []
            while len(busy) < ANSWERS:
                busy += _while_sending(site, dispatchers, responders)
            yield Row(
                f"ACK's webhook to its answer while {ENCOUNTERS * PAGES_EACH} pages are sent, {database}",
                Figure(p99(busy), "ms", "p99"),
                Figure(p99(idle), "ms", "p99 while nothing is sent"),
                at_most(100, "ms"),
                more=f"median {median(busy):.0f} ms of {len(busy)}",
            )


def _sent(site: Site, dispatchers: Dispatchers, encounters: int) -> list[Opened]:
    """Open encounters and wait until all their first pages are out."""
    site.carrier.forget()
    opened = dispatchers.trigger_at_once(encounters)
    site.carrier.wait_for(encounters * PAGES_EACH)
    return opened


def _while_sending(site: Site, dispatchers: Dispatchers, responders: _Responders) -> list[float]:
    """Let a hundred encounters be opened at once, and those be answered that were opened before, until all is sent."""
    before = _sent(site, dispatchers, ENCOUNTERS // 4)
    site.carrier.forget()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(dispatchers.trigger_at_once, ENCOUNTERS)
        until(lambda: site.carrier.count() > 0, "the first of many pages")
        took = responders.acknowledge(before, lambda: site.carrier.count() >= ENCOUNTERS * PAGES_EACH)
        opening.result()
    return took


class _Responders:
    """Those who are paged first; each of their messages has an id of its own."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks, self._numbers = webhooks, count()

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
