"""Puts what is wrong with what was written beside its field in a form."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import Form

from pager.domain.written import Mistake


def tell(form: Form, mistakes: Iterable[Mistake]) -> None:
    """Put each mistake beside its field, as a sentence; what was written is repeated as it was."""
    for mistake in mistakes:
        field = form[mistake.field]
        written = field.data.strip() if isinstance(field.data, str) else ""
        begins_as_written = written and mistake.text.startswith(written)
        said = f"{mistake.text}." if begins_as_written else sentence(mistake.text)
        field.errors = [*field.errors, said]


def sentence(text: str) -> str:
    """Return what is wrong as a sentence."""
    return f"{text[0].upper()}{text[1:]}."
