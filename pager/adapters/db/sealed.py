"""Everything that is kept sealed, to be sealed anew after a change of keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from pager.adapters.db import record_tables, tables
from pager.adapters.db.inbox import SEALED, sealed_form
from pager.adapters.sealing import Sealer, UnreadableError

Position = tuple[int, int]  # of words: their encounter's id and their event's number
START: Position = (0, 0)


@dataclass
class Renewal:
    """What became of some texts: how many were sealed anew, and of whose the key is missing.

    `unreadable` holds encounters' references, or the carrier's ids of answers that wait to be handled. `position` is
    where the next texts begin, None after the last.
    """

    renewed: int = 0
    unreadable: list[str] = field(default_factory=list)
    position: Position | None = None


class SqlSealed:
    """Seals with the first key what is not sealed with it; what is can be passed over, so that one may begin again."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session, self._sealer = session, sealer

    def renew_words(self, after: Position, limit: int) -> Renewal:
        """Seal anew up to `limit` words behind `after`."""
        words, encounters, done = record_tables.words, tables.encounters, Renewal()
        rows = self._session.execute(
            select(words, encounters.c.reference)
            .join_from(words, encounters)
            .where(tuple_(words.c.encounter_id, words.c.seq) > tuple_(*after))
            .order_by(words.c.encounter_id, words.c.seq)
            .limit(limit)
        ).all()
        for row in rows:
            is_it = (words.c.encounter_id == row.encounter_id, words.c.seq == row.seq)
            text = self._renewed(row.text, row.reference, done)
            if text is not None:
                self._session.execute(update(words).where(*is_it).values(text=text))
        if len(rows) == limit:
            done.position = (rows[-1].encounter_id, rows[-1].seq)
        return done

    def renew_answers(self) -> Renewal:
        """Seal anew the answers that wait to be handled; there are few."""
        inbox, done = tables.inbox, Renewal()
        rows = self._session.execute(
            select(inbox.c.carrier_id, inbox.c.form).where(inbox.c.handled_at.is_(None)).with_for_update()
        ).all()
        for row in rows:
            kept = row.form.get(SEALED)
            if kept is None:
                form = sealed_form(self._sealer, row.form)
                done.renewed += 1
            elif (text := self._renewed(kept, row.carrier_id, done)) is not None:
                form = {SEALED: text}
            else:
                continue
            self._session.execute(update(inbox).where(inbox.c.carrier_id == row.carrier_id).values(form=form))
        return done

    def _renewed(self, kept: str, whose: str, done: Renewal) -> str | None:
        """Return `kept` sealed anew, None where it stays as it is."""
        try:
            text = self._sealer.renew(kept)
        except UnreadableError:
            done.unreadable.append(whose)
            return None
        done.renewed += text is not None
        return text
