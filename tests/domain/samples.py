"""Facts and names for the tests of what is sent and spoken."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from pager.domain import wording
from pager.domain.reference import ALPHABET, is_reference
from pager.domain.wording import Facts, StandDown

AT = datetime(2026, 1, 5, 15, 45, tzinfo=UTC)
FACTS = Facts("7K2QD", "DCFS", "D C F S", "Compton Stn", AT, "+13105550100", drill=False)

# What a message must never say, nor anything that begins like it.
TELLTALE = re.compile(r"child|youth|victim|\bsex|traffick|exploit|minor|juvenile|teen", re.IGNORECASE)

SMS_ABOUT: dict[str, Callable[[Facts], str]] = {
    "page": wording.page_sms,
    "confirmation": lambda facts: wording.confirmation_sms(facts, None),
    "confirmation with ETA": lambda facts: wording.confirmation_sms(facts, AT + timedelta(hours=9)),
    "standby": lambda facts: wording.standby_sms(facts, "Ana Ruiz", AT + timedelta(hours=9)),
    "declined": wording.declined_sms,
    "arrived": wording.arrived_sms,
    "corrected": wording.corrected_sms,
    "ask eta": wording.ask_eta_sms,
    "check-in": wording.check_in_sms,
    "stand down, answered": lambda facts: wording.stand_down_sms(facts, StandDown.ANSWERED),
    "stand down, on scene": lambda facts: wording.stand_down_sms(facts, StandDown.ON_SCENE),
    "stand down, closed": lambda facts: wording.stand_down_sms(facts, StandDown.CLOSED),
    "stand down, cancelled": lambda facts: wording.stand_down_sms(facts, StandDown.CANCELLED),
}

references = st.text(ALPHABET, min_size=5, max_size=5).filter(is_reference)
instants = st.datetimes(timezones=st.just(UTC))
names = st.text(max_size=200) | st.text("W€[]{}|~^ ", min_size=1, max_size=200)
callbacks = st.from_regex(r"\+[1-9][0-9]{9,14}( x[0-9]{1,7})?", fullmatch=True) | st.just("+13105550100 x123")
facts_of_all_kinds = st.builds(Facts, references, names, names, names, instants, callbacks, st.booleans())
