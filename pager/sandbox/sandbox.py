"""The carrier in a box: everything it can be asked, safe to be asked from any thread."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import RLock
from typing import Any

from pager.clock import Clock
from pager.sandbox.calls import Calls
from pager.sandbox.faults import Asked, Fault, FaultKind
from pager.sandbox.messages import UNREACHABLE, Messages
from pager.sandbox.records import Account, Pace
from pager.sandbox.resources import (
    account_resource,
    call_resource,
    choose_calls,
    choose_messages,
    message_resource,
    page_of,
)
from pager.sandbox.switchboard import API_VERSION, Switchboard, Webhook
from pager.sandbox.telephones import wall_state

Post = Callable[[str, Mapping[str, str], Mapping[str, str]], tuple[int, str]]

MOST_ROUNDS = 1000


def post_to_nobody(_url: str, _form: Mapping[str, str], _headers: Mapping[str, str]) -> tuple[int, str]:
    """Stand in until the application is there."""
    raise ConnectionRefusedError("no application is connected to the sandbox")


class Sandbox:
    """One account at a carrier that lives in memory.

    `app_url` is where the application's webhooks are. `post(url, form, headers) -> (status, body)` reaches it; it
    raises ConnectionError when no connection was made, another OSError when no answer came. `sleep` takes seconds.
    Nothing happens by itself: `step` does what is due. Methods for the wall raise Mistake, those for the
    application Refusal.
    """

    def __init__(
        self,
        clock: Clock,
        account: Account,
        app_url: str,
        post: Post = post_to_nobody,
        pace: Pace | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock
        self.account = account
        self.post = post
        self.sleep = sleep
        self.started = secrets.token_hex(4)
        self._lock = RLock()
        self._board = Switchboard(clock, account, app_url, pace or Pace())
        self._messages = Messages(self._board)
        self._calls = Calls(self._board)

    # What the application asks, as the carrier's JSON.

    def show_account(self) -> dict[str, Any]:
        return account_resource(self.account)

    def create_message(self, form: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            return message_resource(self.account, self._messages.create(form))

    def show_message(self, sid: str) -> dict[str, Any]:
        with self._lock:
            return message_resource(self.account, self._messages.get(sid))

    def update_message(self, sid: str, form: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            return message_resource(self.account, self._messages.update(sid, form))

    def delete_message(self, sid: str) -> None:
        with self._lock:
            self._messages.delete(sid)

    def list_messages(self, query: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            chosen = choose_messages(self._messages.all(), query, self.clock.now())
            path = f"/{API_VERSION}/Accounts/{self.account.sid}/Messages.json"
            return page_of(path, "messages", chosen, query, lambda one: message_resource(self.account, one))

    def create_call(self, form: Mapping[str, str], events: Iterable[str] = ()) -> dict[str, Any]:
        with self._lock:
            return call_resource(self.account, self._calls.create(form, events))

    def show_call(self, sid: str) -> dict[str, Any]:
        with self._lock:
            return call_resource(self.account, self._calls.get(sid))

    def update_call(self, sid: str, form: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            return call_resource(self.account, self._calls.update(sid, form))

    def delete_call(self, sid: str) -> None:
        with self._lock:
            self._calls.delete(sid)

    def list_calls(self, query: Mapping[str, str]) -> dict[str, Any]:
        with self._lock:
            chosen = choose_calls(self._calls.all(), query, self.clock.now())
            path = f"/{API_VERSION}/Accounts/{self.account.sid}/Calls.json"
            return page_of(path, "calls", chosen, query, lambda one: call_resource(self.account, one))

    # What people do at the wall of telephones.

    def add_telephone(self, number: str, label: str, group: str) -> None:
        """Put a telephone on the wall under `group`, in the order in which they are added."""
        with self._lock:
            self._board.add_telephone(number, label, group)

    def reply(self, from_number: str, to_number: str | None, text: str) -> str:
        """Write `text` on a telephone and return the message's sid; without `to_number`, to who wrote last."""
        with self._lock:
            return self._messages.receive(from_number, to_number, text).sid

    def dial(self, from_number: str, to_number: str | None = None) -> str:
        """Call the application from a telephone and return the call's sid."""
        with self._lock:
            return self._calls.dial(from_number, to_number).sid

    def answer(self, call_sid: str) -> None:
        """Pick up a ringing telephone."""
        with self._lock:
            self._calls.answer(call_sid)

    def voicemail(self, call_sid: str) -> None:
        """Let a machine pick up: it hears everything and presses nothing."""
        with self._lock:
            self._calls.answer(call_sid, is_machine=True)

    def reject(self, call_sid: str) -> None:
        """Decline a ringing call."""
        with self._lock:
            self._calls.reject(call_sid)

    def press(self, call_sid: str, keys: str) -> None:
        """Press keys on a call that waits for them."""
        with self._lock:
            self._calls.press(call_sid, keys)

    def hang_up(self, call_sid: str) -> None:
        """Put the telephone down."""
        with self._lock:
            self._calls.hang_up(call_sid)

    def mark_seen(self, number: str) -> None:
        """Note that a telephone's messages were read."""
        with self._lock:
            self._board.telephone(number).seen_at = self.clock.now()
            self._board.touch()

    def telephone_id(self, number: str) -> str:
        """Return the name that a telephone has in pages."""
        with self._lock:
            return self._board.telephone(number).id

    def undeliver(self, message_sid: str, code: int = UNREACHABLE) -> None:
        """Say of a message, even a delivered one, that it was not delivered after all."""
        with self._lock:
            self._messages.undeliver(message_sid, code)

    def open_call(self, number: str) -> str | None:
        """Return the sid of the call on which a telephone rings or talks."""
        with self._lock:
            mine = (call for call in self._calls.all() if call.telephone_number == number and not call.is_over)
            return next((call.sid for call in mine if call.status in ("ringing", "in-progress")), None)

    # What goes wrong.

    def add_fault(self, fault: Fault) -> None:
        with self._lock:
            self._board.faults.add(fault)
            self._board.touch()

    def remove_fault(self, fault: Fault) -> None:
        """Let this one fault be over; one that is gone already is no error."""
        with self._lock:
            self._board.faults.remove(fault)
            self._board.touch()

    def clear_faults(self) -> None:
        with self._lock:
            self._board.faults.clear()
            self._board.touch()

    def take_fault(self, kind: FaultKind, on: Asked, number: str | None) -> Fault | None:
        """Return the fault of this kind that a request meets, used up by one."""
        with self._lock:
            return self._board.faults.take(kind, on, number)

    # What is shown.

    @property
    def version(self) -> str:
        """What an ETag is made of: another one whenever a page would look different."""
        return f"{self.started}-{self._board.version}"

    def state(self) -> dict[str, Any]:
        """Return the wall as plain JSON types: groups of telephones, what rings and what is unread."""
        with self._lock:
            return wall_state(self._board, self._messages.all(), self._calls.all()) | {"version": self.version}

    def note(self, kind: str, **facts: Any) -> None:
        """Add a line to the ledger."""
        with self._lock:
            self._board.note(kind, **facts)

    def ledger(self) -> list[dict[str, Any]]:
        """Return all that was asked of the carrier and all that it posted, oldest first."""
        with self._lock:
            return list(self._board.ledger)

    # What happens.

    def step(self, now: datetime | None = None) -> int:
        """Do what is due at `now`, webhooks outside the lock, and return how many things that was."""
        with self._lock:
            due = self._board.outbox.take(now or self.clock.now())
        for job in due:
            if isinstance(job, Webhook):
                self._deliver(job)
            else:
                with self._lock:
                    job()
        return len(due)

    @property
    def next_due_at(self) -> datetime | None:
        """Return when something is to be done next, None where nothing is."""
        with self._lock:
            return self._board.outbox.next_due_at

    def settle(self) -> int:
        """Step until nothing is due at this instant; raises RuntimeError where that never comes."""
        total = 0
        for _ in range(MOST_ROUNDS):
            done = self.step()
            if not done:
                return total
            total += done
        raise RuntimeError(f"the sandbox does not come to rest after {MOST_ROUNDS} rounds")

    def _deliver(self, webhook: Webhook) -> None:
        """Post one webhook; a connection that fails is tried once more, as the carrier does."""
        status, body, outcome = 0, "", "answered"
        try:
            status, body = self.post(webhook.url, webhook.form, self._board.headers(webhook))
        except ConnectionError:
            outcome = "no connection"
        except OSError:
            outcome = "no answer"
        with self._lock:
            facts = {"url": webhook.url, "form": dict(webhook.form), "status": status, "attempt": webhook.attempt}
            self._board.note("webhook", outcome=outcome, **facts)
            if outcome == "no connection" and webhook.attempt == 1:
                self._board.outbox.add(self.clock.now(), webhook.again())
            else:
                webhook.then(status, body)
