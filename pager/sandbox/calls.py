"""The life of a call at the carrier: dialled, ringing, answered or not, ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import format_datetime

from pager.sandbox.faults import Asked, FaultKind
from pager.sandbox.messages import check_callback, check_numbers
from pager.sandbox.playback import Playback, call_form
from pager.sandbox.records import Call, Mistake, Receipts, Refusal, new_sid
from pager.sandbox.switchboard import Switchboard

DEFAULT_TIMEOUT = 60
LONGEST_TIMEOUT = 600
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


class Calls:
    """Every call of the account, oldest first."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._all: dict[str, Call] = {}
        self._playback = Playback(board, lambda call: self._end(call, "completed"))

    def all(self) -> list[Call]:
        return list(self._all.values())

    def get(self, sid: str) -> Call:
        """Return one call; raises Refusal (20404) where there is none or it was deleted."""
        if sid not in self._all:
            raise Refusal(404, 20404, f"The requested call {sid} was not found")
        return self._all[sid]

    def create(self, form: Mapping[str, str], events: Iterable[str]) -> Call:
        """Take a call that the application asks for; `events` are those it wants to be told of."""
        to, from_, url = form.get("To", ""), form.get("From", ""), form.get("Url", "")
        check_numbers(self._board, to, from_)
        self._check(form, url)
        receipts = self._board.receipts(form.get("StatusCallback", ""), Asked.CALL, to)
        call = self._new(from_, to, "outbound-api", url, receipts)
        call.twiml = form.get("Twiml", "")
        call.timeout = timedelta(seconds=int(form.get("Timeout") or DEFAULT_TIMEOUT))
        call.events = frozenset(events) & EVENTS or frozenset({"completed"})
        call.listed_at = self._board.listed_at(Asked.CALL, to)
        fault = self._board.faults.take(FaultKind.FAILED, Asked.CALL, to)
        if fault is not None:
            call.fate, call.fate_code = "failed", fault.code
        self._board.after(self._board.pace.dialled, lambda: self._dial(call))
        return call

    def dial(self, from_: str, to: str | None) -> Call:
        """Let a telephone call the application, which answers at once. Raises Mistake."""
        to = to or self._board.account.numbers[0]
        if to not in self._board.account.numbers:
            raise Mistake(f"{to} is not a number of this carrier's account")
        if self._is_engaged(from_):
            raise Mistake("this telephone is already on a call")
        self._board.telephone(from_)
        call = self._new(from_, to, "inbound", f"{self._board.app_url}/twilio/voice/inbound", Receipts(""))
        call.status = "in-progress"
        call.started_at = call.answered_at = call.created_at
        self._playback.begin(call)
        return call

    def answer(self, sid: str, is_machine: bool = False) -> None:
        """Pick up a ringing telephone, or let its voicemail do so. Raises Mistake."""
        call = self._ringing(sid)
        call.turn += 1
        call.status, call.answered_at, call.is_machine = "in-progress", self._board.clock.now(), is_machine
        self._change(call)
        self._tell(call, "answered")
        self._playback.begin(call)

    def reject(self, sid: str) -> None:
        """Decline a ringing call: the caller hears that the line is busy. Raises Mistake."""
        self._end(self._ringing(sid), "busy")

    def press(self, sid: str, keys: str) -> None:
        """Press keys on a call that somebody answered. Raises Mistake."""
        call = self._talking(sid)
        if call.is_machine:
            raise Mistake("voicemail has this call: it presses no key")
        self._playback.press(call, keys)

    def hang_up(self, sid: str) -> None:
        """Put the telephone down. Raises Mistake."""
        self._end(self._talking(sid), "completed")

    def update(self, sid: str, form: Mapping[str, str]) -> Call:
        """End a call for the application: `canceled` one that is not answered yet, `completed` any."""
        call = self.get(sid)
        status = form.get("Status", "")
        if status not in ("completed", "canceled"):
            raise Refusal(400, 20001, "Status must be completed or canceled; the sandbox redirects no call")
        is_early = call.status in ("queued", "ringing")
        if call.is_over or (status == "canceled" and not is_early):
            raise Refusal(400, 21220, f"Invalid call state: the call is {call.status}")
        self._end(call, "canceled" if is_early else "completed")
        return call

    def delete(self, sid: str) -> None:
        """Forget a call that is over, on the wall too."""
        if not self.get(sid).is_over:
            raise Refusal(409, 20009, "Cannot delete this resource before it is complete")
        del self._all[sid]
        self._board.touch()

    def _check(self, form: Mapping[str, str], url: str) -> None:
        if not url and not form.get("Twiml"):
            raise Refusal(400, 21205, "Url or Twiml is required.")
        if url and not url.startswith(("http://", "https://")):
            raise Refusal(400, 21205, f"Url is not a valid URL: {url}")
        if {form.get("Method") or "POST", form.get("StatusCallbackMethod") or "POST"} != {"POST"}:
            raise Refusal(400, 20001, "The sandbox fetches and tells by POST only")
        check_callback(form.get("StatusCallback", ""))
        timeout = form.get("Timeout") or "60"
        if not (timeout.isdigit() and 1 <= int(timeout) <= LONGEST_TIMEOUT):
            raise Refusal(400, 20001, f"Timeout must be between 1 and {LONGEST_TIMEOUT} seconds")

    def _new(self, from_: str, to: str, direction: str, url: str, receipts: Receipts) -> Call:
        now = self._board.clock.now()
        call = Call(
            sid=new_sid("CA"),
            from_=from_,
            to=to,
            direction=direction,
            status="queued",
            created_at=now,
            updated_at=now,
            url=url,
            receipts=receipts,
            events=frozenset(),
            timeout=timedelta(seconds=DEFAULT_TIMEOUT),
            listed_at=now,
        )
        self._all[call.sid] = call
        self._board.telephone(call.telephone_number)
        self._board.touch()
        return call

    def _dial(self, call: Call) -> None:
        if call.is_over:
            return
        if call.fate == "failed":
            self._end(call, "failed")
            return
        is_engaged = self._is_engaged(call.to)
        call.started_at = self._board.clock.now()
        self._tell(call, "initiated")
        if is_engaged:
            self._end(call, "busy")
        else:
            self._board.after(self._board.pace.ringing, lambda: self._ring(call))

    def _ring(self, call: Call) -> None:
        if call.is_over:
            return
        call.status = "ringing"
        self._change(call)
        self._tell(call, "ringing")
        self._board.after(call.timeout, lambda: self._give_up(call))

    def _give_up(self, call: Call) -> None:
        if call.status == "ringing":
            self._end(call, "no-answer")

    def _end(self, call: Call, status: str) -> None:
        call.turn += 1
        call.gather, call.script, call.rest = None, [], []
        call.status, call.ended_at = status, self._board.clock.now()
        self._change(call)
        self._tell(call, "completed")

    def _is_engaged(self, number: str) -> bool:
        """A telephone that was dialled, rings or talks is busy for anybody else."""
        return any(
            call.telephone_number == number and call.started_at is not None and not call.is_over
            for call in self._all.values()
        )

    def _ringing(self, sid: str) -> Call:
        call = self._known(sid)
        if call.status != "ringing":
            raise Mistake(f"this call does not ring: it is {call.status}")
        return call

    def _talking(self, sid: str) -> Call:
        call = self._known(sid)
        if call.status != "in-progress":
            raise Mistake(f"nobody is talking on this call: it is {call.status}")
        return call

    def _known(self, sid: str) -> Call:
        if sid not in self._all:
            raise Mistake("no such call")
        return self._all[sid]

    def _change(self, call: Call) -> None:
        call.updated_at = self._board.clock.now()
        self._board.touch()

    def _tell(self, call: Call, event: str) -> None:
        if event not in call.events:
            return
        form = call_form(self._board, call) | {
            "SequenceNumber": str(call.sequence),
            "Timestamp": format_datetime(self._board.clock.now()),
            "CallbackSource": "call-progress-events",
        }
        if event == "initiated":
            form["CallStatus"] = "initiated"
        if call.is_over:
            form |= {"CallDuration": str(call.duration), "Duration": str(-(-call.duration // 60))}
        call.sequence += 1
        self._board.tell(call.receipts, form, call.is_over)
