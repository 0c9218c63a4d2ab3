"""Findings: a bar in the standing's colour, the sentence, who says so, how much it touches."""

from dataclasses import replace

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import (
    Paper,
    confidence_words,
    format_day,
    measure_words,
    standing_words,
    tone_of,
)
from compliance.reports.parts import FindingRow, Measure
from kit.pdf import palette as p
from kit.pdf.blocks import draw_heading
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.sheet import Sheet

STANDING_X, TEXT_X, AUTHORITY_X, MEASURE_X = p.LEFT, p.LEFT + 112, p.LEFT + 286, p.LEFT + 384
STANDING_WIDE, TEXT_WIDE, AUTHORITY_WIDE, MEASURE_WIDE = 98.0, 164.0, 88.0, 58.0
LEADING = 10.2
MOST_LINES = 9  # of one sentence
EXPLAINED = 60.0  # room for the standings at the foot


def draw_findings(sheet: Sheet, paper: Paper) -> None:
    """Every open finding of the day, gravest first, over as many pages as they need."""
    report = paper.report
    y = draw_heading(sheet.ink, paper.section, paper.title, _lead(report.findings))
    if not report.findings:
        return
    y = _head(sheet.ink, y - 4)
    for finding in gathered(report.findings):
        row = _Row(sheet.ink, finding, report.currency)
        if y - row.high < p.LAST_LINE + 6:
            y = _head(sheet.ink, sheet.turn())
        row.draw(y)
        y -= row.high
    if y - EXPLAINED < p.LAST_LINE:
        y = sheet.turn()
    _standings(sheet.ink, y - 10)


def gathered(findings: tuple[FindingRow, ...]) -> list[FindingRow]:
    """The rows of the page: blocked ones singly, alike reviews together, the rest once per rule.

    Shape: a row of several keeps its first place; the CSV has each finding.
    """
    groups: dict[tuple[str, ...], list[FindingRow]] = {}
    for number, finding in enumerate(findings):
        alike = {
            "blocked": (str(number),),
            "review": (finding.rule, finding.sentence, finding.authority),
        }.get(finding.standing, (finding.rule,))
        groups.setdefault((finding.standing, *alike), []).append(finding)
    return [rows[0] if len(rows) == 1 else _together(rows) for rows in groups.values()]


def _together(rows: list[FindingRow]) -> FindingRow:
    sentences = {row.sentence for row in rows}
    counted = _("%(title)s: %(count)d findings; the CSV has each.")
    dates = [row.due_on for row in rows if row.due_on is not None]
    since = [row.since for row in rows if row.since is not None]
    return replace(
        rows[0],
        number=rows[0].rule,
        about="; ".join(dict.fromkeys(row.about for row in rows)),
        sentence=sentences.pop()
        if len(sentences) == 1
        else counted % {"title": rows[0].title, "count": len(rows)},
        measure=Measure(
            machines=sum(row.measure.machines for row in rows),
            installed_w=sum(row.measure.installed_w for row in rows),
        ),
        since=min(since, default=None),
        due_on=min(dates, default=None),
        is_synthetic=any(row.is_synthetic for row in rows),
    )


def _lead(findings: tuple[FindingRow, ...]) -> str:
    if not findings:
        return _("No finding is open at the end of this day. That says what the rules saw, and no more.")
    counts = {
        "total": len(findings),
        "blocked": sum(each.standing == "blocked" for each in findings),
        "review": sum(each.standing == "review" for each in findings),
    }
    return (
        _(
            "%(total)s findings are open: %(blocked)s blocked pending counsel, %(review)s for review, the"
            " rest to watch or unknown. A standing says who must look next. It is not a conclusion of "
            "law."
        )
        % counts
    )


def _head(ink: Ink, y: float) -> float:
    ink.rule(p.LEFT, y + 11, p.RIGHT, y + 11, p.INK, 1)
    ink.text(STANDING_X, y, _("Standing"), 7.4, Style.BOLD, p.INK)
    ink.text(TEXT_X, y, _("Finding and source"), 7.4, Style.BOLD, p.INK)
    ink.text(AUTHORITY_X, y, _("Authority"), 7.4, Style.BOLD, p.INK)
    ink.text(MEASURE_X, y, _("Measure"), 7.4, Style.BOLD, p.INK)
    ink.text(p.RIGHT, y, _("Since"), 7.4, Style.BOLD, p.INK, "end")
    ink.rule(p.LEFT, y - 5, p.RIGHT, y - 5, p.INK, 0.5)
    return y - 17


class _Row:
    """One finding measured before it is drawn, because a row is never split over pages."""

    def __init__(self, ink: Ink, finding: FindingRow, currency: str) -> None:
        self.ink, self.finding = ink, finding
        self.about = ink.wrap(finding.about, TEXT_WIDE, 7.9, Style.BOLD)
        self.text = ink.wrap(finding.sentence, TEXT_WIDE, 7.9)
        if len(self.text) > MOST_LINES:
            self.text = [*self.text[: MOST_LINES - 1], _("… whole in the CSV")]
        self.authority = ink.wrap(finding.authority or "–", AUTHORITY_WIDE, 7.6, Style.NARROW)
        self.source = ink.wrap(finding.source, TEXT_WIDE, 6.8, Style.NARROW) if finding.source else []
        self.measure = measure_words(finding.measure, currency) or ("–",)
        lines = max(
            len(self.about) + len(self.text) + len(self.source), len(self.authority), len(self.measure)
        )
        self.lines = max(lines, 1 + len(self._notes()))

    @property
    def high(self) -> float:
        return self.lines * LEADING + 9

    def draw(self, y: float) -> None:
        ink, finding = self.ink, self.finding
        tone = tone_of(finding.standing)
        ink.rect(p.LEFT, y - self.high + 12.5, 2.2, self.high - 6.5, fill=p.FILL[tone])
        ink.text(p.LEFT + 8, y, standing_words()[tone], 7.9, Style.BOLD, p.WORD[tone], room=STANDING_WIDE)
        for number, note in enumerate(self._notes(), 1):
            ink.text(p.LEFT + 8, y - number * LEADING, note, 6.8, Style.NARROW, p.MUTE, room=STANDING_WIDE)
        for number, line in enumerate(self.about):
            ink.text(TEXT_X, y - number * LEADING, line, 7.9, Style.BOLD, p.INK)
        for number, line in enumerate(self.text, len(self.about)):
            ink.text(TEXT_X, y - number * LEADING, line, 7.9, color=p.BODY)
        for number, line in enumerate(self.authority):
            ink.text(AUTHORITY_X, y - number * LEADING, line, 7.6, Style.NARROW)
        below = y - (len(self.about) + len(self.text)) * LEADING
        for number, line in enumerate(self.source):
            ink.text(TEXT_X, below - number * LEADING, line, 6.8, Style.NARROW, p.MUTE)
        for number, line in enumerate(self.measure):
            style = Style.NARROW if number else Style.NARROW_BOLD
            color = p.BODY if number else p.INK
            ink.text(MEASURE_X, y - number * LEADING, line, 7.6, style, color, room=MEASURE_WIDE)
        since = finding.since.isoformat() if finding.since else "–"
        ink.text(p.RIGHT, y, since, 7.6, Style.NARROW, align="end")
        bottom = y - self.high + LEADING
        ink.rule(p.LEFT, bottom, p.RIGHT, bottom, weight=0.4)

    def _notes(self) -> list[str]:
        finding = self.finding
        notes = [finding.number, confidence_words()[finding.confidence]]
        if finding.due_on:
            notes.append(_("due %(day)s") % {"day": format_day(finding.due_on)})
        if finding.is_synthetic:
            notes.append(_("rests on synthetic data"))
        return notes


def _standings(ink: Ink, y: float) -> None:
    """What each standing means, at the foot of the last page of findings."""
    words = standing_words()
    explained = (
        ("blocked", _("Payments, moves and sales are held by the software until counsel releases them.")),
        ("review", _("A named person must look at the facts by the due date. Nothing is held.")),
        ("watch", _("A date comes near, or a figure grows. No step is due yet.")),
        ("unknown", _("The record does not say. It is counted, not guessed.")),
    )
    for number, (tone, text) in enumerate(explained):
        x = p.column_left(number * 3)
        ink.text(x, y, words[tone], 7.8, Style.BOLD, p.WORD[tone], room=p.columns_wide(3))
        ink.paragraph(x, y - 12, text, p.columns_wide(3) - 2, 7.4, 10.2, color=p.MUTE)
