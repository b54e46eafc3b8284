"""What a call says is always TwiML that holds what was to be said and nothing else, whatever the names."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.adapters.twilio import twiml
from pager.domain.wording import Facts
from pager.lifecycle.call import Spoken
from tests.domain.samples import facts_of_all_kinds
from tests.domain.test_speech import SPEECH_ABOUT

MARKUP = ["</Say><Dial>+12135550199</Dial><Say>", "]]><Hangup/>", "&lt;Dial&gt;", "<!--", '" action="//evil', "&"]
VERBS = {"Response", "Gather", "Say", "Hangup"}

texts = st.text(st.characters(exclude_categories=["C"]), max_size=80) | st.sampled_from(MARKUP)


def heard(document: str) -> list[str]:
    """Return what is said before nothing was pressed, sentence by sentence; only our own verbs may stand there."""
    root = ElementTree.fromstring(document)
    assert {element.tag for element in root.iter()} <= VERBS
    gather = root.find("Gather")
    return [say.text or "" for say in (root if gather is None else gather).iter("Say")]


@given(st.lists(texts, min_size=1, max_size=5))
def test_what_looks_like_mark_up_is_spoken_as_it_stands(sentences: list[str]) -> None:
    assert heard(twiml.speak(sentences)) == sentences
    assert heard(twiml.ask(Spoken(sentences, takes_keys=True), "/keypress")) == sentences


@pytest.mark.parametrize("kind", SPEECH_ABOUT)
@given(facts=facts_of_all_kinds)
def test_every_line_of_ours_can_be_read_whatever_the_names(kind: str, facts: Facts) -> None:
    sentences = SPEECH_ABOUT[kind](facts)
    assert heard(twiml.ask(Spoken(sentences, takes_keys=True), "/keypress", times=twiml.TIMES)) == list(sentences)


@given(texts)
def test_where_a_key_goes_cannot_be_changed_by_what_the_address_holds(token: str) -> None:
    spoken, query = Spoken(("Hello.",), takes_keys=True), urlencode({"delivery": token, "step": 0})
    document = twiml.ask(spoken, f"/twilio/voice/keypress?{query}")
    gather = ElementTree.fromstring(document).find("Gather")
    assert gather is not None
    action = urlsplit(gather.attrib["action"])
    assert (action.netloc, action.path) == ("", "/twilio/voice/keypress")
    assert parse_qs(action.query, keep_blank_values=True)["delivery"] == [token]
