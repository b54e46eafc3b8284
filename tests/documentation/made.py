"""The parts of pages that are made from the code: `make pages` writes them, and a test holds the pages against them.

In a page such a part stands between `<!-- made: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.routing import Rule

from pager.adapters.web.authority import Authority, Kind, authority_of
from pager.adapters.web.description import describe
from pager.demo.service import Demo, make_demo
from pager.domain.user import Role
from tests.documentation import messages
from tests.documentation.pages import DOCS

_PART = re.compile(r"(<!-- made: (\w+) -->\n).*?( *<!-- end -->)", re.DOTALL)

Maker = Callable[[Demo], Iterable[str]]


def operations(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method in capitals and description of each operation that the API describes."""
    with app.test_request_context():
        paths: dict[str, dict[str, Any]] = describe(app)["paths"]  # type: ignore[arg-type]  # it is one
    for path, item in paths.items():
        yield from ((path, method.upper(), operation) for method, operation in item.items())


def address(rule: Rule) -> str:
    """Return a route's address as people write it, e.g. `/encounters/{reference}`."""
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule)


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def authority(app: Flask, rule: Rule) -> Authority:
    found = authority_of(app, rule.endpoint)
    assert found is not None, f"{rule} says who may use it"
    return found


def who(given: Authority) -> str:
    """Return by what somebody is let in, in a word or two."""
    if given.kind is Kind.USER:
        return (
            "whoever is signed in" if set(given.roles) == set(Role) else ", ".join(f"`{role}`" for role in given.roles)
        )
    return {Kind.CARRIER: "the carrier", Kind.SANDBOX: "the demonstration"}.get(given.kind, "everybody")


def key_of(operation: dict[str, Any]) -> str:
    """Return the scopes with which a key may do it, and whether none is needed."""
    scopes = [scope for one in operation.get("security") or [{}] for scope in one.get("key", ["none"])]
    return " or ".join("none" if scope == "none" else f"`{scope}`" for scope in scopes)


def api_table(demo: Demo) -> Iterator[str]:
    """Yield the calls of the API: what each needs, and what it does."""
    yield from ("| call | key | does |", "| --- | --- | --- |")
    for path, method, operation in operations(demo.app):
        yield f"| `{method} {path}` | {key_of(operation)} | {operation['summary'].rstrip('.')} |"


def route_table(kinds: set[Kind], demo: Demo) -> Iterator[str]:
    """Yield every other route that lets people in so, and who may use it."""
    described = {path for path, _, _ in operations(demo.app)}
    rows: dict[tuple[str, str], set[str]] = {}
    for rule in demo.app.url_map.iter_rules():
        given = authority(demo.app, rule)
        if given.kind in kinds and address(rule) not in described:
            rows.setdefault((address(rule), who(given)), set()).update(methods(rule))
    yield from ("| address | methods | for |", "| --- | --- | --- |")
    yield from (f"| `{path}` | {', '.join(sorted(used))} | {whom} |" for (path, whom), used in sorted(rows.items()))


def metrics_table(demo: Demo) -> Iterator[str]:
    """Yield every metric that a scrape holds."""
    key = {"Authorization": f"Bearer {demo.secrets.api_key}"}
    scraped = demo.app.test_client().get("/metrics", headers=key).text
    yield from ("| metric | kind | labels | is |", "| --- | --- | --- | --- |")
    for family in text_string_to_metric_families(scraped):
        if family.name.endswith("_created"):  # when counting began, which the format's library adds
            continue
        names = sorted({sample.name for sample in family.samples})
        labels: dict[str, list[str]] = {}
        for sample in family.samples:
            for label, value in sample.labels.items():
                labels.setdefault(label, []).append(value)
        told = "; ".join(f"`{label}`: {', '.join(dict.fromkeys(values))}" for label, values in labels.items())
        yield f"| {', '.join(f'`{name}`' for name in names)} | {family.type} | {told} | {family.documentation} |"


MAKERS: dict[str, Maker] = {
    "api": api_table,
    "webhooks": partial(route_table, {Kind.CARRIER}),
    "pages": partial(route_table, {Kind.USER, Kind.PUBLIC}),
    "demonstration": partial(route_table, {Kind.SANDBOX}),
    "metrics": metrics_table,
    "sms": lambda _: messages.sms_table(),
    "samples": lambda _: messages.samples(),
    "speech": lambda _: messages.speech_table(),
}


def made(page: str, demo: Demo) -> str:
    """Return a page with each part that is made from the code made anew."""

    def part(match: re.Match[str]) -> str:
        lines = "\n".join(MAKERS[match[2]](demo))
        return f"{match[1]}\n{lines}\n\n{match[3]}"

    return _PART.sub(part, page)


def names_of_parts(page: str) -> list[str]:
    return [name for _, name, _ in _PART.findall(page)]


def write() -> None:
    """Write every page anew where the code has changed under it."""
    with tempfile.TemporaryDirectory() as folder:
        demo = make_demo(8000, Path(folder))
        for page in sorted(DOCS.rglob("*.md")):
            text = page.read_text()
            if (anew := made(text, demo)) != text:
                page.write_text(anew)
        demo.stop()


if __name__ == "__main__":
    write()
