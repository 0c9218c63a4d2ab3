from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from compliance.checklist.templates import TEMPLATES
from compliance.exposure.show import standing_name
from compliance.findings.rules import RULES
from compliance.lists.sources import LISTS
from compliance.origin.families import BOARD_FAMILIES, CHIP_SERIES, ListHit
from compliance.ownership.rules import THRESHOLDS
from compliance.territory.measures import LAWS
from compliance.territory.regimes import REGIMES, STANDING_OF_MEASURE
from compliance.workforce.attestation import judge_attestation
from compliance.workforce.rules import RULES as STAFF_RULES
from compliance.workforce.windows import ATTESTATION_DAYS, AUTHORISATION_DAYS, PASSPORT_DAYS, RECEIPT_DAYS

PAGE = Path(settings.BASE_DIR) / "docs" / "rules.md"
HEAD = """# Rules

Written by `./manage.py write_rules` from the tables in the code; do not edit it by hand.

A finding is a reason to look, not a verdict. A standing is one of: blocked pending counsel, review,
watch, unknown, no open finding. A first day counts; an end day no longer does.
"""


class Command(BaseCommand):
    help = "Write docs/rules.md from the tables of rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        text = rulebook()
        if options["check"]:
            if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
                raise CommandError("docs/rules.md is stale: run ./manage.py write_rules.")
            return
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PAGE.relative_to(settings.BASE_DIR)}: {len(text.splitlines())} lines.")


def rulebook() -> str:
    """Every table of rules as one page, in English."""
    with override("en"):
        parts = [
            HEAD,
            _findings(),
            _staff(),
            _ownership(),
            _origin(),
            _lists(),
            _checklists(),
            _regimes(),
            _laws(),
        ]
    return "\n".join(parts)


def _findings() -> str:
    rows = [
        (
            f"`{rule.code}` v{rule.version}",
            rule.title,
            rule.judges,
            rule.standings,
            rule.authority,
            rule.source,
        )
        for rule in RULES
    ]
    return _section("Findings", ("rule", "title", "looks at", "stands at", "authority", "source"), rows)


def _staff() -> str:
    rows = [(f"`{rule.__name__}`", _docstring(rule)) for rule in (*STAFF_RULES, judge_attestation)]
    windows = [
        ("work authorisation, admit-until", AUTHORISATION_DAYS),
        ("passport", PASSPORT_DAYS),
        ("receipt", RECEIPT_DAYS),
        ("attestation", ATTESTATION_DAYS),
    ]
    text = _section("Dates on papers, the same for everybody", ("rule", "what it says"), rows)
    days = [(name, ", ".join(str(day) for day in before)) for name, before in windows]
    return text + "\n" + _table(("date", "reminded so many days before"), days)


def _ownership() -> str:
    rows = [
        (
            row.regime,
            f"{row.blocked_from_bps / 100:.2f} %",
            f"{row.warn_from_bps / 100:.2f} %",
            "yes" if row.is_aggregated else "no",
            "yes" if row.is_control_counted else "no",
            row.source,
            row.confidence,
        )
        for row in THRESHOLDS
    ]
    head = (
        "regime",
        "blocked from",
        "review from",
        "shares added up",
        "control counts",
        "source",
        "confidence",
    )
    return _section("Ownership", head, rows)


def _origin() -> str:
    rows = [
        (
            row.family,
            row.soc,
            row.vendor or "unknown",
            _hits(row.hits),
            row.used_on,
            row.source,
            row.confidence,
        )
        for row in BOARD_FAMILIES
    ]
    chips = [
        (row.series, row.maker, row.fab, _hits(row.hits), row.source, row.confidence) for row in CHIP_SERIES
    ]
    boards = ("family", "system on chip", "vendor", "on a list", "used on", "source", "confidence")
    text = _section("Control boards and hash chips", boards, rows)
    return text + "\n" + _table(("series", "maker", "fab", "on a list", "source", "confidence"), chips)


def _hits(hits: Iterable[ListHit]) -> str:
    return "; ".join(f"{hit.listed_name}: {hit.authority}" for hit in hits) or "–"


def _lists() -> str:
    rows = [
        (
            f"`{row.code}`",
            row.name,
            row.authority,
            standing_name(row.standing),
            row.regime or "–",
            f"{row.fresh_days} days",
        )
        for row in LISTS
    ]
    head = ("list", "name", "authority", "a match by number stands at", "ownership rule", "stale after")
    return _section("Lists", head, rows)


def _checklists() -> str:
    rows = [
        (f"`{template.code}` v{template.version}", item.title, item.asks, item.source)
        for template in TEMPLATES
        for item in template.items
    ]
    return _section("Checklists", ("checklist", "item", "asks", "source"), rows)


def _regimes() -> str:
    rows = [
        (
            row.territory,
            row.name,
            f"{row.measure}: {standing_name(STANDING_OF_MEASURE[row.measure])}",
            row.authority,
            row.citation,
            row.from_on,
            row.to_on or "–",
            row.confidence,
            row.source,
        )
        for row in sorted(REGIMES, key=lambda row: (row.territory, row.from_on, row.code))
    ]
    head = ("territory", "name", "measure", "authority", "citation", "from", "until", "confidence", "source")
    return _section("Measures on territories", head, rows)


def _laws() -> str:
    rows = [
        (
            f"`{row.code}`",
            row.title,
            row.status,
            row.authority,
            row.citation,
            row.from_on,
            row.to_on or "–",
            row.confidence,
            row.source,
        )
        for row in LAWS
    ]
    head = ("law", "title", "state", "authority", "citation", "from", "until", "confidence", "source")
    return _section("Other rules of law", head, rows)


def _docstring(rule: object) -> str:
    """The first paragraph and the source of a rule's docstring."""
    lines = [line.strip() for line in (rule.__doc__ or "").splitlines()]
    return " ".join(line for line in lines if line)


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return f"## {title}\n\n{_table(head, rows)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
