"""Dates of papers as charts: one lane per kind without saying whose, or one per worker number."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from compliance.workforce.facts import Judgement
from compliance.workforce.reads import WorkerRecord, contractors_at, judgements_at, records_at
from compliance.workforce.rules import judge_worker
from kit.charts import Dot, Lane, Lanes
from kit.look.values import Mark, MarkKind, Track

MARKS: dict[str, MarkKind] = {
    "reverification": "authorisation",
    "admission": "stay",
    "passport": "passport",
    "i9_section_1": "i9",
    "i9_section_2": "i9",
    "receipt": "receipt",
}
TONES = {"review": "review", "watch": "watch"}
GRAVITY = ("none", "unknown", "watch", "review", "blocked")


@dataclass(frozen=True)
class WorkerLine:
    """One worker by number: the dates as a track, and the gravest judgement, which is the next step."""

    record: WorkerRecord
    track: Track
    next_step: Judgement | None


def lanes_at(day: date, site_ids: Collection[int] | None = None) -> Lanes:
    """Which papers end when, one lane per kind of date, without saying whose."""
    kinds = _lane_kinds()
    dots: dict[str, dict[date, int]] = {label: defaultdict(int) for label in kinds.values()}
    for row in judgements_at(day, site_ids):
        due_on = row.judgement.due_on
        if row.judgement.code in kinds and due_on is not None and _is_ahead_or_open(row.judgement, day):
            dots[kinds[row.judgement.code]][due_on] += 1
    attested = _("contractors' attestations")
    dots[attested] = defaultdict(int)
    for contractor in contractors_at(day, site_ids):
        if contractor.judgement.due_on is not None:
            dots[attested][contractor.judgement.due_on] += 1
    return Lanes(
        title=_("Which papers end when"),
        as_of=day,
        lanes=tuple(
            Lane(label, tuple(Dot(on, count) for on, count in sorted(days.items())))
            for label, days in dots.items()
        ),
        note=_("Counted by date alone; no names, and nothing about who a person is."),
    )


def worker_lines_at(
    day: date,
    site_ids: Collection[int] | None = None,
    *,
    records: Collection[WorkerRecord] | None = None,
) -> tuple[WorkerLine, ...]:
    """Everybody with a date on record, the nearest first; records read before are not read again."""
    found = []
    for record in records_at(day, site_ids) if records is None else records:
        judged = [row for row in judge_worker(record.facts, day) if row.code in MARKS]
        open_ones = [row for row in judged if row.due_on is not None and _is_ahead_or_open(row, day)]
        if open_ones:
            found.append(WorkerLine(record, _track(record, open_ones), _next_step(judged)))
    return tuple(
        sorted(found, key=lambda line: (min(mark.on for mark in line.track.marks), line.record.number))
    )


def _lane_kinds() -> dict[str, str]:
    i9 = _("Form I-9 steps")
    return {
        "reverification": _("work authorisation"),
        "admission": _("admit-until"),
        "passport": _("passport"),
        "i9_section_1": i9,
        "i9_section_2": i9,
        "receipt": _("receipts"),
    }


def _is_ahead_or_open(judgement: Judgement, day: date) -> bool:
    """A step that was done is no longer a date to look at."""
    is_done = judgement.code.startswith("i9") and judgement.standing != "review"
    return judgement.due_on is not None and (judgement.due_on >= day or not is_done)


def _track(record: WorkerRecord, judged: list[Judgement]) -> Track:
    marks = tuple(
        Mark(row.due_on, MARKS[row.code], TONES.get(row.standing, "ink3"))
        for row in judged
        if row.due_on is not None
    )
    return Track(label=record.number, marks=marks)


def _next_step(judged: list[Judgement]) -> Judgement | None:
    return max(judged, key=lambda row: GRAVITY.index(row.standing), default=None)
