"""Every link leads somewhere, and every page can be found from the first one."""

from __future__ import annotations

from pathlib import Path

from tests.documentation.pages import DOCS, ROOT, all_pages, anchors, links

INDEX = DOCS / "index.md"
LARGEST_PICTURE = 250_000  # bytes


def target(page: Path, link: str) -> tuple[Path, str]:
    """Return the file that a link leads to, and what stands behind its `#`."""
    path, _, anchor = link.partition("#")
    return ((page.parent / path).resolve() if path else page), anchor


def test_every_link_leads_to_a_file_and_to_a_heading_in_it() -> None:
    broken = []
    for page in all_pages():
        for link in links(page):
            path, anchor = target(page, link)
            if not path.exists() or (anchor and anchor not in anchors(path)):
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = {INDEX}, [INDEX]
    while waiting:
        page = waiting.pop()
        found = {target(page, link)[0] for link in links(page)} - reached
        reached |= found
        waiting += [path for path in found if path.suffix == ".md"]
    files = {
        path for path in DOCS.rglob("*") if path.is_file() and path.name != "board.png"
    }  # the README shows that one
    assert {str(path.relative_to(ROOT)) for path in files - reached} == set()


def test_the_index_itself_names_every_page() -> None:
    named = {target(INDEX, link)[0] for link in links(INDEX)}
    assert {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md") if path != INDEX and path not in named} == set()


def test_no_picture_is_slow_to_load() -> None:
    large = [path.name for path in (DOCS / "images").iterdir() if path.stat().st_size > LARGEST_PICTURE]
    assert large == []
