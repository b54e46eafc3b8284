"""Place a legal hold on an encounter, and lift it: no purge removes what is held."""

from __future__ import annotations

from collections.abc import Sequence

from pager.domain.audit import AuditEntry
from pager.domain.encounter import Encounter
from pager.domain.retention import LegalHold
from pager.lifecycle.one_page import lock_encounter
from pager.lifecycle.turn import Context, Turn, reading, writing


def place_hold(context: Context, reference: str, by: str) -> LegalHold:
    """Return the hold that the encounter is under from now on, or was under already.

    Raises KeyError where no encounter has the reference: a purge may have removed it a moment ago.
    """
    with writing(context) as turn:
        encounter = lock_encounter(turn, reference)
        hold = turn.work.retention.hold(encounter.id)
        if hold is None:
            hold = LegalHold(encounter.id, turn.now, by)
            turn.work.retention.add_hold(hold)
            turn.work.audit.add(_entry(turn, by, reference, placed=hold))
        return hold


def lift_hold(context: Context, reference: str, by: str) -> bool:
    """Lift the hold and return whether there was one. Raises KeyError where no encounter has the reference."""
    with writing(context) as turn:
        hold = turn.work.retention.hold(lock_encounter(turn, reference).id)
        if hold is None:
            return False
        hold.lifted_at, hold.lifted_by = turn.now, by
        turn.work.audit.add(_entry(turn, by, reference, lifted=hold))
        return True


def list_holds(context: Context) -> Sequence[tuple[Encounter, LegalHold]]:
    """Return the holds that stand, oldest first, each with its encounter."""
    with reading(context) as turn:
        return turn.work.retention.holds()


def _entry(
    turn: Turn, by: str, reference: str, *, placed: LegalHold | None = None, lifted: LegalHold | None = None
) -> AuditEntry:
    before, after = ({} if hold is None else _told(hold) for hold in (lifted, placed))
    return AuditEntry(turn.now, by, "hold", reference, None, before, after)


def _told(hold: LegalHold) -> dict[str, str]:
    return {"placed_at": hold.placed_at.isoformat(), "placed_by": hold.placed_by}
