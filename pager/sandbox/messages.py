"""The life of an SMS at the carrier: taken, sent, delivered; and what a telephone writes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pager.sandbox.faults import Asked, FaultKind
from pager.sandbox.records import E164, Message, Mistake, Receipts, Refusal, new_sid
from pager.sandbox.segments import count_segments
from pager.sandbox.switchboard import Answered, Switchboard
from pager.sandbox.twiml import TwimlError, parse_messages

LONGEST_BODY = 1600
LONGEST_VALIDITY = 36_000
OPT_OUT = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

UNREACHABLE = 30003
EXPIRED = 30036


class Messages:
    """Every message of the account, oldest first."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._all: dict[str, Message] = {}

    def all(self) -> list[Message]:
        return list(self._all.values())

    def get(self, sid: str) -> Message:
        """Return one message; raises Refusal (20404) where there is none or it was deleted."""
        message = self._all.get(sid)
        if message is None:
            raise Refusal(404, 20404, f"The requested message {sid} was not found")
        return message

    def create(self, form: Mapping[str, str]) -> Message:
        """Take a message that the application asks to be sent; raises Refusal as the carrier would."""
        to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        self._check(to, from_, body, form)
        receipts = self._board.receipts(form.get("StatusCallback", ""), Asked.MESSAGE, to)
        message = self._new(from_, to, body, "outbound-api", "queued", receipts)
        message.validity = timedelta(seconds=int(form.get("ValidityPeriod") or LONGEST_VALIDITY))
        self._meet_faults(message)
        if message.fate == "stuck":
            self._board.after(message.validity, lambda: self._fail(message, "failed", EXPIRED))
        else:
            self._board.after(self._board.pace.sent, lambda: self._send(message))
        return message

    def receive(self, from_: str, to: str | None, text: str) -> Message:
        """Take a message written on a telephone, and post it to the application.

        Without `to` it goes to the number that wrote to this telephone last. Raises Mistake.
        """
        if not text.strip():
            raise Mistake("an empty message cannot be sent: write something first")
        to = to or self._last_writer(from_)
        if to not in self._board.account.numbers:
            raise Mistake(f"{to} is not a number of this carrier's account")
        telephone = self._board.telephone(from_)
        message = self._new(from_, to, text, "inbound", "received", Receipts(""))
        message.sent_at = message.arrived_at = telephone.seen_at = message.created_at
        self._heed_keyword(message)
        self._board.post(f"{self._board.app_url}/twilio/sms", self._inbound_form(message), self._answer_to(message))
        return message

    def update(self, sid: str, form: Mapping[str, str]) -> Message:
        """Blank the body of a finished message, which is all that the carrier lets one change."""
        message = self.get(sid)
        if form.get("Body") != "":
            raise Refusal(400, 20001, "Only an empty Body is allowed: it redacts the message")
        self._require_final(message)
        message.body = ""
        self._change(message)
        return message

    def delete(self, sid: str) -> None:
        """Forget a finished message, on the wall too."""
        self._require_final(self.get(sid))
        del self._all[sid]
        self._board.touch()

    def undeliver(self, sid: str, code: int = UNREACHABLE) -> None:
        """Say of a message, even a delivered one, that it was not delivered after all. Raises Mistake."""
        message = self._all.get(sid)
        if message is None or message.direction == "inbound":
            raise Mistake("no such outgoing message")
        message.arrived_at = None
        self._fail(message, "undelivered", code)

    def _check(self, to: str, from_: str, body: str, form: Mapping[str, str]) -> None:
        check_numbers(self._board, to, from_)
        if not body:
            raise Refusal(400, 21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise Refusal(400, 21617, f"The concatenated message body exceeds the {LONGEST_BODY} character limit")
        check_callback(form.get("StatusCallback", ""))
        validity = form.get("ValidityPeriod") or "1"
        if not (validity.isdigit() and 1 <= int(validity) <= LONGEST_VALIDITY):
            raise Refusal(400, 20001, f"ValidityPeriod must be between 1 and {LONGEST_VALIDITY} seconds")
        if to in self._board.opted_out:
            raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")

    def _new(self, from_: str, to: str, body: str, direction: str, status: str, receipts: Receipts) -> Message:
        now = self._board.clock.now()
        message = Message(
            sid=new_sid("SM"),
            from_=from_,
            to=to,
            body=body,
            text=body,
            direction=direction,
            status=status,
            created_at=now,
            updated_at=now,
            receipts=receipts,
            validity=timedelta(seconds=LONGEST_VALIDITY),
            listed_at=now,
        )
        self._all[message.sid] = message
        if direction != "inbound":
            self._board.telephone(to)
        self._board.touch()
        return message

    def _meet_faults(self, message: Message) -> None:
        message.listed_at = self._board.listed_at(Asked.MESSAGE, message.to)
        for kind in (FaultKind.STUCK, FaultKind.UNDELIVERED, FaultKind.FAILED):
            fault = self._board.faults.take(kind, Asked.MESSAGE, message.to)
            if fault is not None:
                message.fate, message.fate_code = kind.value, fault.code
                return

    def _send(self, message: Message) -> None:
        if message.is_final:
            return
        if message.fate == "failed":
            self._fail(message, "failed", message.fate_code or UNREACHABLE)
            return
        message.status, message.sent_at = "sent", self._board.clock.now()
        self._change(message)
        self._tell(message)
        self._board.after(self._board.pace.delivered, lambda: self._deliver(message))

    def _deliver(self, message: Message) -> None:
        if message.is_final:
            return
        if message.fate == "undelivered":
            self._fail(message, "undelivered", message.fate_code or UNREACHABLE)
            return
        message.status, message.arrived_at = "delivered", self._board.clock.now()
        self._change(message)
        self._tell(message)

    def _fail(self, message: Message, status: str, code: int) -> None:
        message.status, message.error_code = status, code
        self._change(message)
        self._tell(message)

    def _change(self, message: Message) -> None:
        message.updated_at = self._board.clock.now()
        self._board.touch()

    def _tell(self, message: Message) -> None:
        form = self._board.common_form(message.from_, message.to) | {
            "MessageSid": message.sid,
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
        }
        if message.error_code is not None:
            form["ErrorCode"] = str(message.error_code)
        self._board.tell(message.receipts, form, message.is_final)

    def _require_final(self, message: Message) -> None:
        if not message.is_final:
            raise Refusal(409, 20009, "Cannot change this resource before it is complete")

    def _last_writer(self, number: str) -> str:
        writers = (message.from_ for message in reversed(self._all.values()) if message.to == number)
        return next(writers, self._board.account.numbers[0])

    def _inbound_form(self, message: Message) -> dict[str, str]:
        form = {f"{side}{part}": "" for side in ("From", "To") for part in ("City", "State", "Zip")}
        form |= self._board.common_form(message.from_, message.to)
        return form | {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsStatus": "received",
            "Body": message.body,
            "NumMedia": "0",
            "NumSegments": str(count_segments(message.body)),
            "FromCountry": "US",
            "ToCountry": "US",
        }

    def _heed_keyword(self, message: Message) -> None:
        word = message.body.strip().upper()
        if word in OPT_OUT:
            self._board.opted_out.add(message.from_)
            self._write_back(message, "You have left this list and get no more messages. START brings you back.")
        elif word in OPT_IN and message.from_ in self._board.opted_out:
            self._board.opted_out.discard(message.from_)
            self._write_back(message, "You are back on this list. STOP leaves it.")
        elif word in HELP:
            self._write_back(message, "STOP leaves this list, START brings you back.")

    def _answer_to(self, message: Message) -> Answered:
        def answer(status: int, body: str) -> None:
            try:
                texts = parse_messages(body) if status == 200 and body.strip() else []
            except TwimlError as error:
                self._board.note("twiml", sid=message.sid, error=str(error))
                return
            for text in texts:
                self._write_back(message, text)

        return answer

    def _write_back(self, message: Message, text: str) -> None:
        reply = self._new(message.to, message.from_, text, "outbound-reply", "queued", Receipts(""))
        self._board.after(self._board.pace.sent, lambda: self._send(reply))


def check_numbers(board: Switchboard, to: str, from_: str) -> None:
    """Raise the carrier's refusal for a recipient or a sender that it would not take."""
    if not to:
        raise Refusal(400, 21604, "A 'To' phone number is required.")
    if not E164.fullmatch(to):
        raise Refusal(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not E164.fullmatch(from_):
        raise Refusal(400, 21212, f"Invalid 'From' Phone Number: {from_}")
    if from_ not in board.account.numbers:
        raise Refusal(400, 21606, f"The 'From' phone number {from_} is not a number of this account")


def check_callback(url: str) -> None:
    """Raise the carrier's refusal for a callback that is given but is no web address."""
    if url and not url.startswith(("http://", "https://")):
        raise Refusal(400, 21609, f"Invalid 'StatusCallback' URL: {url}")
