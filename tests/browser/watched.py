"""What a page's console complains of while a test uses it."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page


class Watched:
    """A page and what its console complains of; hints to developers, as that a cursor was already placed, are none."""

    def __init__(self, page: Page) -> None:
        self.page, self.complaints = page, list[str]()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def complaints_but(self, expected: str) -> list[str]:
        """Return the complaints in which `expected`, what the test itself brings about, does not stand."""
        return [complaint for complaint in self.complaints if expected not in complaint]
