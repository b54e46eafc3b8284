"""A day as a browser writes it."""

from __future__ import annotations

from wtforms import StringField, widgets


class DayField(StringField):  # type: ignore[misc]  # the library ships no types
    """A day like 2026-01-31; its text is read by the domain, so that what is wrong is said in our words."""

    widget = widgets.DateInput()
