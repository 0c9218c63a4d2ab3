"""Every rule that opens a finding, as one table; the same table makes the page of rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.findings.party_rules import (
    judge_embargo,
    judge_listed_at_sites,
    judge_listed_owners,
    judge_owned_parties,
    judge_regimes,
    judge_unknown_territory,
)
from compliance.findings.site_rules import (
    judge_checklist_gaps,
    judge_listed_origin,
    judge_over_commitment,
    judge_stale_lists,
    judge_unknown_draw,
    judge_unknown_origin,
)
from compliance.findings.staff_rules import (
    judge_admissions,
    judge_attestations,
    judge_i9,
    judge_receipts,
    judge_work_authorisation,
)
from compliance.findings.values import DayFacts, Found


@dataclass(frozen=True)
class Rule:
    """One rule: what it looks at, on whose authority, and the function that judges a day's facts."""

    code: str
    title: str | Promise
    judges: str | Promise
    standings: str | Promise
    authority: str
    source: str
    judge: Callable[[DayFacts], Iterable[Found]]
    version: int = 1


RULES: tuple[Rule, ...] = (
    Rule(
        code="listed-host",
        title=_("A party at a site is on a list"),
        judges=_("host, landlord, power supplier and contractor of each site, by number and name"),
        standings=_("blocked pending counsel by number, review by name"),
        authority="the list's own programme, such as EO 14024",
        source="editions of published lists; FACTS A1",
        judge=judge_listed_at_sites,
    ),
    Rule(
        code="listed-owner",
        title=_("An owner or payee is on a list"),
        judges=_("every other party, with the machines it owns"),
        standings=_("blocked pending counsel by number, review by name"),
        authority="the list's own programme, such as EO 14024",
        source="editions of published lists; FACTS A1",
        judge=judge_listed_owners,
    ),
    Rule(
        code="owned-by-listed",
        title=_("Listed parties own half or more of a party"),
        judges=_("stakes of the day, by cascade, per regime"),
        standings=_("blocked pending counsel, review when close, unknown while a share is not shown"),
        authority="OFAC guidance of 2014-08-13, FAQs 398-402",
        source="stakes on record; FACTS A4",
        judge=judge_owned_parties,
    ),
    Rule(
        code="embargoed-territory",
        title=_("A site stands in an embargoed territory"),
        judges=_("country and region of each site against the measures of the day"),
        standings=_("blocked pending counsel"),
        authority="the measure's own, such as 31 CFR 560",
        source="table of regimes; FACTS A3",
        judge=judge_embargo,
    ),
    Rule(
        code="regime-review",
        title=_("A site stands under a measure short of an embargo"),
        judges=_("country and region of each site against the measures of the day"),
        standings=_("review"),
        authority="the measure's own, such as EO 14066",
        source="table of regimes; FACTS A3",
        judge=judge_regimes,
    ),
    Rule(
        code="territory-unknown",
        title=_("Where a site stands is not recorded exactly enough"),
        judges=_("sites without country, or without region where regions are under measures"),
        standings=_("unknown"),
        authority="none: this is about our own record",
        source="table of regimes; FACTS A3",
        judge=judge_unknown_territory,
    ),
    Rule(
        code="work-authorisation",
        title=_("Work authorisation ends or has ended"),
        judges=_("the recorded end date, the same for everybody who has one"),
        standings=_("watch from 180 days before, review after, unknown without a record"),
        authority="8 CFR 274a.2(b)(1)(vii)",
        source="dates on record; FACTS B2, B4, B5, B8",
        judge=judge_work_authorisation,
    ),
    Rule(
        code="admit-until",
        title=_("The recorded admit-until date is near or past"),
        judges=_("the date of Form I-94, which is not the visa's"),
        standings=_("watch from 180 days before, review after"),
        authority="8 CFR 214.1",
        source="dates on record; FACTS B2, B8",
        judge=judge_admissions,
    ),
    Rule(
        code="form-i9",
        title=_("A section of Form I-9 is late"),
        judges=_("first day of work and the days on which sections were completed, own employees only"),
        standings=_("review"),
        authority="8 CFR 274a.2(b)(1)(i)-(ii)",
        source="dates on record; FACTS B5",
        judge=judge_i9,
    ),
    Rule(
        code="receipt",
        title=_("A receipt shown for a document runs out"),
        judges=_("receipts not yet replaced by the document"),
        standings=_("watch from 15 days before, review after"),
        authority="8 CFR 274a.2(b)(1)(vi)",
        source="dates on record; FACTS B5, B8",
        judge=judge_receipts,
    ),
    Rule(
        code="contractor-attestation",
        title=_("A contractor's attestation is missing or lapsed"),
        judges=_("each contractor on a site: the day its attestation ends and the day its roster changed"),
        standings=_("watch from 30 days before, review after"),
        authority="INA 274A(a)(4); 8 CFR 274a.1(l)",
        source="attestations on record; FACTS B7, B8",
        judge=judge_attestations,
    ),
    Rule(
        code="component-origin",
        title=_("Parts come from a listed group"),
        judges=_("families of control boards and series of hash chips, counted in parts and machines"),
        standings=_("review"),
        authority="15 CFR 744.11; the entry of the Entity List",
        source="records of origin and of miners; FACTS C1, C5, C6",
        judge=judge_listed_origin,
    ),
    Rule(
        code="origin-unknown",
        title=_("The origin of control boards is unknown"),
        judges=_("boards nobody has declared or shown, and records made stale by a swap"),
        standings=_("unknown"),
        authority="15 CFR 744.11",
        source="records of origin; FACTS C5, C7",
        judge=judge_unknown_origin,
    ),
    Rule(
        code="over-commitment",
        title=_("More is promised than is energized"),
        judges=_("contracted and installed watts against energized watts"),
        standings=_("review"),
        authority="none: this is about our own contracts",
        source="contracts and site records",
        judge=judge_over_commitment,
    ),
    Rule(
        code="drawn-unknown",
        title=_("What a site draws is unknown"),
        judges=_("sites with machines and no metered or reported watts"),
        standings=_("unknown"),
        authority="none: this is about our own record",
        source="site records",
        judge=judge_unknown_draw,
    ),
    Rule(
        code="list-stale",
        title=_("A list has had no new edition for long"),
        judges=_("the day of the newest edition loaded"),
        standings=_("watch"),
        authority="the list's publisher",
        source="editions of published lists; FACTS A6",
        judge=judge_stale_lists,
    ),
    Rule(
        code="checklist-gap",
        title=_("A checklist item is open"),
        judges=_("the newest run of each checklist at each site"),
        standings=_("review, watch or unknown, as the item stands"),
        authority="none: this is our own practice",
        source="checklist runs; SEEDS S3",
        judge=judge_checklist_gaps,
    ),
)


def judge_all(facts: DayFacts) -> tuple[Found, ...]:
    """What every rule finds in the facts of a day, each subject once a rule."""
    found: dict[tuple[str, str, str], Found] = {}
    for rule in RULES:
        for row in rule.judge(facts):
            found.setdefault((row.rule, row.subject_kind, row.subject_key), row)
    return tuple(found.values())
