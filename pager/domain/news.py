"""How it goes, told to the dispatcher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

# When the dispatcher is asked whether an encounter is still open: so long after the window, and again.
STILL_OPEN_AFTER = timedelta(minutes=30)
STILL_OPEN_EVERY = timedelta(hours=2)


class News(StrEnum):
    """What has happened."""

    ALL_COMING = "all_coming"
    ALL_ON_SCENE = "all_on_scene"
    SHORT = "short"  # somebody who sets out now comes too late, and nobody has answered
    LATE = "late"  # the window has closed
    STILL_OPEN = "still_open"


_SENTENCES = {
    News.ALL_COMING: "All agencies are coming.",
    News.ALL_ON_SCENE: "All agencies are on scene. Please close the encounter when it is over.",
    News.SHORT: "The window will be missed by {agencies}: nobody has answered, everybody is paged. Please telephone.",
    News.LATE: "The window has closed. Not on scene: {agencies}. Please telephone.",
    News.STILL_OPEN: "Is this encounter still open? Please close it when it is over.",
}


def news_sentence(news: News, agencies: Sequence[str]) -> str:
    """Return what is told; `agencies` are the names of those whom it is about, as they are written or spoken."""
    return _SENTENCES[news].format(agencies=", ".join(agencies))
