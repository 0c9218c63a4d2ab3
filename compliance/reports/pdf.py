"""The report as a PDF: a table of sections, each a page function over the one value."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.reports.pages.capacity import draw_capacity
from compliance.reports.pages.checklist import draw_checklist
from compliance.reports.pages.cover import draw_cover
from compliance.reports.pages.executive import draw_executive
from compliance.reports.pages.exposure import draw_course, draw_exposure_tables
from compliance.reports.pages.findings import draw_findings
from compliance.reports.pages.origin import draw_origin
from compliance.reports.pages.paper import Entry, Paper, format_day, kit_words
from compliance.reports.pages.sales import draw_sales
from compliance.reports.pages.sources import draw_sources
from compliance.reports.pages.staff import draw_staff
from compliance.reports.value import ComplianceReport
from kit.pdf.archive import archive
from kit.pdf.furniture import Furniture
from kit.pdf.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its key, its title, who draws it, and whether the value has anything for it."""

    key: str
    title: Promise
    draw: Callable[[Sheet, Paper], None]
    has_content: Callable[[ComplianceReport], bool] = lambda report: True


SECTIONS = (
    Section("executive", gettext_lazy("Executive page"), draw_executive),
    Section("course", gettext_lazy("Exposure over time"), draw_course),
    Section("exposure", gettext_lazy("Exposure on the day"), draw_exposure_tables),
    Section("findings", gettext_lazy("Findings"), draw_findings),
    Section("checklist", gettext_lazy("Post-raid checklist"), draw_checklist, lambda r: bool(r.checklists)),
    Section("staff", gettext_lazy("Staff: papers and dates"), draw_staff, lambda r: bool(r.staff.lanes)),
    Section("origin", gettext_lazy("Component origin"), draw_origin, lambda r: bool(r.origin.rows)),
    Section("sales", gettext_lazy("Liquidations"), draw_sales, lambda r: bool(r.sales)),
    Section("capacity", gettext_lazy("Capacity by site"), draw_capacity, lambda r: bool(r.capacity.sites)),
    Section("sources", gettext_lazy("Sources and versions"), draw_sources),
)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A file and the characters no installed typeface could draw."""

    content: bytes
    missing: dict[str, tuple[str, ...]]


def render_pdf(report: ComplianceReport, document: str) -> Rendering:
    """Draw the value under its document number; the same value and number give the same bytes."""
    with translation.override(report.language):
        sheet = Sheet(_furniture(report, document), report.language)
        shown = [section for section in SECTIONS if section.has_content(report)]
        paper = Paper(
            report,
            document,
            tuple(Entry(section.key, str(section.title)) for section in shown),
            tuple(str(section.title) for section in SECTIONS if section not in shown),
        )
        sheet.add(lambda page: draw_cover(page, paper), title=_("Cover"), key="cover", has_furniture=False)
        for number, section in enumerate(shown, 1):
            opened = paper.at(number, paper.contents[number - 1])
            sheet.add(_page(section, opened), title=opened.title, key=section.key)
        content = sheet.write()
    return Rendering(archive(content, report.data_time), sheet.missing)


def _page(section: Section, paper: Paper) -> Callable[[Sheet], None]:
    return lambda sheet: section.draw(sheet, paper)


def _furniture(report: ComplianceReport, document: str) -> Furniture:
    title = _("Compliance report")
    return Furniture(
        title=title,
        owner=report.operator,
        as_of=_("End of %(day)s") % {"day": format_day(report.as_of)},
        document=document,
        at=report.data_time,
        digest=report.sha256,
        keywords=("synthetic; " if report.is_synthetic else "") + f"content-sha256={report.sha256}",
        is_synthetic=report.is_synthetic,
        words=kit_words(),
    )
