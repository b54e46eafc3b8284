"""The API's calls on encounters that exist: each parses, calls one verb, answers."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import NotFound

from pager.adapters.web.answers import encounter_answer, encounter_with_warnings, timeline_item
from pager.adapters.web.api_keys import acting, current_key, require_station
from pager.adapters.web.json_body import read
from pager.adapters.web.operations import answer
from pager.adapters.web.problems import UnusableError
from pager.adapters.web.schemas import (
    AcknowledgementReport,
    AddedAgency,
    Correction,
    EncounterList,
    EncounterPath,
    Ending,
    FollowUpPath,
    FollowUpReport,
    ListingQuery,
    Nothing,
    PageNow,
    PagePath,
    ResponderReport,
    Timeline,
)
from pager.domain.authority import Deed, may, may_to
from pager.domain.encounter import Encounter
from pager.domain.follow_up import Outcome
from pager.domain.reference import is_reference
from pager.lifecycle.close import cancel, close
from pager.lifecycle.correct import correct
from pager.lifecycle.follow_up import close_follow_up
from pager.lifecycle.note_view import note_view
from pager.lifecycle.overview import overview, overviews
from pager.lifecycle.page_now import add_agency, page_now
from pager.lifecycle.report import report_acknowledgement, report_arrival, report_mistake, report_release
from pager.lifecycle.turn import Context, Turn, reading


class EncounterCalls:
    """An encounter that belongs to no station of the key does not exist for it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def list_encounters(self, query: ListingQuery) -> Response:
        """List encounters, newest first."""
        with reading(self._context) as turn:
            found = turn.work.encounters.listing(
                state=query.state,
                stations=current_key().stations,
                before=None if query.cursor is None else _id_at(turn, query.cursor),
                limit=query.limit + 1,
            )
            items = [encounter_answer(one) for one in overviews(turn, found[: query.limit])]
        has_more = len(found) > query.limit
        return answer(EncounterList(items=items, next=items[-1].reference if has_more else None))

    def encounter(self, path: EncounterPath) -> Response:
        """Show one encounter."""
        with reading(self._context) as turn:
            found = encounter_answer(overview(turn, _find(turn, path.reference, Deed.SEE)))
        self._note_view(path)
        return answer(found)

    def timeline(self, path: EncounterPath) -> Response:
        """Show all that happened on an encounter, in order; that it was shown now, the next time."""
        with reading(self._context) as turn:
            encounter = _find(turn, path.reference, Deed.SEE)
            words = turn.work.timeline.words(encounter.id) if may(current_key(), Deed.READ_WORDS) else {}
            events = turn.work.timeline.of(encounter.id)
        self._note_view(path)
        return answer(Timeline(items=[timeline_item(event, words.get(event.seq)) for event in events]))

    def cancel(self, path: EncounterPath) -> Response:
        """Cancel an encounter that should not have been opened: every page stops."""
        self._require(path)
        return answer(
            encounter_with_warnings(*cancel(acting(self._context), path.reference, read(Ending).reason or None))
        )

    def close(self, path: EncounterPath) -> Response:
        """Close an encounter: every page stops, follow-ups stay open."""
        self._require(path)
        return answer(
            encounter_with_warnings(*close(acting(self._context), path.reference, read(Ending).reason or None))
        )

    def correct(self, path: EncounterPath) -> Response:
        """Correct the station or the callback; whoever was called is told."""
        self._require(path)
        wanted = read(Correction)
        if wanted.station is not None:
            require_station(Deed.ACT, wanted.station)
        return answer(encounter_answer(correct(acting(self._context), path.reference, wanted.station, wanted.callback)))

    def acknowledge(self, path: PagePath) -> Response:
        """Record that a responder comes, as told to the dispatcher."""
        self._require_page(path)
        said = read(AcknowledgementReport)
        return answer(
            encounter_answer(
                report_acknowledgement(
                    acting(self._context), path.reference, path.agency, said.responder, said.eta_minutes
                )
            )
        )

    def on_scene(self, path: PagePath) -> Response:
        """Record that a responder is on scene, by default the one who acknowledged."""
        self._require_page(path)
        responder = read(ResponderReport).responder
        return answer(encounter_answer(report_arrival(acting(self._context), path.reference, path.agency, responder)))

    def release(self, path: PagePath) -> Response:
        """Record that a responder does not come after all, by default the one who acknowledged."""
        self._require_page(path)
        responder = read(ResponderReport).responder
        return answer(encounter_answer(report_release(acting(self._context), path.reference, path.agency, responder)))

    def undo(self, path: PagePath) -> Response:
        """Take back an arrival that was none, or else an acknowledgement: the agency is paged again then."""
        self._require_page(path)
        read(Nothing)
        return answer(encounter_answer(report_mistake(acting(self._context), path.reference, path.agency)))

    def page_now(self, path: PagePath) -> Response:
        """Page without waiting for the ladder: the next rung that reaches somebody, or one person by name."""
        self._require_page(path)
        responder = read(PageNow).responder
        return answer(encounter_answer(page_now(acting(self._context), path.reference, path.agency, responder)))

    def add_agency(self, path: EncounterPath) -> Response:
        """Page one more agency, e.g. one that was left out."""
        self._require(path)
        return answer(encounter_answer(add_agency(acting(self._context), path.reference, read(AddedAgency).agency)))

    def follow_up(self, path: FollowUpPath) -> Response:
        """Record what became of a follow-up."""
        with reading(self._context) as turn:
            encounter = _find(turn, path.reference, Deed.ACT)
            if path.name not in {one.name for one in turn.work.encounters.follow_ups(encounter.id)}:
                raise NotFound("This encounter has no such follow-up.")
        outcome = Outcome(read(FollowUpReport).outcome)
        return answer(encounter_answer(close_follow_up(acting(self._context), path.reference, path.name, outcome)))

    def _note_view(self, path: EncounterPath) -> None:
        note_view(self._context, path.reference, f"key {current_key().name}")

    def _require(self, path: EncounterPath) -> None:
        with reading(self._context) as turn:
            _find(turn, path.reference, Deed.ACT)

    def _require_page(self, path: PagePath) -> None:
        with reading(self._context) as turn:
            encounter = _find(turn, path.reference, Deed.ACT)
            if path.agency not in {page.agency for page in turn.work.encounters.pages(encounter.id)}:
                raise NotFound("This encounter has no page of such an agency.")


def _find(turn: Turn, reference: str, deed: Deed) -> Encounter:
    """Return an encounter to which the key may do this; raises NotFound. It belongs to every station it has had."""
    encounter = turn.work.encounters.find(reference) if is_reference(reference) else None
    if encounter is None or not may_to(current_key(), deed, stations=turn.work.encounters.stations(encounter.id)):
        raise NotFound("There is no such encounter.")
    return encounter


def _id_at(turn: Turn, cursor: str) -> int:
    """Return where the listing goes on: a cursor is the reference of the last encounter shown."""
    try:
        return _find(turn, cursor, Deed.LIST).id
    except NotFound as error:
        raise UnusableError("cursor is not one of ours; send `next` of the answer before", "cursor") from error
