"""What the carrier wrote down and what the database keeps, brought into one form to be judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text

from pager.adapters.db.session import SqlStore
from pager.domain.delivery import Delivery
from pager.domain.encounter import Encounter
from pager.domain.page import Page
from pager.domain.policy import Policy
from pager.domain.replies import Meaning
from pager.domain.timeline import Event

MESSAGES, CALLS = "/Messages.json", "/Calls.json"
FOR_EVER = timedelta(days=1)
EVERY_ONE = 1_000_000
# An event is never changed, so that its row belongs to the transaction that wrote it.
COMMITTED = "SELECT encounter_id, seq, pg_xact_commit_timestamp(xmin) FROM events"


@dataclass(frozen=True)
class Request:
    """One request to send, as it reached the carrier. `process` made it; `is_taken`: the carrier goes on with it."""

    at: datetime
    process: str
    number: str
    token: str
    is_call: bool
    is_taken: bool


@dataclass(frozen=True)
class Listing:
    """The carrier was asked what it has sent to a number."""

    at: datetime
    number: str


@dataclass(frozen=True)
class Answer:
    """What a responder wrote on a telephone; `sid` is the carrier's id of it."""

    sid: str
    number: str
    meaning: Meaning
    reference: str


@dataclass(frozen=True)
class Pause:
    """A process stood still."""

    process: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Story:
    """What the database keeps of one encounter, and when each of its events was committed, by its number."""

    encounter: Encounter
    policy: Policy
    pages: Sequence[Page]
    deliveries: Sequence[Delivery]
    events: Sequence[Event]
    committed_at: Mapping[int, datetime]


@dataclass(frozen=True)
class Evidence:
    """Everything that is judged. `accepted` are the references that a dispatcher was given, `handled` the ids of the
    messages to us that were acted on.
    """

    judged_at: datetime
    accepted: Sequence[str]
    requests: Sequence[Request]
    listings: Sequence[Listing]
    answers: Sequence[Answer]
    pauses: Sequence[Pause]
    stories: Mapping[str, Story]
    handled: frozenset[str]


def read_ledger(lines: Iterable[Mapping[str, Any]]) -> tuple[list[Request], list[Listing]]:
    """Return what the carrier was asked to send and to list; the first part of each path names who asked."""
    requests, listings = [], []
    for line in lines:
        if line["kind"] != "request" or not line["path"].endswith((MESSAGES, CALLS)):
            continue
        at = datetime.fromisoformat(line["at"])
        if line["method"] == "POST":
            requests.append(_request(at, line))
        elif "From" in line["query"]:  # else what was sent to us is asked for
            listings.append(Listing(at, line["query"]["To"]))
    return requests, listings


def _request(at: datetime, line: Mapping[str, Any]) -> Request:
    form = line["form"]
    return Request(
        at=at,
        process=line["path"].split("/")[1],
        number=form["To"],
        token=parse_qs(urlsplit(form["StatusCallback"]).query)["delivery"][0],
        is_call=line["path"].endswith(CALLS),
        is_taken=line["status"] == 201,
    )


def read_stories(store: SqlStore) -> dict[str, Story]:
    """Return all encounters by their references; the server must have `track_commit_timestamp`."""
    committed_at: dict[int, dict[int, datetime]] = defaultdict(dict)
    with store.engine.connect() as connection:
        for encounter_id, seq, at in connection.execute(text(COMMITTED)):
            committed_at[encounter_id][seq] = at
    with store.reading() as work:
        return {
            encounter.reference: Story(
                encounter,
                work.encounters.policy(encounter.policy_digest),
                work.encounters.pages(encounter.id),
                work.deliveries.of_encounter(encounter.id),
                work.timeline.of(encounter.id),
                committed_at[encounter.id],
            )
            for encounter in work.encounters.listing(state=None, stations=(), before=None, limit=EVERY_ONE)
        }


def read_handled(store: SqlStore, sids: Sequence[str], now: datetime) -> frozenset[str]:
    """Return which of these messages to us were acted on."""
    with store.reading() as work:
        waiting = {carrier_id for carrier_id, _, _ in work.inbox.unhandled(now + FOR_EVER, EVERY_ONE)}
        return work.inbox.known(sids) - waiting
