"""The HTTP API under `/api/v1`: every call, who may use it, what it takes and answers."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from pager.adapters.web import schemas
from pager.adapters.web.encounters import EncounterCalls
from pager.adapters.web.on_call import OnCallCall
from pager.adapters.web.operations import Operations, described
from pager.adapters.web.triggering import TriggerCall
from pager.domain.authority import Deed
from pager.lifecycle.turn import Context

PREFIX = "/api/v1"
ONE = "/encounters/<reference>"
PAGE = f"{ONE}/pages/<agency>"

# What every call with a body can be refused for.
BODY = (400, 413, 415, 422)


def create_api(context: Context) -> APIBlueprint:
    """Return the API."""
    api = APIBlueprint("api", __name__, url_prefix=PREFIX, abp_tags=[Tag(name="encounters and rosters")])
    operations = Operations(api, context)
    _add_trigger(operations, TriggerCall(context))
    calls = EncounterCalls(context)
    _add_reading(operations, calls, OnCallCall(context))
    _add_ending_and_correcting(operations, calls)
    _add_reports(operations, calls)
    return api


def _add_trigger(operations: Operations, call: TriggerCall) -> None:
    location = {"Location": "the encounter's address"}
    operations.post(
        "/encounters",
        call.trigger,
        deed=Deed.OPEN,
        takes=schemas.TriggerBody,
        is_body_required=True,
        gives={
            200: schemas.EncounterWithWarnings,
            201: described(201, schemas.EncounterWithWarnings, location),
        },
        refuses=BODY,
    )


def _add_reading(operations: Operations, calls: EncounterCalls, on_call: OnCallCall) -> None:
    operations.get(
        "/encounters", calls.list_encounters, deed=Deed.LIST, gives={200: schemas.EncounterList}, refuses=(422,)
    )
    operations.get(ONE, calls.encounter, deed=Deed.SEE, gives={200: schemas.Encounter}, refuses=(404,))
    operations.get(f"{ONE}/timeline", calls.timeline, deed=Deed.SEE, gives={200: schemas.Timeline}, refuses=(404,))
    operations.get("/oncall", on_call.on_call, deed=Deed.SEE_ON_CALL, gives={200: schemas.OnCall}, refuses=(422,))


def _add_ending_and_correcting(operations: Operations, calls: EncounterCalls) -> None:
    for name, view in (("cancel", calls.cancel), ("close", calls.close)):
        operations.post(
            f"{ONE}/{name}",
            view,
            deed=Deed.ACT,
            takes=schemas.Ending,
            gives={200: schemas.EncounterWithWarnings},
            refuses=(404, 409, *BODY),
        )
    operations.post(
        f"{ONE}/correct",
        calls.correct,
        deed=Deed.ACT,
        takes=schemas.Correction,
        gives={200: schemas.Encounter},
        refuses=(404, 409, *BODY),
    )


def _add_reports(operations: Operations, calls: EncounterCalls) -> None:
    for rule, view, takes, is_body_required in (
        (f"{PAGE}/acknowledge", calls.acknowledge, schemas.AcknowledgementReport, True),
        (f"{PAGE}/on-scene", calls.on_scene, schemas.ResponderReport, False),
        (f"{PAGE}/release", calls.release, schemas.ResponderReport, False),
        (f"{PAGE}/undo", calls.undo, schemas.Nothing, False),
        (f"{PAGE}/page", calls.page_now, schemas.PageNow, False),
        (f"{ONE}/pages", calls.add_agency, schemas.AddedAgency, True),
        (f"{ONE}/follow-ups/<name>", calls.follow_up, schemas.FollowUpReport, True),
    ):
        operations.post(
            rule,
            view,
            deed=Deed.ACT,
            takes=takes,
            is_body_required=is_body_required,
            gives={200: schemas.Encounter},
            refuses=(404, 409, *BODY),
        )
