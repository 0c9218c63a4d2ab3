"""The workforce page as one frozen value: lanes of dates by worker number, and contractors by their word."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.workforce.facts import Judgement
from compliance.workforce.lines import WorkerLine, worker_lines_at
from compliance.workforce.models import Worker
from compliance.workforce.reads import ContractorJudgement, WorkerRecord, contractors_at, records_at
from fleet.sites.choice import SiteChoice
from kit.charts import Part, StandingBar
from kit.look.doors import door
from kit.look.values import Axis, Kpi, Mark, MarkKind, Span, Track
from kit.units import count, format_count, format_date, format_days_until

NEAR_DAYS, SOON_DAYS = 30, 90
MOST_LINES = 100
STATES = {"review": "review", "watch": "watch", "unknown": "unknown", "blocked": "blocked"}
SPANS: dict[MarkKind, str] = {"authorisation": "t2", "receipt": "t3"}


@dataclass(frozen=True)
class OwnLine:
    """One of our workers by number, with the dates as a track and the next step."""

    number: str
    name: str
    caption: str
    track: Track
    state: str
    step: str
    sentence: str
    url: str
    is_synthetic: bool


@dataclass(frozen=True)
class RosterLine:
    """One of a contractor's people: a number and the date the contractor attested."""

    number: str
    function: str
    attested_until: date | None
    is_past: bool


@dataclass(frozen=True)
class ContractorLine:
    """A contractor with its word, when it ends, and its people by number."""

    key: int
    name: str
    caption: str
    track: Track
    state: str
    step: str
    sentence: str
    badges: StandingBar
    badge_words: str
    roster: tuple[RosterLine, ...]
    is_synthetic: bool


@dataclass(frozen=True)
class WorkforcePage:
    """Everything the page shows as of a day."""

    day: date
    axis: Axis
    kpis: tuple[Kpi, ...]
    own: tuple[OwnLine, ...]
    more: int
    contractors: tuple[ContractorLine, ...]
    is_synthetic: bool


def workforce_page(day: date, sites: SiteChoice, *, with_names: bool) -> WorkforcePage:
    """Who has which dates on a day; names only for those whose role needs them.

    Shape: in the order of the dates; nothing about a person orders, filters or marks a line.
    """
    records = records_at(day, sites.ids)
    lines = [
        line for line in worker_lines_at(day, sites.ids, records=records) if line.record.contractor_id is None
    ]
    shown = lines[:MOST_LINES]
    names = _names(shown) if with_names else {}
    contractors = contractors_at(day, sites.ids, records=records)
    return WorkforcePage(
        day=day,
        axis=Axis(day),
        kpis=_kpis(day, lines, records, contractors),
        own=tuple(_own(line, day, sites, names) for line in shown),
        more=len(lines) - len(shown),
        contractors=tuple(_contractor(row, day, sites, records) for row in contractors),
        is_synthetic=any(row.is_synthetic for row in records) or any(row.is_synthetic for row in contractors),
    )


def _names(lines: Iterable[WorkerLine]) -> dict[str, str]:
    numbers = [line.record.number for line in lines]
    return dict(Worker.objects.filter(number__in=numbers).values_list("number", "name"))


def _kpis(
    day: date,
    lines: Sequence[WorkerLine],
    records: Sequence[WorkerRecord],
    contractors: Sequence[ContractorJudgement],
) -> tuple[Kpi, ...]:
    marks = [mark for line in lines for mark in line.track.marks]
    past = [mark for mark in marks if mark.tone == "review"]
    near = [mark for mark in marks if 0 <= (mark.on - day).days <= NEAR_DAYS]
    soon = [mark for mark in marks if NEAR_DAYS < (mark.on - day).days <= SOON_DAYS]
    own = sum(record.contractor_id is None for record in records)
    lapsed = [row for row in contractors if row.judgement.standing == "review"]
    touched, people = sum(row.workers_past for row in contractors), sum(row.workers for row in contractors)
    return (
        Kpi(
            _("Own workers with a date on record"),
            count(len(lines)),
            _("of %(n)s; the others need no step") % {"n": format_count(own)},
            "#own",
        ),
        Kpi(_("Past their date"), count(len(past)), _kinds(past), "#own", "review" if past else ""),
        Kpi(_("Within 30 days"), count(len(near)), _kinds(near), "#own", "watch" if near else ""),
        Kpi(_("Within 31 to 90 days"), count(len(soon)), _kinds(soon), "#own"),
        Kpi(
            _("Contractors to ask"),
            count(len(lapsed)),
            _("attested date passed for %(past)s of %(people)s people")
            % {"past": format_count(touched), "people": format_count(people)},
            "#contractors",
            "review" if lapsed or touched else "",
        ),
    )


def kind_words() -> dict[MarkKind, str]:
    """What the shape of a date stands for."""
    return {
        "authorisation": _("work authorisation ends"),
        "stay": _("admitted until"),
        "passport": _("passport ends"),
        "i9": _("I-9 step due"),
        "receipt": _("receipt ends"),
        "attestation": _("contractor’s attestation ends"),
    }


def _kinds(marks: Iterable[Mark]) -> str:
    words = kind_words()
    found = Counter(mark.kind for mark in marks)
    return " · ".join(f"{number} {words[kind]}" for kind, number in found.most_common()) or _("none")


def _own(line: WorkerLine, day: date, sites: SiteChoice, names: dict[str, str]) -> OwnLine:
    record, judged = line.record, line.next_step
    marks = tuple(
        replace(mark, label=dateformat.format(mark.on, "j M")) if mark.tone != "ink3" else mark
        for mark in line.track.marks
    )
    spans = tuple(Span(None, mark.on, SPANS[mark.kind]) for mark in marks if mark.kind in SPANS)
    place = sites.name_of(record.site_id)
    return OwnLine(
        number=record.number,
        name=names.get(record.number, ""),
        caption=" · ".join(part for part in (record.function, place) if part),
        track=Track(record.number, marks, spans),
        state=STATES.get(judged.standing, "") if judged else "",
        step=_step(judged, line, day),
        sentence=judged.sentence if judged else "",
        url=door("admin:compliance_worker_changelist", q=record.number),
        is_synthetic=record.is_synthetic,
    )


def _step(judged: Judgement | None, line: WorkerLine, day: date) -> str:
    """How near the date is that asks for something, else the nearest one."""
    due = judged.due_on if judged and judged.standing in STATES and judged.due_on else None
    ahead = [mark.on for mark in line.track.marks if mark.on >= day]
    nearest = due or min(ahead, default=None)
    if nearest is None:
        return ""
    is_far = (nearest - day).days > Axis(day).after_days
    return format_date(nearest) if is_far else format_days_until(nearest, day)


def _contractor(
    row: ContractorJudgement, day: date, sites: SiteChoice, records: Sequence[WorkerRecord]
) -> ContractorLine:
    people = tuple(_roster(record, day) for record in records if record.contractor_id == row.contractor_id)
    judged = row.judgement
    dated = sum(line.attested_until is not None for line in people)
    in_date, unknown = dated - row.workers_past, row.workers - dated
    parts = (
        Part(_("in date"), "t2", in_date),
        Part(_("past"), "review", row.workers_past),
        Part(_("no date given"), "unknown", unknown),
    )
    said = [
        words % {"n": format_count(number)}
        for words, number in (
            (_("%(n)s in date"), in_date),
            (_("%(n)s past"), row.workers_past),
            (_("%(n)s without a date"), unknown),
        )
        if number
    ]
    return ContractorLine(
        key=row.contractor_id,
        name=row.party_name,
        caption=f"{row.scope} · {sites.name_of(row.site_id)}",
        track=_attested(row, day),
        state=STATES.get(judged.standing, "fine"),
        step=_attested_words(judged, day),
        sentence=judged.sentence,
        badges=StandingBar(_("people of %(name)s") % {"name": row.party_name}, "", parts, decimals=0),
        badge_words=", ".join(said) or _("nobody on the roster"),
        roster=people,
        is_synthetic=row.is_synthetic,
    )


def _attested(row: ContractorJudgement, day: date) -> Track:
    """The word of a contractor as a lane: in force until its end, hatched after it, unknown without one."""
    judged = row.judgement
    if judged.due_on is None:
        return Track(row.party_name, (), (Span(None, None, "unknown"),))
    tone = judged.standing if judged.standing in ("review", "watch") else "ink3"
    mark = Mark(judged.due_on, "attestation", tone, dateformat.format(judged.due_on, "j M"))
    spans = [Span(None, judged.due_on, "t2")]
    if judged.due_on < day:
        spans.append(Span(judged.due_on, day, "over"))
    return Track(row.party_name, (mark,), tuple(spans))


def _attested_words(judged: Judgement, day: date) -> str:
    if judged.due_on is None:
        return _("none on file")
    days = (day - judged.due_on).days
    if judged.standing == "review" and days > 0:
        return ngettext("lapsed %(n)d day", "lapsed %(n)d days", days) % {"n": days}
    if judged.standing == "review":
        return _("roster changed %(day)s") % {"day": format_date(judged.due_on)}
    near = format_days_until(judged.due_on, day)
    return near if judged.standing == "watch" else _("in date")


def _roster(record: WorkerRecord, day: date) -> RosterLine:
    until = record.facts.work_authorised_until_on
    return RosterLine(record.number, record.function, until, until is not None and until < day)
