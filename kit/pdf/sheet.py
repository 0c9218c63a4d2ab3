"""One document: a list of page functions on one canvas, with furniture, outline and a repeatable date.

    about = Furniture(title="Findings", owner="Northfield", as_of="1 October 2025", document="PH-1", at=time)
    sheet = Sheet(about, "en")
    sheet.add(draw_findings, title="Findings", key="findings")
    pdf = sheet.write()

A page function takes the sheet, draws with `sheet.ink` and calls `sheet.turn()` when it needs another page.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from kit.pdf import palette as p
from kit.pdf.arabic import eastern_digits
from kit.pdf.faces import Style, metrics, package_for, plain_face
from kit.pdf.furniture import Furniture, draw_furniture, draw_missing
from kit.pdf.ink import Align, Ink

_ONE_AT_A_TIME = threading.RLock()  # reportlab keeps a face's subsets per face, so two documents may not mix


@dataclass(frozen=True, slots=True)
class _Entry:
    """A page function with its place in the outline."""

    draw: Callable[["Sheet"], None]
    title: str
    key: str
    level: int
    has_furniture: bool


@dataclass(slots=True)
class _Late:
    """Words known only when every page is drawn, kept as a form that the page already shows."""

    name: str
    words: Callable[[], str]
    place: tuple[float, float]
    look: tuple[float, Style, str, Align] = field(default=(9, Style.TEXT, p.BODY, "start"))


class Sheet:
    """A document in the making; `write` draws it once and returns its bytes."""

    def __init__(self, furniture: Furniture, language: str = "en") -> None:
        self.furniture = furniture
        self.language = language
        self.page_number = 0
        self._entries: list[_Entry] = []
        self._late: list[_Late] = []
        self._pages_of: dict[str, int] = {}
        self._entry: _Entry | None = None
        self._out = BytesIO()
        self.ink = Ink(self._canvas(), language, furniture.words)

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Characters no face could draw, each with the fields it stood in."""
        return {char: tuple(sorted(self.ink.missing[char])) for char in sorted(self.ink.missing)}

    def add(
        self,
        draw: Callable[["Sheet"], None],
        *,
        title: str = "",
        key: str = "",
        level: int = 0,
        has_furniture: bool = True,
    ) -> None:
        """Append a page function; a title puts it into the outline, a key makes it a goal of links."""
        self._entries.append(
            _Entry(draw, title, key or f"page-{len(self._entries) + 1}", level, has_furniture)
        )

    def turn(self) -> float:
        """Finish this page and begin the next one; returns its first baseline."""
        self.ink.canvas.showPage()
        self._begin_page()
        return p.FIRST_LINE

    def later(
        self,
        x: float,
        y: float,
        words: Callable[[], str],
        size: float = 9,
        style: Style = Style.TEXT,
        color: str = p.BODY,
        align: Align = "start",
    ) -> None:
        """Leave room for words that are only known at the end, such as a number of pages."""
        late = _Late(f"late{len(self._late) + 1}", words, (x, y), (size, style, color, align))
        self._late.append(late)
        self.ink.canvas.doForm(late.name)

    def page_of(self, key: str) -> str:
        """Number of the page a key stands on; meant for `later`, when all pages are drawn."""
        return self.digits(str(self._pages_of.get(key, "–")))

    def digits(self, figure: str) -> str:
        """The figure in the digits of the document."""
        return eastern_digits(figure) if self.furniture.has_eastern_digits else figure

    def write(self) -> bytes:
        """Draw every page and return the file; the same calls give the same bytes in any process."""
        with _ONE_AT_A_TIME:
            for entry in self._entries:
                self._draw(entry)
            if self.ink.missing:  # the document is finished, but says on its last page what it could not draw
                self._draw(_Entry(_missing_page, self.furniture.words.missing_title, "missing", 0, True))
            self._draw_late()
            self.ink.canvas.save()
        return self._out.getvalue()

    def _canvas(self) -> Canvas:
        about = self.furniture
        initial = plain_face(self.language, Style.TEXT)
        metrics(initial)  # registered first: otherwise every file lists Helvetica, which is not embedded
        language_tag = {"zh": "zh-Hans"}.get(self.language, self.language)
        size = (p.PAGE_WIDTH, p.PAGE_HEIGHT)
        canvas = Canvas(
            self._out,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            lang=language_tag,
            initialFontName=initial,
        )
        canvas.setTitle(about.title)
        canvas.setAuthor(about.owner)
        canvas.setSubject(about.document)
        canvas.setKeywords(about.keywords)
        canvas.setCreator("Pithead")
        canvas.setProducer("Pithead")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        if self.language == "ar":
            canvas.setViewerPreference("Direction", "/R2L")
        canvas.showOutline()
        _date(canvas, about.at)
        return canvas

    def _draw(self, entry: _Entry) -> None:
        self._entry = entry
        self._begin_page()
        self._pages_of[entry.key] = self.page_number
        self.ink.canvas.bookmarkPage(entry.key)
        if entry.title:
            self.ink.canvas.addOutlineEntry(entry.title, entry.key, entry.level, closed=False)
        entry.draw(self)
        self.ink.canvas.showPage()

    def _begin_page(self) -> None:
        self.page_number += 1
        if self._entry is not None and self._entry.has_furniture:
            draw_furniture(self.ink, self.furniture)
            number = self.page_number
            self.later(p.RIGHT, 28.5, lambda: self._page_words(number), 7.2, Style.BOLD, p.INK, "end")

    def _page_words(self, number: int) -> str:
        words = self.furniture.words.page.format(page=number, pages=self.page_number)
        return self.digits(words)

    def _draw_late(self) -> None:
        for late in self._late:
            self.ink.canvas.beginForm(late.name)
            size, style, color, align = late.look
            self.ink.text(*late.place, late.words(), size, style, color, align)
            self.ink.canvas.endForm()


def _missing_page(sheet: Sheet) -> None:
    draw_missing(sheet.ink, sheet.furniture.words, sheet.missing, package_for)


def _date(canvas: Canvas, at: datetime) -> None:
    """Date the file by its data: `invariant` alone says 1 January 2000, and the clock never repeats."""
    stamp = canvas._doc._timeStamp
    stamp.t = at.timestamp()
    stamp.lt = time.gmtime(stamp.t)
    stamp.YMDhms = tuple(stamp.lt)[:6]
    stamp.tzname, stamp.dhh, stamp.dmm = "UTC", 0, 0
    # The file's ID starts from the same time, else SOURCE_DATE_EPOCH in the environment would change it.
    canvas._doc.signature = md5(str(stamp.t).encode(), usedforsecurity=False)
