"""The checklists, as literal tables; each item says what it asks and how it is judged."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.checklist.judges import (
    Judge,
    both,
    by_person,
    judge_alternative_suppliers,
    judge_compliance_management,
    judge_equipment_origin,
    judge_own_repair,
    judge_spread,
    judge_supply_channels,
    judge_work_authorisation,
)
from kit.errors import Refusal


@dataclass(frozen=True)
class Item:
    """One item: what it asks, where it comes from, and the function that judges it."""

    code: str
    title: str | Promise
    asks: str | Promise
    source: str
    judge: Judge


@dataclass(frozen=True)
class Template:
    """One checklist with its items in order."""

    code: str
    title: str | Promise
    version: int
    source: str
    items: tuple[Item, ...]


TEMPLATES: tuple[Template, ...] = (
    Template(
        code="post-raid",
        title=_("Post-raid checklist"),
        version=1,
        source="SEEDS S3, L29-L32",
        items=(
            Item(
                code="work-authorisation",
                title=_("Check staff work authorisation"),
                asks=_("of everyone whose recorded authorisation has an end date, by that date alone"),
                source="S3 L29; FACTS B6.2",
                judge=judge_work_authorisation,
            ),
            Item(
                code="equipment-origin",
                title=_("Assess equipment origin"),
                asks=_("parts that may be subject to export controls"),
                source="S3 L30; FACTS C1",
                judge=judge_equipment_origin,
            ),
            Item(
                code="supply-channels",
                title=_("Build backup supply channels"),
                asks=_("suppliers in several countries or regions"),
                source="S3 L31",
                judge=judge_supply_channels,
            ),
            Item(
                code="management",
                title=_("Strengthen compliance management"),
                asks=_("people, evidence and practice"),
                source="S3 L32",
                judge=judge_compliance_management,
            ),
        ),
    ),
    Template(
        code="supply-strategy",
        title=_("Supply strategy"),
        version=1,
        source="SEEDS S3, L17-L20",
        items=(
            Item(
                code="alternative-suppliers",
                title=_("Find alternative suppliers"),
                asks=_("makers in more than one country"),
                source="S3 L17",
                judge=judge_alternative_suppliers,
            ),
            Item(
                code="own-repair",
                title=_("Build repair capability of our own"),
                asks=_("less dependence on makers' repair centres"),
                source="S3 L18",
                judge=judge_own_repair,
            ),
            Item(
                code="domestic-machines",
                title=_("Invest in domestic machines"),
                asks=_("support of mining hardware projects at home"),
                source="S3 L19",
                judge=by_person("domestic-machines"),
            ),
            Item(
                code="spread",
                title=_("Spread over countries"),
                asks=_("part of the mining elsewhere"),
                source="S3 L20",
                judge=judge_spread,
            ),
        ),
    ),
    Template(
        code="regulation",
        title=_("Five families of regulation"),
        version=1,
        source="SEEDS S3, L13",
        items=(
            Item(
                code="immigration",
                title=_("Immigration law"),
                asks=_("dates on record, and what counsel says of them"),
                source="S3 L13 (a)",
                judge=both(judge_work_authorisation, by_person("immigration")),
            ),
            Item(
                code="export",
                title=_("Technology export regulations"),
                asks=_("origin of parts, and what counsel says of dealings"),
                source="S3 L13 (b)",
                judge=both(judge_equipment_origin, by_person("export")),
            ),
            Item(
                code="land-use",
                title=_("Land-use rules"),
                asks=_("zoning and permits of the site"),
                source="S3 L13 (c)",
                judge=by_person("land-use"),
            ),
            Item(
                code="energy",
                title=_("Energy and emission standards"),
                asks=_("registration, reports and generator permits"),
                source="S3 L13 (d)",
                judge=by_person("energy"),
            ),
            Item(
                code="noise",
                title=_("Local noise control"),
                asks=_("limits at the property line and readings"),
                source="S3 L13 (e)",
                judge=by_person("noise"),
            ),
        ),
    ),
)


def template_of(code: str) -> Template:
    """The checklist with this code.

    Raises: Refusal, naming those there are.
    """
    found = next((row for row in TEMPLATES if row.code == code), None)
    if found is None:
        raise Refusal(
            str(_("“%(code)s” is not a checklist. Choose one of: %(codes)s."))
            % {"code": code, "codes": ", ".join(row.code for row in TEMPLATES)}
        )
    return found
