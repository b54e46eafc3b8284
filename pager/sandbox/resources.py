"""Writes records as the carrier's JSON, and lists of them page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from pager.sandbox.records import Account, Call, Message, Refusal
from pager.sandbox.segments import count_segments
from pager.sandbox.switchboard import API_VERSION

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 1000

Record = TypeVar("Record", Message, Call)


def account_resource(account: Account) -> dict[str, Any]:
    """Return the account as the carrier shows it."""
    return {
        "sid": account.sid,
        "owner_account_sid": account.sid,
        "friendly_name": "Sandbox",
        "status": "active",
        "type": "Full",
        "uri": f"/{API_VERSION}/Accounts/{account.sid}.json",
        "subresource_uris": {},
    }


def message_resource(account: Account, message: Message) -> dict[str, Any]:
    """Return a message as the carrier shows it; dates are RFC 2822."""
    path = f"/{API_VERSION}/Accounts/{account.sid}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": account.sid,
        "messaging_service_sid": None,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "num_segments": str(count_segments(message.body)),
        "num_media": "0",
        "direction": message.direction,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": None if message.error_code is None else f"Error {message.error_code}",
        "date_created": _rfc2822(message.created_at),
        "date_updated": _rfc2822(message.updated_at),
        "date_sent": _rfc2822(message.sent_at),
        "price": None,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "uri": f"{path}.json",
        "subresource_uris": {"media": f"{path}/Media.json"},
    }


def call_resource(account: Account, call: Call) -> dict[str, Any]:
    """Return a call as the carrier shows it; dates are RFC 2822, the duration is in seconds."""
    path = f"/{API_VERSION}/Accounts/{account.sid}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": account.sid,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "to": call.to,
        "to_formatted": call.to,
        "direction": call.direction,
        "status": call.status,
        "answered_by": None,
        "date_created": _rfc2822(call.created_at),
        "date_updated": _rfc2822(call.updated_at),
        "start_time": _rfc2822(call.started_at),
        "end_time": _rfc2822(call.ended_at),
        "duration": str(call.duration) if call.is_over else None,
        "price": None,
        "price_unit": "USD",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "annotation": None,
        "api_version": API_VERSION,
        "uri": f"{path}.json",
        "subresource_uris": {},
    }


def choose_messages(messages: Sequence[Message], query: Mapping[str, str], now: datetime) -> list[Message]:
    """Return the messages that a list request asks for, newest first.

    One that was not sent yet has no date to be found by, and one that lags is not listed yet.
    """
    return [
        message
        for message in reversed(messages)
        if message.listed_at <= now
        and query.get("To", message.to) == message.to
        and query.get("From", message.from_) == message.from_
        and _is_within(message.sent_at, query, "DateSent")
    ]


def choose_calls(calls: Sequence[Call], query: Mapping[str, str], now: datetime) -> list[Call]:
    """Return the calls that a list request asks for, newest first; one that lags is not listed yet."""
    return [
        call
        for call in reversed(calls)
        if call.listed_at <= now
        and query.get("To", call.to) == call.to
        and query.get("From", call.from_) == call.from_
        and query.get("Status", call.status) == call.status
        and _is_within(call.started_at, query, "StartTime")
    ]


def page_of(
    path: str, key: str, records: Sequence[Record], query: Mapping[str, str], show: Callable[[Record], dict[str, Any]]
) -> dict[str, Any]:
    """Return one page of a list, with the address of the next.

    The page token names the last record of the page before, so that what arrives meanwhile shifts nothing.
    """
    size, number, token = _page_size(query), int(query.get("Page") or 0), query.get("PageToken", "")
    sids = [record.sid for record in records]
    start = sids.index(token[2:]) + 1 if token[2:] in sids else 0
    shown = records[start : start + size]
    following = None
    if start + size < len(records):
        following = dict(query) | {"PageSize": str(size), "Page": str(number + 1), "PageToken": f"PA{shown[-1].sid}"}
    return {
        key: [show(record) for record in shown],
        "uri": _address(path, query),
        "first_page_uri": _address(path, dict(query) | {"PageSize": str(size), "Page": "0", "PageToken": ""}),
        "next_page_uri": _address(path, following) if following else None,
        "previous_page_uri": None,
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + len(shown) - 1 if shown else 0,
    }


def _page_size(query: Mapping[str, str]) -> int:
    size = query.get("PageSize") or str(DEFAULT_PAGE_SIZE)
    if not size.isdigit() or int(size) < 1:
        raise Refusal(400, 20001, "PageSize must be a number from 1 to 1000")
    return min(int(size), LARGEST_PAGE_SIZE)


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _rfc2822(at: datetime | None) -> str | None:
    return None if at is None else format_datetime(at.astimezone(UTC))


def _is_within(at: datetime | None, query: Mapping[str, str], name: str) -> bool:
    """Tell whether `at` meets `name` (that day, or that second), `name>` (from then on) and `name<` (until then)."""
    bounds = {sign: _span(query[name + sign], name) for sign in ("", ">", "<") if query.get(name + sign)}
    if not bounds:
        return True
    if at is None:
        return False
    second = at.replace(microsecond=0)
    return all(
        (sign == "<" or second >= first) and (sign == ">" or second < end) for sign, (first, end) in bounds.items()
    )


def _span(text: str, name: str) -> tuple[datetime, datetime]:
    """Return the first instant of a day or a second, and the first one after it."""
    try:
        if len(text) == len("2026-01-31"):
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return day, day + timedelta(days=1)
        second = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, 20001, f"{name}: {text!r} is not a date or a time in ISO 8601") from None
    second = second.replace(tzinfo=UTC) if second.tzinfo is None else second
    return second, second + timedelta(seconds=1)
