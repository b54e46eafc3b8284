"""The pages on which administrators keep the stations: `/stations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.mistakes import tell, written_over
from pager.adapters.web.stations_form import (
    NEW,
    NewStationForm,
    StationForm,
    as_written,
    new_station_form,
    station_form,
)
from pager.domain.authority import ROLES, Deed
from pager.domain.directory import Station
from pager.domain.readable import day_and_year
from pager.domain.written import DraftError
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.keep_stations import (
    StillOpenError,
    add_station,
    change_station,
    deactivate_station,
    reactivate_station,
    seen,
)
from pager.lifecycle.sample_page import sample_page
from pager.lifecycle.turn import Context, reading

ADMINISTRATORS = ROLES[Deed.MANAGE_USERS]
ONE = "/<code>"


def create_stations(context: Context) -> Blueprint:
    """Return the pages of stations."""
    blueprint = Blueprint("stations", __name__, url_prefix="/stations")
    _add_listing(blueprint, context)
    _add_new(blueprint, context)
    _add_one(blueprint, context)
    _add_deeds(blueprint, context)
    return blueprint


def _add_listing(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("")
    @allows(*ADMINISTRATORS)
    def show_all() -> str:
        with reading(context) as turn:
            stations = sorted(turn.work.directory.stations(), key=lambda one: (not one.is_active, one.name))
            today = turn.local(turn.now).date()
        known = context.policies.names()
        days = {one.code: day_and_year(one.live_since) for one in stations if one.live_since}
        return render_template("stations/stations.html", stations=stations, known=known, days=days, today=today)


def _add_new(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(f"/{NEW}")
    @allows(*ADMINISTRATORS)
    def new() -> Response:
        return _new_page(new_station_form(context))

    @blueprint.post(f"/{NEW}")
    @allows(*ADMINISTRATORS)
    def create() -> Response:
        form = new_station_form(context)
        if form.validate():
            try:
                code = (form.code.data or "").strip()
                station = add_station(context, code, form.draft(), current_user().email)
                return _to(station.code, f"{station.name} can open encounters with the code {station.code}.")
            except DraftError as error:
                tell(form, error.mistakes)
        return _new_page(form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_one(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(ONE)
    @allows(*ADMINISTRATORS)
    def show(code: str) -> Response:
        station = _find(context, code)
        return _one_page(context, station, station_form(context, station))

    @blueprint.post(ONE)
    @allows(*ADMINISTRATORS)
    def change(code: str) -> Response:
        station = _find(context, code)
        form = station_form(context, station)
        if form.validate():
            try:
                by, as_seen = current_user().email, form.seen.data or ""
                change_station(context, code, form.draft(), by, as_seen=as_seen)
                return _to(code, f"{form.name.data.strip()}: saved.")
            except DraftError as error:
                tell(form, error.mistakes)
            except ChangedMeanwhileError:
                return _changed_meanwhile(context, code, form)
        return _one_page(context, station, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_deeds(blueprint: Blueprint, context: Context) -> None:
    @blueprint.post(f"{ONE}/deactivate")
    @allows(*ADMINISTRATORS)
    def deactivate(code: str) -> Response:
        station, is_confirmed = _find(context, code), request.form.get("is_confirmed") == "yes"
        try:
            deactivate_station(context, code, current_user().email, is_confirmed=is_confirmed)
        except StillOpenError as error:
            return _still_open(station, error.references)
        return _to(code, f"{station.name} is deactivated: it opens no encounters any more.")

    @blueprint.post(f"{ONE}/reactivate")
    @allows(*ADMINISTRATORS)
    def reactivate(code: str) -> Response:
        station = _find(context, code)
        reactivate_station(context, code, current_user().email)
        return _to(code, f"{station.name} can open encounters again.")


def _find(context: Context, code: str) -> Station:
    with reading(context) as turn:
        return turn.work.directory.find_station(code) or abort(HTTPStatus.NOT_FOUND)


def _new_page(form: NewStationForm, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("stations/new.html", form=form), status)


def _one_page(
    context: Context,
    station: Station,
    form: StationForm,
    status: int = HTTPStatus.OK,
    now: Mapping[str, str] | None = None,
) -> Response:
    """Return the page of a station; `now` is what is there of each field in which something else was written."""
    with reading(context) as turn:
        sample = sample_page(turn, station)
    is_policy_known = station.policy in context.policies.names()
    page = render_template(
        "stations/station.html",
        station=station,
        form=form,
        sample=sample,
        is_policy_known=is_policy_known,
        now=now or {},
        is_changed_meanwhile=now is not None,
    )
    return make_response(page, status)


def _changed_meanwhile(context: Context, code: str, form: StationForm) -> Response:
    station = _find(context, code)
    form.seen.data = seen(station)
    return _one_page(context, station, form, HTTPStatus.CONFLICT, written_over(form, as_written(station)))


def _still_open(station: Station, references: Sequence[str]) -> Response:
    page = render_template("stations/deactivate.html", station=station, references=references)
    return make_response(page, HTTPStatus.CONFLICT)


def _to(code: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("stations.show", code=code), HTTPStatus.SEE_OTHER)
