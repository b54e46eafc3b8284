"""How long the board takes with 50 open encounters, and where nothing has changed.

    python -m tests.bench.board

Each is printed beside the board with one open encounter, and the ratio of the two.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import click

from pager.adapters.db.migrate import upgrade
from pager.domain.trigger_request import TriggerRequest
from pager.domain.user import Role
from pager.lifecycle.trigger import trigger
from tests.bench.timing import milliseconds
from tests.web.whole_app import Whole, serve_app, sign_in_as

MANY = 50
REFRESH = "/board/encounters"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, many = (_milliseconds(_county(f"{folder}/{count}.db", count)) for count in (1, MANY))
    for what, few, full in zip(("refresh", "unchanged, 304"), one, many, strict=True):
        click.echo(f"{what}, {MANY} open: {full:.1f} ms; {few:.1f} ms with one; ratio {full / few:.1f}")


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


if __name__ == "__main__":
    main()
