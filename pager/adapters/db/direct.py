"""Rows that go to the database as they are, past the session: most of what is written is one of these."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.orm import Session


def direct(session: Session) -> Connection:
    """Return the connection of a session whose new rows are stored, so that another row can refer to them.

    Changes of rows that were there wait for the session's next query, so that a row changed often is written once.
    """
    if session.new:
        session.flush()
    return session.connection()
