"""The field of a form that says what was shown of the thing that is changed."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField


class SeenField(HiddenField):  # type: ignore[misc]  # the library ships no types
    """What was shown, sent back. Where a browser leaves it out it is None: what is there now was not shown to it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist else None
