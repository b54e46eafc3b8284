"""The shape of the code: who may import whom, who may ask the time, and how long a file may be."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 300
LONGER_FILES: dict[str, str] = {}  # path: why it is longer
WALL_CLOCK = {
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    "date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
}
STOPWATCH = {f"time.{name}" for name in ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")}


def sources(*folders: str) -> dict[str, str]:
    """Return the text of every Python file under the folders by its path from the root."""
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, source: str) -> Iterator[str]:
    """Yield the full dotted name of everything that a file imports, wherever in the file."""
    name = module_name(path)
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imports_of(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (path, imported name) for every import under a folder."""
    for path, source in sources(folder).items():
        yield from ((path, name) for name in imports(path, source))


def forbidden(folder: str, *packages: str) -> list[tuple[str, str]]:
    """Return the imports under a folder that fall within one of the packages."""
    return [(path, name) for path, name in imports_of(folder) if is_within(name, packages)]


def uses(path: str, source: str, names: set[str]) -> bool:
    """Tell whether a file uses one of the names, e.g. `datetime.now`, under any prefix or imported bare."""
    mentioned = {ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    mentioned.update(name for name in imports(path, source) if name.startswith("time."))
    return any(".".join(name.split(".")[-2:]) in names for name in mentioned)


def users(names: set[str]) -> set[str]:
    """Return the paths of the files of pager that use one of the names."""
    return {path for path, source in sources("pager").items() if uses(path, source, names)}


def first_cycle(files: dict[str, str]) -> list[str]:
    """Return modules that import each other in a circle, the first one again at the end; none: empty."""
    modules = {module_name(path) for path in files}
    graph = {
        module_name(path): {owner for name in imports(path, source) if (owner := owning_module(name, modules))}
        - {module_name(path)}
        for path, source in files.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def owning_module(name: str, modules: set[str]) -> str | None:
    """Return the module of ours that an imported name comes from, None where it is not ours."""
    if name in modules:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in modules else None


def test_domain_imports_the_standard_library_and_itself_only() -> None:
    outside = [
        (path, name)
        for path, name in imports_of("pager/domain")
        if name.split(".")[0] not in sys.stdlib_module_names and not is_within(name, ["pager.domain"])
    ]
    assert outside == []


def test_the_lifecycle_knows_no_adapter_and_no_framework() -> None:
    assert forbidden("pager/lifecycle", "pager.adapters", "pager.sandbox", "flask", "sqlalchemy", "twilio") == []


def test_the_sandbox_knows_pager_only_from_outside() -> None:
    assert forbidden("pager/sandbox", "pager.lifecycle", "pager.adapters") == []


def test_only_the_database_adapter_imports_sqlalchemy() -> None:
    elsewhere = {path for path, _ in forbidden("pager", "sqlalchemy") if not path.startswith("pager/adapters/db/")}
    assert elsewhere == set()


def test_only_the_clock_asks_what_time_it_is() -> None:
    assert users(WALL_CLOCK) == {"pager/clock.py"}


def test_only_the_clock_and_the_adapters_measure_how_long_something_takes() -> None:
    assert {path for path in users(STOPWATCH) - {"pager/clock.py"} if not path.startswith("pager/adapters/")} == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert first_cycle(sources("pager")) == []


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    kinds = {".py", ".html", ".css", ".js"}
    files = [path for path in (ROOT / "pager").rglob("*") if path.suffix in kinds]
    too_long = {str(path.relative_to(ROOT)) for path in files if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert too_long == set(LONGER_FILES)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now(UTC)",
        "import datetime as dt\nx = dt.datetime.utcnow()",
        "from time import time",
        "import time\nstamp = field(default_factory=time.time)",
    ],
)
def test_sees_the_time_asked_in_any_spelling(source: str) -> None:
    assert uses("pager/page.py", source, WALL_CLOCK)


def test_does_not_mistake_a_clock_or_a_stopwatch_for_the_time_of_day() -> None:
    assert not uses("pager/page.py", "import time\nclock.now()\ntime.monotonic()", WALL_CLOCK)


def test_sees_a_circle_whichever_way_it_is_imported() -> None:
    files = {
        "pager/a.py": "from pager import b",
        "pager/b.py": "def later() -> None:\n    from .c import thing",
        "pager/c.py": "import pager.a",
    }
    assert set(first_cycle(files)) == {"pager.a", "pager.b", "pager.c"}
