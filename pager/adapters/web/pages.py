"""Puts everything that people look at with a browser into an application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, current_app
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from pager.adapters.web.account import create_account
from pager.adapters.web.account_link import create_account_link
from pager.adapters.web.after_action import create_after_action
from pager.adapters.web.agencies import create_agencies
from pager.adapters.web.audit_page import create_audit_page
from pager.adapters.web.board import create_board
from pager.adapters.web.coverage_page import create_coverage_page
from pager.adapters.web.crowd import Crowd
from pager.adapters.web.encounter_page import create_encounter_page
from pager.adapters.web.encounters_page import create_encounters_page
from pager.adapters.web.page_errors import PageErrors
from pager.adapters.web.people import create_people
from pager.adapters.web.people_numbers import create_duty_phone, create_people_numbers
from pager.adapters.web.roster import create_roster
from pager.adapters.web.roster_entries import create_roster_entries
from pager.adapters.web.roster_import import create_roster_import, let_files_in
from pager.adapters.web.rotations import create_rotations
from pager.adapters.web.sign_in import create_sign_in
from pager.adapters.web.sign_in_session import know_users
from pager.adapters.web.start import create_start
from pager.adapters.web.stations import create_stations
from pager.adapters.web.telephone_list_page import create_telephone_list_page
from pager.adapters.web.users import create_users
from pager.domain.readable import counted, day_and_time, readable_number
from pager.domain.user import User
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.turn import Context

# What carries its own proof, a key or a signature, needs none of a page of ours.
WITHOUT_CSRF = ("api", "health", "metrics", "twilio")


def register_pages(
    app: Flask, context: Context, passwords: Passwords, public_url: str, errors: PageErrors, region: str = "US"
) -> None:
    """Register the pages and what they need; links that are handed to people begin with `public_url`.

    `region` is the country whose holidays rosters show. What needs no CSRF token must be registered before.
    """
    app.config |= {
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session: a board stays open for a shift
        "WTF_CSRF_SSL_STRICT": False,  # it would ask for a referrer, which our pages tell browsers not to send
    }
    Bootstrap5(app)
    app.before_request(let_files_in)  # before the check of a form's token, which reads the form
    csrf = CSRFProtect(app)
    for name in WITHOUT_CSRF:
        if name in app.blueprints:
            csrf.exempt(app.blueprints[name])
    know_users(app, context)
    for blueprint in (
        *_create_encounter_pages(context),
        *_create_ways_in(context, passwords, errors),
        *_create_keeping_pages(context, public_url, region),
    ):
        errors.handle_in(blueprint)
        app.register_blueprint(blueprint)
    app.register_blueprint(_create_files())


def _create_encounter_pages(context: Context) -> Iterator[Blueprint]:
    yield create_board(context)
    yield create_start(context)
    yield create_encounter_page(context)
    yield create_encounters_page(context)
    yield create_after_action(context)


def _create_ways_in(context: Context, passwords: Passwords, errors: PageErrors) -> Iterator[Blueprint]:
    crowd = Crowd()
    yield create_sign_in(context, passwords, crowd)
    yield create_account(context, passwords, crowd)
    yield create_account_link(context, passwords, crowd, errors)


def _create_keeping_pages(context: Context, public_url: str, region: str) -> Iterator[Blueprint]:
    """Yield the pages on which people, rosters, stations and users are kept, and what tells how these are."""
    yield create_users(context, public_url)
    yield create_agencies(context)
    yield create_roster(context, region)
    yield create_roster_entries(context)
    yield create_rotations(context)
    yield create_roster_import(context)
    yield create_people(context)
    yield create_people_numbers(context)
    yield create_duty_phone(context)
    yield create_stations(context)
    yield create_audit_page(context)
    yield create_coverage_page(context)
    yield create_telephone_list_page(context)


def _create_files() -> Blueprint:
    """Return the templates and files that all pages share, under /assets."""
    files = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")
    files.add_app_template_filter(role_words)
    files.add_app_template_filter(readable_number)
    files.add_app_template_filter(day_and_time)
    files.add_app_template_filter(local_day_and_time)
    files.add_app_template_filter(duration_words)
    files.add_app_template_global(has_page)
    return files


def has_page(endpoint: str) -> bool:
    """Tell whether this application has a page, for links to it."""
    return endpoint in current_app.view_functions


def local_day_and_time(at: datetime, timezone: str) -> str:
    """Say an instant in local time: `Mon Mar 2, 3:45pm`."""
    return day_and_time(at.astimezone(ZoneInfo(timezone)))


def duration_words(length: timedelta) -> str:
    """Say how long something is, of whole hours: `12 hours`, `1 day`, `7 days`."""
    hours = int(length.total_seconds() // 3600)
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return counted(number, unit)


def role_words(user: User) -> str:
    """Say what somebody is: `administrator`, `agency administrator of dcfs`."""
    words = user.role.value.replace("_", " ").replace("admin", "administrator")
    return f"{words} of {user.agency}" if user.agency else words
