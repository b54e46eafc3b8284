"""A responder answers by SMS: which page they mean, what that changes, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pager.domain.answering import Stake, candidates
from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Channel, Responder
from pager.domain.encounter import Encounter
from pager.domain.redaction import check_note
from pager.domain.replies import Meaning, Reply, parse_text
from pager.domain.timeline import EventKind
from pager.domain.vocabulary import OPT_IN_WORDS, OPT_OUT_WORDS
from pager.domain.wording import ended_sms, help_sms, not_paged_sms, unclear_sms, which_sms
from pager.lifecycle.act import Heard, act, note_late_answer
from pager.lifecycle.note_reached import note_reached
from pager.lifecycle.opt_out import opt_in, opt_out
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.say import say
from pager.lifecycle.turn import Context, Turn, writing

KIND = "sms"
_WORDS = {Meaning.ACK: "ACK", Meaning.ETA: "ETA", Meaning.NO: "NO", Meaning.HERE: "HERE", Meaning.STATUS: "STATUS"}


@dataclass(frozen=True)
class Message:
    """An SMS to one of our numbers."""

    carrier_id: str
    from_number: str
    to_number: str
    text: str

    def as_form(self) -> dict[str, str]:
        return {"from_number": self.from_number, "to_number": self.to_number, "text": self.text}


def reply(context: Context, message: Message) -> None:
    """Act on an inbound message, once. The answer goes out as a delivery, from the number that was written to."""
    with writing(context) as turn:
        if not turn.work.inbox.take(message.carrier_id, KIND, message.as_form(), turn.now):
            return
        _handle(turn, message)
        turn.work.inbox.mark_handled(message.carrier_id, turn.now)


def keep(context: Context, message: Message) -> None:
    """Keep a message that could not be handled: the beat tries again."""
    with writing(context) as turn:
        turn.work.inbox.take(message.carrier_id, KIND, message.as_form(), turn.now)


def _handle(turn: Turn, message: Message) -> None:
    responder = turn.work.directory.responder_with(message.from_number)
    said = parse_text(message.text)
    if said.meaning is Meaning.CARRIER:
        _heed(turn, message, said.word or "")
    elif responder is None:
        # One an hour: an automatic answer at the other end must not keep us talking.
        say(
            turn,
            message.from_number,
            not_paged_sms(),
            cause=f"stranger:{turn.now:%Y%m%d%H}",
            from_number=_from(turn, message),
        )
    else:
        _Answer(turn, message, responder, said).give()
    if responder is not None:
        note_reached(turn, responder)


def _heed(turn: Turn, message: Message, word: str) -> None:
    """The carrier answers its words itself; what they do to us is that it brings our messages no more, or again."""
    if word in OPT_OUT_WORDS:
        opt_out(turn, message.from_number, message.to_number)
    elif word in OPT_IN_WORDS:
        opt_in(turn, message.from_number)


def _from(turn: Turn, message: Message) -> str | None:
    """Return the number that was written to, None where it is no more ours."""
    return message.to_number if message.to_number in turn.context.senders else None


@dataclass(frozen=True)
class _Answer:
    """One responder's message, being answered."""

    turn: Turn
    message: Message
    responder: Responder
    said: Reply

    def give(self) -> None:
        stakes = self.turn.work.encounters.stakes(self.responder.id, self.responder.agency)
        involved = [stake for stake in stakes if stake.was_paged or stake.is_theirs]
        if self.said.meaning not in _WORDS:
            self._not_understood(involved)
        elif self.said.reference is not None:
            self._about(self.said.reference, stakes)
        else:
            self._about_what_waits(stakes)

    def _not_understood(self, involved: Sequence[Stake]) -> None:
        words = self.message.text if check_note(self.message.text, None) is None else None
        for stake in involved:
            encounter = self.turn.work.encounters.lock(stake.encounter_id)
            self.turn.note(
                encounter,
                EventKind.REPLY,
                "sent a text that is no answer",
                agency=self.responder.agency,
                responder=self.responder.id,
                words=words,
            )
        self._say(unclear_sms() if self.said.meaning is Meaning.UNCLEAR else help_sms())

    def _about(self, reference: str, stakes: Sequence[Stake]) -> None:
        stake = next((stake for stake in stakes if stake.reference == reference), None)
        is_there = self.said.meaning is Meaning.HERE and self.responder.is_active
        if stake is not None and (stake.was_paged or stake.is_theirs or is_there):
            self._act(stake)
            return
        encounter = self.turn.work.encounters.last_paged(self.responder.id, reference)
        if encounter is not None and not encounter.is_open:
            self._too_late(encounter)
        else:
            self._say(not_paged_sms())

    def _about_what_waits(self, stakes: Sequence[Stake]) -> None:
        meant = candidates(self.said.meaning, stakes)
        if not meant:
            self._nothing_waits()
        elif len(meant) == 1 or (self.said.is_all and self.said.meaning is not Meaning.HERE):
            for stake in sorted(meant, key=lambda one: one.encounter_id):  # the order in which all lock
                self._act(stake)
        else:
            references = [stake.reference for stake in meant]
            self._say(which_sms(_WORDS[self.said.meaning], references, drill=all(one.is_drill for one in meant)))

    def _nothing_waits(self) -> None:
        encounter = self.turn.work.encounters.last_paged(self.responder.id)
        if encounter is None:
            self._say(not_paged_sms())
        else:
            self._too_late(encounter)

    def _too_late(self, encounter: Encounter) -> None:
        note_late_answer(self.turn, self.turn.work.encounters.lock(encounter.id), self.responder, self.said, "by SMS")
        self._say(ended_sms(encounter.reference, drill=encounter.is_drill))

    def _act(self, stake: Stake) -> None:
        heard = act(self.turn, stake.encounter_id, stake.page_id, self.responder, self.said, how="by SMS")
        if Channel.SMS in self.responder.channels or Channel.VOICE not in self.responder.channels:
            self._say(heard.text, about=stake.reference)
        else:
            self._call(stake, heard)

    def _call(self, stake: Stake, heard: Heard) -> None:
        """Messages of ours no longer reach them: what their answer does must not stay unsaid."""
        queue_notice(
            self.turn,
            DeliveryKind.CONFIRMATION,
            self.responder,
            heard.text,
            heard.speech,
            cause=f"sms:{self.message.carrier_id}:{stake.reference}",
            encounter=self.turn.work.encounters.get(stake.encounter_id),
            page=self.turn.work.encounters.page(stake.page_id),
        )

    def _say(self, text: str, *, about: str = "") -> None:
        say(
            self.turn,
            self.responder.sms or self.message.from_number,
            text,
            cause=f"sms:{self.message.carrier_id}",
            about=about,
            responder=self.responder.id,
            from_number=_from(self.turn, self.message),
        )
