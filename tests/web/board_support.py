"""The board of a world, and the reading of its pages as people read them."""

from __future__ import annotations

from html.parser import HTMLParser

from flask import Flask
from flask_bootstrap import Bootstrap5

from pager.adapters.web.board import create_board
from tests.world import World

_WITHOUT_END = {"meta", "link", "img", "br", "circle", "path"}


def board_app(world: World) -> Flask:
    """Return an application that serves the board of `world` and nothing else."""
    app = Flask("board-in-tests")
    Bootstrap5(app)
    app.register_blueprint(create_board(world.context))
    return app


def texts(html: str, id_end: str) -> list[str]:
    """Return the text of each element whose id ends with `id_end`, its words one space apart."""
    reader = _Reader(id_end)
    reader.feed(html)
    return [" ".join(" ".join(parts).split()) for parts in reader.found]


class _Reader(HTMLParser):
    def __init__(self, id_end: str) -> None:
        super().__init__()
        self.id_end, self.depth = id_end, 0
        self.found: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0 and (dict(attrs).get("id") or "").endswith(self.id_end):
            self.depth = 1
            self.found.append([])
        elif self.depth and tag not in _WITHOUT_END:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that ends where it begins holds no text."""

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in _WITHOUT_END:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.found[-1].append(data)
