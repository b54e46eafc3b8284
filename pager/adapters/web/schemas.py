"""What the API takes and answers: these check its requests, shape its answers and make its description."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from pager.domain.directory import Channel
from pager.domain.encounter import EncounterState, Updates
from pager.domain.follow_up import Outcome
from pager.domain.page import PageState
from pager.domain.timeline import EventKind


def in_utc(at: datetime) -> str:
    """Write an instant as the API does: UTC, ISO 8601, milliseconds, `Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # NUL, and half of a pair of surrogates


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise ValueError("must be plain text")
    return text


def _aware(text: object) -> datetime:
    # A `+` that was not encoded arrives as a space.
    written = re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", str(text))
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a time with its zone, like 2026-01-05T15:45:00Z")


def _example(example: object) -> dict[str, Any]:
    return {"example": example}


def _optional(schema: dict[str, Any]) -> None:
    """Describe a parameter as one that may be left out; it is never null."""
    del schema["default"]


Instant = Annotated[
    datetime,
    PlainSerializer(in_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
Text = Annotated[str, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]


# What comes in.


class EncounterPath(BaseModel):
    reference: str = Field(description="the encounter's reference", json_schema_extra=_example("7K2QD"))


class PagePath(EncounterPath):
    agency: str = Field(description="the agency's code", json_schema_extra=_example("dcfs"))


class FollowUpPath(EncounterPath):
    name: str = Field(description="the follow-up's name", json_schema_extra=_example("health_evaluation"))


class Query(BaseModel):
    """A query: unknown parameters are refused, since one that is mistyped would answer another question."""

    model_config = ConfigDict(extra="forbid")


class ListingQuery(Query):
    state: EncounterState | SkipJsonSchema[None] = Field(
        None, description="by default encounters in any state", json_schema_extra=_optional
    )
    limit: int = Field(50, ge=1, le=100)
    cursor: str | SkipJsonSchema[None] = Field(
        None, description="`next` of the answer before", json_schema_extra=_optional
    )


class OnCallQuery(Query):
    agency: str | SkipJsonSchema[None] = Field(None, description="by default every agency", json_schema_extra=_optional)
    station: str | SkipJsonSchema[None] = Field(
        None, description="by default every station that the key serves", json_schema_extra=_optional
    )
    at: Annotated[datetime, BeforeValidator(_aware)] | SkipJsonSchema[None] = Field(
        None, description="by default now; a time with its zone", json_schema_extra=_optional
    )


class TriggerHeaders(BaseModel):
    idempotency_key: str | SkipJsonSchema[None] = Field(
        None,
        alias="Idempotency-Key",
        description="Any text. Sent again within 72 hours with the same body, the answer is the same encounter.",
        json_schema_extra=_optional,
    )


class TriggerBody(BaseModel):
    """Of its content only `station` and `callback` can refuse a page: what else is wrong or unknown is left out unread
    and named in `warnings`.
    """

    station: str = Field(description="the station's code", json_schema_extra=_example("compton"))
    callback: str = Field(
        description="where the dispatcher can be called back", json_schema_extra=_example("310-555-0100")
    )
    leave_out: list[str] = Field([], description="agencies not to page, where the policy lets them be left out")
    note: str = Field(
        "",
        description="Free text of up to 500 characters, never sent by SMS or voice. It is not kept when it holds a "
        "date, a run of five or more digits, or a telephone number other than the callback.",
    )
    drill: bool = Field(False, description="true: for practice, every message says so first")
    updates: Literal["voice", "sms", "none"] = Field(
        "voice",
        description="how the dispatcher is told how it goes: the callback is called, written to, or neither; an alert "
        "calls in any case",
    )


class Body(BaseModel):
    """A call on an encounter: unknown fields are refused, since one that was meant must not be passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Ending(Body):
    reason: Text | None = Field(None, description="free text; kept as a note is")


class Correction(Body):
    station: Text | None = None
    callback: Text | None = None


class AcknowledgementReport(Body):
    responder: Text = Field(json_schema_extra=_example("dcfs-ana"))
    eta_minutes: int | None = Field(None, ge=1, le=999)


class ResponderReport(Body):
    responder: Text | None = Field(None, description="by default the one who acknowledged")


class Nothing(Body):
    """A call that takes no field."""


class PageNow(Body):
    responder: Text | None = Field(None, description="whom to page, on every channel; by default the next rung")


class AddedAgency(Body):
    agency: Text = Field(description="the agency's code", json_schema_extra=_example("dmh"))


class FollowUpReport(Body):
    outcome: Literal["completed", "declined", "not_needed"]


# What goes out.


class Page(BaseModel):
    agency: str
    state: PageState
    round: int
    rung: int
    next_rung_at: Instant | None
    acknowledged_at: Instant | None
    acknowledged_by: str | None
    eta: Instant | None
    on_scene_at: Instant | None
    late: bool
    standby: list[str]


class FollowUp(BaseModel):
    name: str
    agency: str
    due_at: Instant
    outcome: Outcome | None


class Encounter(BaseModel):
    reference: str
    station: str
    callback: str
    callback_extension: str | None
    state: EncounterState
    drill: bool
    updates: Updates
    opened_at: Instant
    respond_by: Instant
    ended_at: Instant | None
    policy: str
    pages: list[Page]
    left_out: list[str]
    follow_ups: list[FollowUp]


class EncounterWithWarnings(Encounter):
    warnings: list[str]


class EncounterList(BaseModel):
    items: list[Encounter]
    next: str | None = Field(description="the cursor of the next page")


class TimelineItem(BaseModel):
    """One event; `words` are what somebody wrote freely, for keys that may trigger; other fields belong to its kind."""

    model_config = ConfigDict(extra="allow")

    at: Instant
    kind: EventKind
    agency: str | None
    responder: str | None
    text: str


class Timeline(BaseModel):
    items: list[TimelineItem]


class TierHolder(BaseModel):
    responder: str
    name: str
    channels: list[Channel]


class Tiers(BaseModel):
    primary: TierHolder | None
    backup: TierHolder | None
    supervisor: TierHolder | None


class OnCallItem(BaseModel):
    agency: str
    station: str
    tiers: Tiers
    duty_phone: bool


class OnCall(BaseModel):
    at: Instant
    items: list[OnCallItem]


class Liveness(BaseModel):
    status: Literal["ok", "failing"]


class Health(Liveness):
    """`failing` names what fails; what follows it is told to a `read` key only."""

    failing: list[Literal["database", "engine", "unsent", "carrier"]]
    database: Literal["ok", "failing"] = "ok"
    engine_lag_seconds: float | None = None
    oldest_unsent_seconds: float | None = None
    carrier: Literal["ok", "failing"] = "ok"
    carrier_rate_is_the_limit: bool = Field(False, description="what is due waits for the carrier's rate")


class Problem(BaseModel):
    """An error, as RFC 9457 has it."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="what of the request is at fault, where that is one thing")
