"""Purging in tests: through the real SDK at the sandbox carrier, or with something else happening meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask

from pager.adapters.db.schema import metadata
from pager.adapters.twilio.erasure import TwilioErasure
from pager.domain.retention import CarrierCopy
from pager.lifecycle.close import close
from pager.lifecycle.erase import Eraser
from pager.lifecycle.forget import Forgotten, forget
from pager.lifecycle.purge import Batch, purge
from pager.sandbox.bridge import BridgedHttpClient
from pager.sandbox.carrier import carrier_blueprint
from tests.people import ANA
from tests.world import ACCOUNT, CARRIER_URL, World

RETENTION = timedelta(days=730)
LONG = RETENTION + timedelta(days=1)


def at_carrier(world: World) -> TwilioErasure:
    app = Flask("carrier")
    app.register_blueprint(carrier_blueprint(world.sandbox))
    return TwilioErasure(ACCOUNT.sid, (ACCOUNT.token,), lambda: BridgedHttpClient(CARRIER_URL, app))


@dataclass
class Meanwhile:
    """Lets something happen before each copy is deleted, and counts them."""

    happens: Callable[[], object]
    asked: int = 0

    def erase(self, _: CarrierCopy) -> None:
        self.asked += 1
        self.happens()


def cutoff(world: World) -> datetime:
    return world.clock.now() - RETENTION


def purged(world: World, eraser: Eraser | None = None) -> list[Batch]:
    """Purge what is due, and return what was done."""
    return list(purge(world.context, eraser or Eraser(at_carrier(world)), cutoff(world)))


def forgotten(world: World, eraser: Eraser | None = None) -> Forgotten:
    return forget(world.context, eraser or Eraser(at_carrier(world)), cutoff(world))


def past(world: World) -> str:
    """Open an encounter, let somebody come, close it, and return its reference."""
    reference = world.trigger(note="Side door").overview.encounter.reference
    world.text(ANA, "ACK 25")
    close(world.context, reference, "all there")
    world.settle()
    return reference


def rows(world: World) -> dict[str, int]:
    """Return how many rows each table of encounters has."""
    with world.store.engine.connect() as connection:
        counted = {
            name: len(connection.execute(table.select()).all())
            for name, table in metadata.tables.items()
            if "encounter_id" in table.c or "page_id" in table.c or name == "encounters"
        }
    return {name: count for name, count in counted.items() if count}


def everything(world: World) -> str:
    """Return all that the database holds, as text."""
    with world.store.engine.connect() as connection:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(table.select()))
