"""The pages themselves: where they are, their links and headings, and what stands in them as code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced piece of a page: its language, empty where none is named, and its text without the indent."""

    language: str
    text: str


def all_pages() -> list[Path]:
    """Return every page that people read: those of `docs/` and those at the root."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path, *languages: str) -> Iterator[Block]:
    """Yield the fenced pieces of a page in their order, of these languages only where some are named."""
    for indent, language, text in _FENCE.findall(page.read_text()):
        if not languages or language in languages:
            yield Block(language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))


def prose(page: Path) -> str:
    """Return a page without its fenced pieces."""
    return _FENCE.sub("", page.read_text())


def code(page: Path) -> Iterator[str]:
    """Yield what a page shows as code: each fenced piece, and each span in a line."""
    yield from (block.text for block in blocks(page))
    yield from re.findall(r"`([^`]+)`", prose(page))


def links(page: Path) -> Iterator[str]:
    """Yield where a page's links and pictures lead, those to other sites left out."""
    yield from re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page))


def anchors(page: Path) -> set[str]:
    """Return what a link to a heading of the page has behind its `#`, as code hosts make it."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def mermaid_arrows(page: Path, kind: str) -> Iterator[set[tuple[str, str]]]:
    """Yield the arrows of each Mermaid picture of a kind (`flowchart`, `stateDiagram-v2`), as pairs of names."""
    for block in blocks(page, "mermaid"):
        if block.text.startswith(kind):
            yield set(re.findall(r"^ *(\[\*\]|\w+)(?:\[.*?\])? --> (\[\*\]|\w+)", block.text, flags=re.MULTILINE))
