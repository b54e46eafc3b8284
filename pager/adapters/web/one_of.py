"""A choice among what is offered."""

from __future__ import annotations

from wtforms import SelectField, ValidationError
from wtforms.form import BaseForm


class OneOfField(SelectField):  # type: ignore[misc]  # the library ships no types
    """A choice, refused in our own words where it is none of those offered."""

    def pre_validate(self, form: BaseForm) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Choose one of those offered.") from None
