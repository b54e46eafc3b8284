"""The pages of reference say what the code says: messages, calls, webhooks, pages, metrics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pager.demo.service import Demo, make_demo
from pager.domain import coverage_wording, speech, wording
from tests.documentation.made import MAKERS, address, made, names_of_parts
from tests.documentation.messages import SMS, SPEECH
from tests.documentation.pages import DOCS, ROOT


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = make_demo(8000, tmp_path_factory.mktemp("demo"))
    yield demo
    demo.stop()


def pages() -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(DOCS.rglob("*.md"))}


def test_what_is_made_from_the_code_stands_in_the_pages(demo: Demo) -> None:
    old = [str(path.relative_to(ROOT)) for path, text in pages().items() if made(text, demo) != text]
    assert old == [], "`make pages` writes them anew"


def test_each_part_that_can_be_made_stands_in_one_page() -> None:
    assert sorted(name for text in pages().values() for name in names_of_parts(text)) == sorted(MAKERS)


def test_every_route_is_told(demo: Demo) -> None:
    page = (DOCS / "reference/http.md").read_text()
    for rule in demo.app.url_map.iter_rules():
        assert f"{address(rule)}`" in page


def functions(module: ModuleType, suffix: str) -> set[str]:
    return {name for name in vars(module) if name.endswith(suffix) and not name.startswith("_")}


def test_every_text_that_is_sent_or_spoken_is_told() -> None:
    assert functions(wording, "_sms") | functions(coverage_wording, "_sms") == set(SMS)
    assert functions(speech, "_speech") == set(SPEECH)
