"""The shape of the code: who may import whom, who may ask the time, how long things may be, and that all is used."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 40  # lines of code, its signature among them; docstrings, comments and blank lines are free
# What nothing in pager, a template or `wsgi.py` names, and why it is there.
USED_ELSEWHERE = {
    "pager.adapters.web.authority.Authority.roles": "each route is tried by tests with whom it names",
    "pager.adapters.web.authority.Authority.scopes": "as the roles",
    "pager.config.SETTINGS": "the documents are held against it",
    "pager.sandbox.bridge": "joins the service and the sandbox carrier in one process, without a socket, for tests",
    "pager.sandbox.bridge.BridgedHttpClient": "as the module",
    "pager.sandbox.bridge.post_into": "as the module",
    "pager.sandbox.sandbox.Sandbox.settle": "tests wait by it until nothing is under way",
}
WALL_CLOCK = {
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    "date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")),
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PLAIN_BASES = {"Protocol", "NamedTuple", "Exception"}
PLAIN_DECORATORS = {"property", "classmethod", "staticmethod", "cached_property", "contextmanager", "dataclass"}
STOPWATCH = {f"time.{name}" for name in ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")}


def sources(*folders: str) -> dict[str, str]:
    """Return the text of every Python file under the folders, or of one, by its path from the root."""
    paths = (path for name in folders for path in sorted((ROOT / name).rglob("*.py")) or [ROOT / name])
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


@cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, source: str) -> Iterator[str]:
    """Yield the full dotted name of everything that a file imports, wherever in the file."""
    name = module_name(path)
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def is_within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def imports_of(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (path, imported name) for every import under a folder, or of one file."""
    for path, source in sources(folder).items():
        yield from ((path, name) for name in imports(path, source))


def forbidden(folder: str, *packages: str) -> list[tuple[str, str]]:
    """Return the imports under a folder that fall within one of the packages."""
    return [(path, name) for path, name in imports_of(folder) if is_within(name, packages)]


def uses(path: str, source: str, names: set[str]) -> bool:
    """Tell whether a file uses one of the names, e.g. `datetime.now`, under any prefix or imported bare."""
    mentioned = {ast.unparse(node) for node in ast.walk(parsed(source)) if isinstance(node, ast.Attribute)}
    mentioned.update(name for name in imports(path, source) if name.startswith("time."))
    return any(".".join(name.split(".")[-2:]) in names for name in mentioned)


def users(names: set[str]) -> set[str]:
    """Return the paths of the files of pager that use one of the names."""
    return {path for path, source in sources("pager").items() if uses(path, source, names)}


def first_circle(files: dict[str, str]) -> list[str]:
    """Return modules that import each other in a circle, the first one again at the end; none: empty.

    An import counts wherever it stands, in a function or for types alone: a reader has to follow it all the same.
    """
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


def lengths(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function of a file, also one within another, with its lines of code."""
    lines = source.splitlines()
    for node in ast.walk(parsed(source)):
        if isinstance(node, FUNCTIONS):
            code = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            if ast.get_docstring(node) is not None:
                code -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
            written = (lines[number - 1].strip() for number in code)
            yield node.name, sum(1 for line in written if line and not line.startswith("#"))


def definitions(path: str, source: str) -> Iterator[str]:
    """Yield the full name of what a file defines for others or itself: functions, classes, constants, and what classes
    hold that are nobody's from outside. What a decorator takes is used by it, and so is what a framework calls.
    """
    module = module_name(path)
    for node in parsed(source).body:
        yield from (f"{module}.{name}" for name in defined_by(node))
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} <= PLAIN_BASES:
            held = (name for one in node.body for name in defined_by(one))
            yield from (f"{module}.{node.name}.{name}" for name in held)


def defined_by(node: ast.stmt) -> list[str]:
    """Return the names that a statement defines, but Python's own."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            taken = [one for one in node.decorator_list if ast.unparse(one).partition("(")[0] not in PLAIN_DECORATORS]
            names = [] if taken else [node.name]
        case ast.Assign():
            names = [one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            names = [name]
        case _:
            names = []
    return [name for name in names if not name.startswith("__")]


def names_read(path: str, source: str) -> Iterator[str]:
    """Yield what a file uses: each import by its full name, each name and attribute that is read by itself."""
    yield from imports(path, source)
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield f"{module_name(path)}.{node.id}"
        elif isinstance(node, ast.Attribute):
            yield node.attr


def unused(files: dict[str, str], outside: Iterable[str] = ()) -> set[str]:
    """Return what files of pager define and none of all uses; `outside` are words from elsewhere, such as templates."""
    used = {name for path, source in files.items() for name in names_read(path, source)} | set(outside)
    ours = ((path, source) for path, source in files.items() if path.startswith("pager/"))
    defined = {name for path, source in ours for name in definitions(path, source)}
    return {name for name in defined if name not in used and name.rpartition(".")[2] not in used}


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
    assert first_circle(sources("pager")) == [], "a circle: what both need goes into a module of its own"


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    kinds = {".py", ".html", ".css", ".js"}
    files = [path for path in (ROOT / "pager").rglob("*") if path.suffix in kinds]
    too_long = {str(path.relative_to(ROOT)) for path in files if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert too_long == set(), f"over {LONGEST_FILE} lines, so mostly two files: part them by what they are for"


def test_no_function_is_longer_than_can_be_seen_at_once() -> None:
    found = {f"{path}: {name}": n for path, source in sources("pager").items() for name, n in lengths(source)}
    too_long = {name for name, length in found.items() if length > LONGEST_FUNCTION}
    assert too_long == set(), f"over {LONGEST_FUNCTION} lines of code: take the steps out and name them"


def test_every_module_is_imported_by_another() -> None:
    files = sources("pager")
    modules = {module_name(path) for path in files if not path.endswith("__init__.py")}
    imported = {owning_module(name, modules) for folder in ("pager", "wsgi.py") for _, name in imports_of(folder)}
    assert modules - imported - USED_ELSEWHERE.keys() == set(), "nothing imports these: take them out"


def test_everything_that_is_defined_is_used() -> None:
    words = {word for path in (ROOT / "pager").rglob("*.html") for word in re.findall(r"\w+", path.read_text())}
    dead = unused(sources("pager", "wsgi.py"), words) - USED_ELSEWHERE.keys()
    assert dead == set(), "nothing in pager uses these: take them out, with the tests that alone do"


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
    assert set(first_circle(files)) == {"pager.a", "pager.b", "pager.c"}


def test_counts_the_lines_of_code_of_a_function_alone() -> None:
    source = 'def f(\n    a: int,\n) -> None:\n    """Two\n    lines."""\n\n    # why\n    print(a)\n'
    assert list(lengths(source)) == [("f", 4)]


def test_sees_what_nothing_uses() -> None:
    files = {
        "pager/a.py": "LEFT = 1\ndef dead(): ...\ndef used(): ...\nclass Kept:\n    x: int\n    def gone(self): ...",
        "pager/b.py": "from pager.a import Kept, used\nused(Kept(1).x)\n@app.get('/')\ndef view(): ...",
    }
    assert unused(files) == {"pager.a.LEFT", "pager.a.dead", "pager.a.Kept.gone"}
