"""What messages and calls share: the clock, the telephones, the ledger, and what is still to be done and when."""

from __future__ import annotations

import heapq
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urldefrag

from twilio.request_validator import RequestValidator

from pager.clock import Clock
from pager.sandbox.faults import Asked, FaultKind, Faults
from pager.sandbox.records import Account, Pace, ReceiptMode, Receipts, Telephone

API_VERSION = "2010-04-01"
OTHERS = "Other telephones"
LEDGER_LENGTH = 20_000

Answered = Callable[[int, str], None]


def _no_matter(_status: int, _body: str) -> None:
    """Take an answer that nothing depends on."""


@dataclass(frozen=True)
class Webhook:
    """A request to post to the application; `then` gets the answer's status and body, 0 and "" where none came."""

    url: str
    form: Mapping[str, str]
    then: Answered
    token: str
    attempt: int = 1

    def again(self) -> Webhook:
        return replace(self, attempt=self.attempt + 1)


Job = Webhook | Callable[[], None]


class Outbox:
    """What is to be done, in the order in which it falls due."""

    def __init__(self) -> None:
        self._jobs: list[tuple[datetime, int, Job]] = []
        self._order = count()

    def add(self, due_at: datetime, job: Job) -> None:
        heapq.heappush(self._jobs, (due_at, next(self._order), job))

    def take(self, now: datetime) -> list[Job]:
        """Remove and return what is due at `now`."""
        due = []
        while self._jobs and self._jobs[0][0] <= now:
            due.append(heapq.heappop(self._jobs)[2])
        return due

    @property
    def next_due_at(self) -> datetime | None:
        return self._jobs[0][0] if self._jobs else None

    def __len__(self) -> int:
        return len(self._jobs)


class Switchboard:
    """The state that the whole carrier shares. Not locked: Sandbox does that."""

    def __init__(self, clock: Clock, account: Account, app_url: str, pace: Pace) -> None:
        self.clock = clock
        self.account = account
        self.app_url = app_url.rstrip("/")
        self.pace = pace
        self.faults = Faults()
        self.outbox = Outbox()
        self.ledger: deque[dict[str, Any]] = deque(maxlen=LEDGER_LENGTH)
        self.telephones: dict[str, Telephone] = {}
        self.opted_out: set[str] = set()
        self.version = 0
        self._validator = RequestValidator(account.token)

    def touch(self) -> None:
        """Note that something changed that a page may show."""
        self.version += 1

    def add_telephone(self, number: str, label: str, group: str) -> Telephone:
        """Put a telephone on the wall, or rename the one with this number."""
        known = self.telephones.get(number)
        identity = known.id if known else f"t{len(self.telephones) + 1}"
        self.telephones[number] = Telephone(identity, number, label, group, known.seen_at if known else None)
        self.touch()
        return self.telephones[number]

    def telephone(self, number: str) -> Telephone:
        """Return the telephone with this number; one that nobody announced appears among the others."""
        return self.telephones.get(number) or self.add_telephone(number, "Unnamed telephone", OTHERS)

    def note(self, kind: str, **facts: Any) -> None:
        """Add a line to the ledger."""
        self.ledger.append({"at": self.clock.now().isoformat(), "kind": kind, **facts})

    def after(self, delay: timedelta, job: Callable[[], None]) -> None:
        """Do `job` when `delay` has passed."""
        self.outbox.add(self.clock.now() + delay, job)

    def post(self, url: str, form: Mapping[str, str], then: Answered = _no_matter) -> None:
        """Post `form` to the application as soon as possible. A URL's fragment is neither sent nor signed."""
        self.outbox.add(self.clock.now(), Webhook(urldefrag(url).url, form, then, secrets.token_hex(16)))

    def headers(self, webhook: Webhook) -> dict[str, str]:
        """Return the headers that the carrier sends with a webhook, its signature among them."""
        return {
            "X-Twilio-Signature": self._validator.compute_signature(webhook.url, dict(webhook.form)),
            "I-Twilio-Idempotency-Token": webhook.token,
            "User-Agent": "TwilioProxy/1.1",
        }

    def receipts(self, url: str, on: Asked, number: str) -> Receipts:
        """Return how the receipts of a new record travel, as the faults say."""
        modes = {
            FaultKind.NO_RECEIPTS: ReceiptMode.NONE,
            FaultKind.DOUBLED_RECEIPTS: ReceiptMode.DOUBLED,
            FaultKind.REVERSED_RECEIPTS: ReceiptMode.REVERSED,
        }
        mode = next((modes[kind] for kind in modes if self.faults.take(kind, on, number)), ReceiptMode.NORMAL)
        return Receipts(url, mode)

    def listed_at(self, on: Asked, number: str) -> datetime:
        """Return from when the lists show a new record, as the faults say."""
        lag = self.faults.take(FaultKind.LAG, on, number)
        return self.clock.now() + timedelta(seconds=0 if lag is None else lag.seconds)

    def tell(self, receipts: Receipts, form: dict[str, str], is_last: bool) -> None:
        """Post a receipt in the way that these receipts travel."""
        if not receipts.url or receipts.mode is ReceiptMode.NONE:
            return
        if receipts.mode is ReceiptMode.REVERSED:
            receipts.held.insert(0, form)
            ready = [receipts.held.pop(0) for _ in list(receipts.held)] if is_last else []
        else:
            ready = [form, form] if receipts.mode is ReceiptMode.DOUBLED else [form]
        for each in ready:
            self.post(receipts.url, each)

    def common_form(self, from_: str, to: str) -> dict[str, str]:
        """Return the fields that every webhook carries."""
        return {"AccountSid": self.account.sid, "ApiVersion": API_VERSION, "From": from_, "To": to}
