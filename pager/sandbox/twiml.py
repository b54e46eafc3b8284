"""Reads the TwiML that the application answers with into the verbs a call follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from xml.etree.ElementTree import Element, ParseError, fromstring


class TwimlError(Exception):
    """An answer that is not TwiML, or asks for what the sandbox does not do."""


@dataclass(frozen=True)
class Say:
    """Words to be spoken."""

    text: str


@dataclass(frozen=True)
class Pause:
    """Silence."""

    length: timedelta


@dataclass(frozen=True)
class Redirect:
    """Go on with another document."""

    url: str


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Gather:
    """Wait for keys; `inside` is said meanwhile. No `action` means the document's own URL."""

    action: str
    num_digits: int | None
    timeout: timedelta
    finish_on_key: str
    has_action_on_empty_result: bool
    inside: tuple[Say | Pause, ...]


@dataclass(frozen=True)
class Listen:
    """The silence at the end of a Gather, in which a key may still come."""

    length: timedelta


Verb = Say | Pause | Redirect | Hangup | Gather | Listen


def parse_voice(document: str) -> list[Verb]:
    """Return the verbs of a voice document in order, unknown ones left out. Raises TwimlError."""
    return [verb for element in _response(document) if (verb := _verb(element)) is not None]


def parse_messages(document: str) -> list[str]:
    """Return the texts of a messaging document's <Message> verbs. Raises TwimlError."""
    return [_text(element) for element in _response(document) if element.tag == "Message"]


def _response(document: str) -> Element:
    try:
        root = fromstring(document)  # noqa: S314 - it comes from our own application, and expat limits expansion
    except ParseError as error:
        raise TwimlError(f"not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(f"the document is <{root.tag}>, not <Response>")
    return root


def _verb(element: Element) -> Verb | None:
    if element.get("method", "POST").upper() != "POST":
        raise TwimlError("the sandbox fetches documents by POST only")
    if element.tag in ("Say", "Pause"):
        return _spoken(element)
    if element.tag == "Gather":
        return _gather(element)
    if element.tag == "Redirect":
        return Redirect(_text(element))
    if element.tag == "Hangup":
        return Hangup()
    return None


def _spoken(element: Element) -> Say | Pause:
    if element.tag == "Pause":
        return Pause(_seconds(element, "length", 1))
    return Say(_text(element))


def _gather(element: Element) -> Gather:
    digits = element.get("numDigits")
    return Gather(
        action=element.get("action", ""),
        num_digits=int(digits) if digits is not None and digits.isdigit() else None,
        timeout=_seconds(element, "timeout", 5),
        finish_on_key=element.get("finishOnKey", "#"),
        has_action_on_empty_result=element.get("actionOnEmptyResult", "false").lower() == "true",
        inside=tuple(_spoken(child) for child in element if child.tag in ("Say", "Pause")),
    )


def _seconds(element: Element, attribute: str, default: int) -> timedelta:
    value = element.get(attribute, "")
    return timedelta(seconds=int(value) if value.isdigit() else default)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
