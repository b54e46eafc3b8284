"""What the carrier's errors mean for us, in one table."""

from __future__ import annotations

from requests import ConnectionError as RequestsConnectionError
from requests import ConnectTimeout
from twilio.base.exceptions import TwilioRestException
from urllib3.exceptions import MaxRetryError, NewConnectionError

from pager.lifecycle.carrier import OutcomeKind

OPTED_OUT = 21610

# Faults that the same request to the same number will always meet: the channel is not tried again on this page.
LASTING: dict[int, str] = {
    13224: "the number called is not valid",
    21211: "the number is not valid",
    21214: "the number called cannot be reached",
    21215: "calls to this region are not permitted",
    21217: "the number called does not look valid",
    21408: "messages to this region are not permitted",
    OPTED_OUT: "the recipient has opted out of messages",
    21612: "no route from our number to this one",
    21614: "the number is not a mobile: it takes no messages",
    30006: "the number is a landline or its carrier takes no messages",
}
# Faults that end this message for good and say nothing of the next one: it is made up for at once all the same.
PASSING: dict[int, str] = {
    30003: "the telephone is unreachable now, and an undelivered message is not tried again",
    30005: "the number is unknown to its carrier now",
    30007: "the message was filtered",
    30034: "our number is not registered to send messages",
}
CREDENTIALS_REFUSED = 20003
UNAUTHORISED_STATUSES = (401, 403)


def is_lasting(code: int | str | None) -> bool:
    """Tell whether a code of the carrier, from an answer or a receipt, will never change for this number."""
    return _number(code) in LASTING


def is_opt_out(code: int | str | None) -> bool:
    """Tell whether a code says that the number's holder wants no messages of ours."""
    return _number(code) == OPTED_OUT


def is_final(code: int | str | None) -> bool:
    """Tell whether a code ends this message for good."""
    return _number(code) in LASTING or _number(code) in PASSING


def _number(code: int | str | None) -> int:
    return int(code) if str(code or "").isdecimal() and code is not None else 0


def outcome_of_refusal(error: TwilioRestException) -> OutcomeKind:
    """Judge an error answer. Anything below 500 was surely not taken; from 500 on it may have been."""
    if is_final(error.code):
        return OutcomeKind.REFUSED
    if error.status in UNAUTHORISED_STATUSES or error.code == CREDENTIALS_REFUSED:
        return OutcomeKind.UNAUTHORISED
    return OutcomeKind.UNKNOWN if error.status >= 500 else OutcomeKind.NOT_TAKEN


def outcome_of_fault(error: Exception) -> OutcomeKind:
    """Judge a fault of the transport: unknown, unless no connection was ever made."""
    if isinstance(error, ConnectTimeout):
        return OutcomeKind.NOT_TAKEN
    cause = error.args[0] if isinstance(error, RequestsConnectionError) and error.args else None
    was_never_connected = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    return OutcomeKind.NOT_TAKEN if was_never_connected else OutcomeKind.UNKNOWN
