"""How long the board takes with 50 open encounters, and where nothing has changed, beside the board with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pager.adapters.db.migrate import upgrade
from pager.domain.trigger_request import TriggerRequest
from pager.domain.user import Role
from pager.lifecycle.trigger import trigger
from tests.bench.stage import Stage
from tests.bench.table import Figure, Row
from tests.bench.timing import milliseconds
from tests.web.whole_app import Whole, serve_app, sign_in_as

MANY = 50
REFRESH = "/board/encounters"


def rows(stage: Stage) -> Iterator[Row]:
    one, many = (_milliseconds(_county(f"{stage.folder}/board-{count}.db", count)) for count in (1, MANY))
    for what, few, full in zip(("refresh", "refresh, unchanged"), one, many, strict=True):
        yield Row(f"board's {what}, {MANY} open", Figure(full, "ms"), Figure(few, "ms", "with one"))


def _milliseconds(whole: Whole) -> tuple[float, float]:
    """Return how long a refresh takes, and one to whom nothing is new."""
    client = sign_in_as(whole, Role.DISPATCHER)
    etag = client.get(REFRESH).headers["ETag"]

    def ask(status: int, headers: dict[str, str]) -> Callable[[], None]:
        def asking() -> None:
            assert client.get(REFRESH, headers=headers).status_code == status

        return asking

    return milliseconds(ask(200, {})), milliseconds(ask(304, {"If-None-Match": etag}))


def _county(path: str, count: int) -> Whole:
    upgrade(f"sqlite:///{path}")
    whole = serve_app(f"sqlite:///{path}")
    for _ in range(count):
        trigger(whole.context, TriggerRequest("compton", "+13105550100"))
    return whole
