"""The pictures match the code: state machines its tables, the architecture its imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from pager.domain import delivery, page
from pager.domain.encounter import Encounter, EncounterState, ForbiddenTransitionError
from tests.documentation.pages import DOCS, mermaid_arrows
from tests.test_architecture import imports, module_name, sources

Arrows = set[tuple[str, str]]
State = TypeVar("State", bound=StrEnum)
STATES, ARCHITECTURE = DOCS / "reference/states.md", DOCS / "discussion/architecture.md"
START = "[*]"
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def arrows_of(table: Mapping[State, Iterable[State]], first: State) -> Arrows:
    return {(START, first.value)} | {(one.value, other.value) for one, others in table.items() for other in others}


def can_become(state: EncounterState, other: EncounterState) -> bool:
    """Tell whether an encounter in a state can be ended in another: it has no table, but a rule."""
    encounter = Encounter("7K2QD", "compton", "+13105550100", None, False, NOW, NOW + timedelta(hours=1), "p", "d")
    encounter.state = state
    try:
        encounter.end(other, NOW)
    except ForbiddenTransitionError:
        return False
    return True


def test_the_pictures_of_states_are_the_tables() -> None:
    ended = (EncounterState.CLOSED, EncounterState.CANCELLED)
    encounter = {one: [other for other in ended if can_become(one, other)] for one in EncounterState}
    assert list(mermaid_arrows(STATES, "stateDiagram-v2")) == [
        arrows_of(page.TRANSITIONS, page.PageState.PAGING),
        arrows_of(encounter, EncounterState.OPEN),
        arrows_of(delivery.TRANSITIONS, delivery.DeliveryState.QUEUED),
    ]


def part(module: str) -> str | None:
    """Return the part of pager that a module or a name in it belongs to, None for what is none of ours."""
    first, *rest = module.split(".")
    if first != "pager" or not rest:
        return None
    return rest[1] if rest[0] == "adapters" and rest[1:2] and rest[1] in ("db", "twilio", "web") else rest[0]


def imports_between_parts(files: Mapping[str, str]) -> Arrows:
    pairs = {(part(module_name(path)), part(name)) for path, source in files.items() for name in imports(path, source)}
    return {(one, other) for one, other in pairs if one is not None and other is not None and one != other}


def beyond(arrows: Arrows, start: str) -> Iterator[str]:
    """Yield what is reached from a part over one arrow or more."""
    for one, other in arrows:
        if one == start:
            yield from (other, *beyond(arrows, other))


def without_detours(arrows: Arrows) -> Arrows:
    """Leave out each arrow whose end is also reached over others."""
    return {(one, other) for one, other in arrows if other not in beyond(arrows - {(one, other)}, one)}


def test_the_picture_of_the_architecture_is_the_imports() -> None:
    (drawn,) = mermaid_arrows(ARCHITECTURE, "flowchart")
    assert drawn == without_detours(imports_between_parts(sources("pager")))


def test_an_import_that_the_picture_does_not_show_is_found() -> None:
    files = {"pager/a.py": "from pager.b import x", "pager/b.py": "import pager.c.d", "pager/c/d.py": "import json"}
    assert imports_between_parts(files) == {("a", "b"), ("b", "c")}
    assert without_detours({("a", "b"), ("b", "c"), ("a", "c")}) == {("a", "b"), ("b", "c")}
