"""How long a full roster takes: a month of 200 responders as a page, and everybody on call with 10,000 shifts.

Each beside the same request to a county with hardly any shifts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from pager.adapters.db.migrate import upgrade
from pager.domain.directory import Responder, Station
from pager.domain.roster import Shift, Tier
from pager.domain.user import Role
from pager.lifecycle.turn import writing
from tests.bench.stage import Stage
from tests.bench.table import Figure, Row
from tests.bench.timing import milliseconds
from tests.web.whole_app import Whole, serve_app, sign_in_as

STATIONS, RESPONDERS, SHIFTS = 23, 200, 10_000
MONTH = "/agencies/dcfs/roster?view=month&day=2026-03-01"
ON_CALL = "/api/v1/oncall"
AGENCIES = ("dcfs", "dhs", "dmh", "probation", "advocates")
MARCH = datetime.fromisoformat("2026-03-01T00:00")  # local time


def rows(stage: Stage) -> Iterator[Row]:
    small, large = (_county(f"{stage.folder}/roster-{name}.db", is_full=name == "large") for name in ("small", "large"))
    yield _compared("roster's page, a month of 200 responders", small, large, _page)
    yield _compared("GET /oncall, 10,000 shifts", small, large, _on_call)


def _compared(what: str, small: Whole, large: Whole, ask_of: Callable[[Whole], Callable[[], None]]) -> Row:
    few, many = (milliseconds(ask_of(whole)) for whole in (small, large))
    return Row(what, Figure(many, "ms"), Figure(few, "ms", "with hardly any"))


def _page(whole: Whole) -> Callable[[], None]:
    return _asking(sign_in_as(whole, Role.ADMIN), MONTH)


def _on_call(whole: Whole) -> Callable[[], None]:
    return _asking(whole.app.test_client(), ON_CALL, {"Authorization": "Bearer read"})


def _asking(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> Callable[[], None]:
    def ask() -> None:
        assert client.get(path, headers=headers).status_code == 200

    return ask


def _county(path: str, *, is_full: bool) -> Whole:
    url = f"sqlite:///{path}"
    upgrade(url)
    whole = serve_app(url)
    if is_full:
        with writing(whole.context) as turn:
            for station in _stations():
                turn.work.directory.add(station)
            for responder in _responders():
                turn.work.directory.add(responder)
            turn.work.flush()
            for shift in _shifts():
                turn.work.directory.add(shift)
    return whole


def _stations() -> Iterator[Station]:
    for number in range(STATIONS - 2):
        yield Station(f"station-{number}", f"Station {number}", f"Stn {number}", "first-responder")


def _responders() -> Iterator[Responder]:
    for number in range(RESPONDERS):
        yield Responder(f"dcfs-{number}", "dcfs", f"Person {number}", f"+1213556{number:04}", None)


def _shifts() -> Iterator[Shift]:
    """Yield shifts of eight hours: each of the 200 in March for one of the stations, the rest of other agencies."""
    for number in range(SHIFTS):
        turn, place = divmod(number, STATIONS - 2)
        starts = MARCH + turn % 93 * timedelta(hours=8)
        agency = AGENCIES[turn // 93 % len(AGENCIES)]
        tier = list(Tier)[turn // (93 * len(AGENCIES)) % 3]
        person = f"dcfs-{number % RESPONDERS}" if agency == "dcfs" else _OTHERS[agency]
        ends = starts + timedelta(hours=8)
        stations = frozenset([f"station-{place}"])
        instants = (starts.replace(tzinfo=UTC), ends.replace(tzinfo=UTC))
        yield Shift(agency, tier, person, stations, starts, ends, *instants)


_OTHERS = {"dhs": "dhs-dan", "dmh": "dmh-gus", "probation": "probation-jon", "advocates": "advocates-mia"}
