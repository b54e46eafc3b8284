"""The verdict as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from tests.chaos.doubled import Why
from tests.chaos.judge import Verdict
from tests.chaos.play import Played

SHOWN = 20


def table(verdict: Verdict, played: Played, seed: int) -> str:
    """Return the rows, a heading above, and under them what was lost or doubled, each in a line."""
    rows = [*_judged(verdict), *_done(played, seed)]
    width = max(len(name) for name, _ in rows)
    return "\n".join([*(f"{name:<{width}}  {value}" for name, value in rows), *_findings(verdict)])


def _judged(verdict: Verdict) -> Iterator[tuple[str, str]]:
    yield "accepted", str(verdict.accepted)
    yield "paged, every agency", str(verdict.paged)
    yield "LOST", str(len(verdict.lost))
    yield "DOUBLED", str(len(verdict.copies.pages))
    for why in Why:
        yield f"taken twice, {why}", str(verdict.copies.excused[why])
    yield "other messages doubled", str(len(verdict.copies.others))
    yield "called once more, after busy or no answer", str(verdict.copies.called_again)
    yield "begun over 250 ms after an answer", str(len(verdict.begun_after_answers))
    yield "broken chains", str(len(verdict.broken_chains))
    yield "a rung's first request, late by", _spread(verdict.first_request_late_by)
    yield "a rung's first message taken, late by", _spread(verdict.first_taken_late_by)


def _done(played: Played, seed: int) -> Iterator[tuple[str, str]]:
    evidence = played.evidence
    yield "seed", str(seed)
    yield "kills", str(played.kills)
    yield "pauses", str(len(evidence.pauses))
    yield "restarts of PostgreSQL", ", ".join(f"{number} {mode}" for mode, number in sorted(played.restarts.items()))
    yield "faults", str(played.faults.total())
    for name, times in sorted(played.faults.items()):
        yield f"  {name}", str(times)
    yield "asked again to open", str(played.asked_again)
    yield "requests to send, taken", f"{len(evidence.requests)}, {sum(one.is_taken for one in evidence.requests)}"
    yield "answers by SMS", str(len(evidence.answers))
    yield "came to rest after", "never" if played.rest_seconds is None else f"{played.rest_seconds:.0f} s"


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "nothing was due"
    ordered = sorted(seconds)
    late = ordered[int(0.99 * (len(ordered) - 1))]
    return f"median {median(ordered):.2f} s, p99 {late:.1f} s, worst {ordered[-1]:.1f} s (of {len(ordered)})"


def _findings(verdict: Verdict) -> Iterator[str]:
    for name, found in (
        ("LOST", verdict.lost),
        ("DOUBLED", verdict.copies.pages),
        ("other message doubled", verdict.copies.others),
        ("begun after an answer", verdict.begun_after_answers),
        ("broken chain", verdict.broken_chains),
    ):
        yield from (f"{name}: {one}" for one in found[:SHOWN])
        if found[SHOWN:]:
            yield f"{name}: and {len(found) - SHOWN} more"
