"""The post-raid checklist: each item with what the data measured and what is missing."""

from django.utils.translation import gettext as _

from compliance.reports.pages.paper import Paper, standing_words, tone_of
from compliance.reports.parts import ChecklistItem
from kit.pdf import palette as p
from kit.pdf.blocks import draw_heading
from kit.pdf.faces import Style
from kit.pdf.ink import Ink
from kit.pdf.marks import mark
from kit.pdf.sheet import Sheet

NUMBER_X, TEXT_X = p.LEFT, p.LEFT + 30
HALF = (p.RIGHT - TEXT_X - 18) / 2
LEADING = 11.0
MOST_LINES = 12  # of one side of an item; more are counted


def draw_checklist(sheet: Sheet, paper: Paper) -> None:
    """Site by site, item by item; an item is never split over pages."""
    ink = sheet.ink
    lead = _(
        "Four questions asked after the raid of 29 September 2025. Data answer what data can; the rest is "
        "named as missing. An item without a word from anybody is unknown."
    )
    y = draw_heading(ink, paper.section, paper.title, lead) - 4
    for number, checklist in enumerate(paper.report.checklists):
        first = _Item(ink, checklist.items[0], 1) if checklist.items else None
        if number and y - 30 - (first.high if first else 0) < p.LAST_LINE:
            y = sheet.turn()
        ink.text(p.LEFT, y, checklist.site_name, 11, Style.BOLD, p.INK)
        ink.text(p.RIGHT, y, checklist.site, 7.6, Style.NARROW, p.MUTE, "end")
        y -= 14
        for place, item in enumerate(checklist.items, 1):
            row = _Item(ink, item, place)
            if y - row.high < p.LAST_LINE:
                y = sheet.turn()
            row.draw(y)
            y -= row.high
        y -= 16


class _Item:
    """One item measured before it is drawn."""

    def __init__(self, ink: Ink, item: ChecklistItem, number: int) -> None:
        self.ink, self.item, self.number = ink, item, number
        self.measured = _wrapped(ink, item.measured)
        self.missing = _wrapped(ink, item.missing or (_("Nothing that the data could tell."),))

    @property
    def high(self) -> float:
        return 46 + LEADING * max(len(self.measured), len(self.missing), 1)

    def draw(self, y: float) -> None:
        ink, tone = self.ink, tone_of(self.item.outcome)
        ink.rule(p.LEFT, y, p.RIGHT, y, p.INK, 0.7)
        ink.rect(NUMBER_X, y - 20, 15, 15, fill=p.INK)
        ink.text(NUMBER_X + 7.5, y - 16, str(self.number), 8.6, Style.BOLD, p.WHITE, "center")
        word = standing_words()[tone]
        wide = ink.width(word, 8, Style.BOLD) + 14
        ink.text(TEXT_X, y - 16, self.item.title, 9.4, Style.BOLD, p.INK, room=p.RIGHT - TEXT_X - wide - 12)
        mark(ink, tone, p.RIGHT - wide, y - 17.4, 8.4)
        ink.text(p.RIGHT, y - 16, word, 8, Style.BOLD, p.WORD[tone], "end")
        self._side(TEXT_X, y - 31, _("Measured"), self.measured)
        self._side(TEXT_X + HALF + 18, y - 31, _("Missing"), self.missing)

    def _side(self, x: float, y: float, title: str, lines: list[tuple[str, bool]]) -> None:
        ink = self.ink
        ink.text(x, y, title, 7, Style.BOLD, p.COPPER)
        for number, (line, is_first) in enumerate(lines):
            at = y - 11.4 - number * LEADING
            if is_first:
                ink.dot(x + 1.6, at + 2.5, 1.1, fill=p.MUTE)
            ink.text(x + 8, at, line, 8)


def _wrapped(ink: Ink, sentences: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Lines with a mark on the first of each sentence."""
    lines: list[tuple[str, bool]] = []
    for count, sentence in enumerate(sentences):
        wrapped = ink.wrap(sentence[:1].upper() + sentence[1:], HALF - 10, 8)
        if len(lines) + len(wrapped) > MOST_LINES:
            left = _("and %(count)s more; the CSV has them all") % {"count": len(sentences) - count}
            return [*lines, (left, True)]
        lines += [(line, number == 0) for number, line in enumerate(wrapped)]
    return lines
