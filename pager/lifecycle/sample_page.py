"""What a page from a station would say, for whoever names it."""

from __future__ import annotations

from dataclasses import dataclass

from pager.domain.directory import Station
from pager.domain.gsm7 import septets
from pager.domain.wording import Facts, page_sms
from pager.lifecycle.turn import Turn

_REFERENCE, _CALLBACK = "7K2QD", "+13105550100"


@dataclass(frozen=True)
class SamplePage:
    """A page as an SMS; `is_whole` where the station's short name stands in it as it is written."""

    text: str
    is_whole: bool


def sample_page(turn: Turn, station: Station) -> SamplePage | None:
    """Return the longest page that an agency would get, None while there is no agency.

    Messages stay one segment: a long name is cut in them, and a character that telephones lack is replaced.
    """
    texts = [
        page_sms(
            Facts(
                reference=_REFERENCE,
                agency=agency.short,
                agency_spoken=agency.spoken,
                station=station.short,
                respond_by=turn.local(turn.now),
                callback=_CALLBACK,
                drill=True,
            )
        )
        for agency in turn.work.directory.agencies()
        if agency.is_active
    ]
    if not texts:
        return None
    return SamplePage(max(texts, key=septets), all(station.short in text for text in texts))
