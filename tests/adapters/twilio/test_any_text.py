"""Whatever is written to us: it is taken, nothing breaks, and each answer is one of our lines in one segment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from pager.domain.gsm7 import SEGMENT, septets
from tests.domain.samples import TELLTALE
from tests.world import ACCOUNT, OURS, PUBLIC_URL, World

ANA, STRANGER = "+12135550101", "+12135550177"
WORDS = ["ack", "ACK 25", "no", "here", "status", "eta", "ok", "all", "not", "25", "omw", "STOP", "\x00", "<Say>"]

texts = st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
numbers = count(1)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A county with a page that waits and a drill beside it."""
    world = World(sqlite_url)
    world.trigger()
    world.trigger(drill=True)
    yield world
    world.close()


def write(world: World, sender: str, text: str) -> int:
    """Post a message as the carrier does and return the status of the answer."""
    form = {"MessageSid": f"SM{next(numbers):032}", "From": sender, "To": OURS, "Body": text}
    signature = RequestValidator(ACCOUNT.token).compute_signature(f"{PUBLIC_URL}/twilio/sms", form)
    client = world.app.test_client()
    return client.post("/twilio/sms", data=form, headers={"X-Twilio-Signature": signature}).status_code


# One world for all examples: that they follow each other makes more states, not fewer.
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sender=st.sampled_from([ANA, ANA, STRANGER]), text=texts)
def test_any_text_is_taken_and_answered_in_one_segment(world: World, sender: str, text: str) -> None:
    before = len(world.messages(sender))
    assert write(world, sender, text) == 200
    world.settle()
    for message in world.messages(sender)[before:]:
        assert septets(message) <= SEGMENT
        assert not TELLTALE.search(message)
