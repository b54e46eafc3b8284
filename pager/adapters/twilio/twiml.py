"""What a call says and asks, as TwiML."""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Gather, VoiceResponse

from pager.domain.speech import nothing_pressed_speech
from pager.lifecycle.call import Spoken

KEY_TIMEOUT_SECONDS = 8
# What is said is said again once: a voicemail then holds it whole, and a sleeper hears it awake.
TIMES = 2


def speak(sentences: Sequence[str]) -> str:
    """Say something and hang up."""
    response = VoiceResponse()
    _say(response, sentences)
    response.hangup()
    return str(response)


def ask(spoken: Spoken, action: str, *, times: int = 1) -> str:
    """Say something, listen for one key and post it to `action`; with no key, hang up."""
    if not spoken.takes_keys:
        return speak(spoken.sentences)
    response = VoiceResponse()
    for _ in range(times):
        gather = Gather(num_digits=1, action=action, method="POST", timeout=KEY_TIMEOUT_SECONDS)
        _say(gather, spoken.sentences)
        response.append(gather)
    _say(response, nothing_pressed_speech())
    response.hangup()
    return str(response)


def wait(url: str, *, seconds: int) -> str:
    """Keep the line for a moment and ask again: the database was away."""
    response = VoiceResponse()
    response.say("One moment please.")
    response.pause(length=seconds)
    response.redirect(url, method="POST")
    return str(response)


def nothing() -> str:
    """Answer a message without a message: what is to be said goes out as a delivery."""
    return '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def _say(parent: VoiceResponse | Gather, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        parent.say(sentence, language="en-US")
