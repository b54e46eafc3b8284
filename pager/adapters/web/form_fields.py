"""The fields that several forms have; what is wrong in one is said by the domain, or in our own words."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, ValidationError, widgets
from wtforms.form import BaseForm


class DayField(StringField):  # type: ignore[misc]  # the library ships no types
    """A day as a browser writes it, like 2026-01-31."""

    widget = widgets.DateInput()


class LocalTimeField(StringField):  # type: ignore[misc]  # the library ships no types
    """A local time as a browser writes it, like 2026-01-31T08:00."""

    widget = widgets.DateTimeLocalInput()


class OneOfField(SelectField):  # type: ignore[misc]  # the library ships no types
    """A choice among what is offered."""

    def pre_validate(self, form: BaseForm) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose one of those offered.") from None


class StationsField(SelectMultipleField):  # type: ignore[misc]  # the library ships no types
    """Stations to tick; none stands for all of them."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: object) -> None:
        """What is ticked is checked by the domain."""


class SeenField(HiddenField):  # type: ignore[misc]  # the library ships no types
    """What was shown of the thing that is changed, sent back. Where a browser leaves it out it is None: what is there
    now was not shown to it.
    """

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist else None
