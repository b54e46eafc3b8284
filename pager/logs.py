"""Logging: one line an event on standard error; references and ids, never telephone numbers or names."""

from __future__ import annotations

import logging

# Libraries that tell of every request at INFO; the SDK's lines hold telephone numbers.
QUIET = ("twilio.http_client", "apscheduler", "urllib3", "alembic", "waitress.queue")


def set_up_logging(level: int = logging.INFO) -> None:
    """Send the log to standard error."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
