"""Says beside a form's fields what is wrong with what was written, and what it would write over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    """Return what is wrong as a sentence, also where it ends like one already."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def written_over(form: Form, there: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is there now of each field in which something else was written; `empty` stands for nothing."""
    return {name: text or "empty" for name, text in there.items() if text != (form[name].data or "").strip()}
