"""One site as a frozen value: its power, what touches it, who is there and on what terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.exposure.facts import FactQuestions, LawQuestions, fact_questions, law_questions
from compliance.exposure.reads import measured
from compliance.exposure.values import Exposure, Reason, SiteExposure
from compliance.findings.models import Finding
from compliance.overview import inbox
from compliance.overview.capacity import bullet_of, gravest_state, place_of, rungs
from compliance.overview.dates import state_of_date
from compliance.overview.racks import Place, rack_maps, slots_question
from compliance.overview.reads import (
    case_doors,
    case_words,
    cases_question,
    hold_notices,
    holds_question,
)
from compliance.overview.touched import STATE_OF, blocked_notices, blocked_sites, state_of_site
from compliance.overview.values import (
    ContractLine,
    ContractorLine,
    HoldLine,
    Line,
    Notice,
    PartyLine,
    SitePage,
)
from compliance.workforce.models import Contractor
from fleet.miners.models import MoveHold
from fleet.sites.models import Site
from hosting.contracts.models import Contract, SiteParty
from hosting.contracts.reads import CapacityQuestions, SiteCapacity, capacity_questions, site_capacity
from hosting.liquidation.models import CaseStatus, Liquidation
from kit.accounts.models import User
from kit.asof import days_at, parse_day
from kit.errors import Refusal
from kit.look.doors import door
from kit.questions import Question, ask, instances
from kit.units import format_count, format_date

SHOWN_CONTRACTS = 7


@dataclass(frozen=True)
class Asked:
    """What the page of a site asks for a reader, all in one query; what this reader may not see is none."""

    capacity: CapacityQuestions
    facts: FactQuestions | None
    law: LawQuestions | None
    findings: Question[list[Finding]] | None
    holds: Question[list[MoveHold]]
    cases: Question[list[Liquidation]] | None
    slots: Question[list[Place]]
    parties: Question[list[SiteParty]] | None
    contracts: Question[list[Contract]] | None
    contractors: Question[list[Contractor]] | None

    @classmethod
    def by(cls, reader: User, site: Site, day: date) -> "Asked":
        """Ask what this reader may see of a site on a day."""
        capacity, here = capacity_questions(day, [site.pk]), [site.pk]
        may_judge, may_deal = reader.may("compliance.view"), reader.may("hosting.view")
        asked = cls(
            capacity=capacity,
            facts=fact_questions(day, here, capacity) if may_judge else None,
            law=law_questions(day) if may_judge else None,
            findings=inbox.findings_question(day, site.pk) if may_judge else None,
            holds=holds_question(day, site.pk),
            cases=cases_question(day, site.pk) if reader.may("money.view") else None,
            slots=slots_question(site.pk),
            parties=_parties_question(site, day) if may_deal else None,
            contracts=_contracts_question(site, day) if may_deal else None,
            contractors=_contractors_question(site, day) if reader.may("workforce.view") else None,
        )
        alone = (asked.findings, asked.holds, asked.cases, asked.slots, asked.parties, asked.contracts)
        ask(*capacity, *(asked.facts or ()), *(asked.law or ()), *alone, asked.contractors)
        return asked


def site_page(site: Site, day: date, reader: User) -> SitePage:
    """Everything one site's page shows of a day to this reader.

    Raises: Refusal for a day on which the site was closed or not open yet and empty.
    """
    asked = Asked.by(reader, site, day)
    row = next(iter(site_capacity(day, asked=asked.capacity)), None)
    if row is None:
        raise Refusal(_("%(site)s was not open on %(day)s.") % {"site": site.name, "day": format_date(day)})
    exposure, refusal = _exposure(day, asked)
    touched = exposure.rows[0] if exposure and exposure.rows else None
    findings = asked.findings.answer if asked.findings else None
    contracts = asked.contracts.answer if asked.contracts else None
    contracts_in_all = contracts[0].in_all if contracts else 0  # type: ignore[attr-defined]
    holds, cases = asked.holds.answer, asked.cases.answer if asked.cases else []
    maps, rack_note = rack_maps(asked.slots.answer)
    return SitePage(
        day=day,
        site_id=site.pk,
        code=site.code,
        name=site.name,
        place=", ".join(part for part in (site.locality, place_of(row.power)) if part),
        caption=_caption(site, row),
        state="" if findings is None else _state(touched, findings),
        rungs=rungs(row, None if contracts is None else contracts_in_all),
        scale_w=bullet_of(row, day).scale_w,
        machines=row.power.machines,
        racks=maps,
        rack_note=rack_note,
        holds=tuple(_hold(hold) for hold in holds),
        notices=_notices(exposure, refusal, holds, cases, reader),
        tabs=tuple(_tabs(site, row, day, reader)),
        findings=None
        if findings is None
        else inbox.finding_lines(findings, day, may_see_people=reader.may("workforce.view")),
        findings_url=inbox.inbox_door(site_id=site.pk),
        parties=_parties(asked.parties.answer, touched) if asked.parties else None,
        contracts=None if contracts is None else tuple(_contract(each) for each in contracts),
        contracts_in_all=contracts_in_all,
        contractors=_contractors(asked.contractors.answer, day) if asked.contractors else None,
        cases=tuple(_case(case) for case in cases) if asked.cases else None,
        facts=_facts(site),
        is_synthetic=site.is_synthetic or bool(exposure and exposure.is_synthetic),
    )


def _exposure(day: date, asked: Asked) -> tuple[Exposure | None, str]:
    if asked.facts is None or asked.law is None:
        return None, ""
    try:
        return measured(day, asked.facts, day, asked.law), ""
    except Refusal as refusal:
        return None, refusal.message


def _state(touched: SiteExposure | None, findings: Iterable[Finding]) -> str:
    return gravest_state(state_of_site(touched), *(row.standing for row in findings))


def _notices(
    exposure: Exposure | None, refusal: str, holds: list[MoveHold], cases: list[Liquidation], reader: User
) -> tuple[Notice, ...]:
    if exposure is None:
        known = hold_notices(holds)
        return (
            (*known, Notice("unknown", _("Exposure is not known on this day."), refusal))
            if refusal
            else known
        )
    held = {hold.site_id for hold in holds if hold.site_id is not None}
    going = [case for case in cases if case.status != CaseStatus.CLOSED]
    return blocked_notices(exposure, blocked_sites(exposure), case_doors(going, reader), held)


def _caption(site: Site, row: SiteCapacity) -> str:
    host = _("Host: %(name)s") % {"name": row.host.name} if row.host else _("Host not recorded")
    owners = ngettext("%(n)s owner", "%(n)s owners", row.power.owners) % {"n": format_count(row.power.owners)}
    return " · ".join((host, site.region or site.country, site.time_zone, owners))


def _tabs(site: Site, row: SiteCapacity, day: date, reader: User) -> Iterable[tuple[str, str]]:
    yield (
        _("Miners %(n)s") % {"n": format_count(row.power.machines)},
        door("admin:fleet_miner_changelist", site__id__exact=site.pk),
    )
    if reader.may("hosting.view"):
        yield _("Power"), door("operator:site_power", site.code)
        yield _("Contracts"), door("admin:hosting_contract_changelist", site__id__exact=site.pk)
    if reader.may("workforce.view"):
        yield _("People"), door("operator:workforce", site=site.code)
    if reader.may("compliance.view"):
        yield _("Exposure"), door("operator:exposure", as_of=day)
        yield _("Origin"), door("operator:origin", site=site.code)
        yield _("Checklists"), door("operator:checklists", site=site.code)
    if reader.may("fleet.edit"):
        yield _("Edit"), door("admin:fleet_site_change", site.pk)


def _hold(hold: MoveHold) -> HoldLine:
    about = _("the whole site") if hold.site_id is not None else str(hold.miner)
    return HoldLine(about, hold.reason, hold.authority, hold.placed_at.date())


def _parties_question(site: Site, day: date) -> Question[list[SiteParty]]:
    roles = SiteParty.objects.filter(days_at(day), site=site).order_by("role", "from_on")
    return instances(roles, "party", shape=list)


def _parties(roles: Iterable[SiteParty], touched: SiteExposure | None) -> tuple[PartyLine, ...]:
    reasons: dict[str, Reason] = {}
    for reason in touched.reasons if touched else ():
        reasons.setdefault(reason.party_number, reason)
    return tuple(_party(row, reasons.get(row.party.number), touched is not None) for row in roles)


def _party(row: SiteParty, reason: Reason | None, is_judged: bool) -> PartyLine:
    return PartyLine(
        name=row.party.name,
        number=row.party.number,
        role=str(row.get_role_display()).capitalize(),
        since=row.from_on,
        until=row.to_on,
        state=STATE_OF[reason.standing] if reason else "fine" if is_judged else "",
        sentence=f"{reason.source} · {reason.citation}" if reason else "",
        url=door("admin:hosting_party_change", row.party_id),
        is_synthetic=row.party.is_synthetic,
    )


def _contracts_question(site: Site, day: date) -> Question[list[Contract]]:
    """The largest of those in force, each with how many there are `in_all`."""
    found = Contract.objects.filter(days_at(day), site=site).annotate(in_all=Window(Count("pk")))
    largest_first = found.order_by(F("contracted_w").desc(nulls_last=True), "number")
    return instances(largest_first[:SHOWN_CONTRACTS], "party", shape=list)


def _contract(row: Contract) -> ContractLine:
    return ContractLine(
        number=row.number,
        party=row.party.name,
        kind=str(row.get_kind_display()),
        contracted_w=row.contracted_w,
        from_on=row.from_on,
        to_on=row.to_on,
        url=door("admin:hosting_contract_change", row.pk),
    )


def _contractors_question(site: Site, day: date) -> Question[list[Contractor]]:
    """Those at work, with `people` and the text of the day `attested_until`."""
    at_work = Q(workers__ended_on__isnull=True) | Q(workers__ended_on__gt=day)
    found = Contractor.objects.filter(days_at(day), site=site).annotate(
        people=Count("workers", filter=at_work, distinct=True),
        attested_until=Max("attestations__expires_on", filter=Q(attestations__signed_on__lte=day)),
    )
    return instances(found.order_by("party__name"), "party", "site", shape=list)


def _contractors(found: Iterable[Contractor], day: date) -> tuple[ContractorLine, ...]:
    return tuple(_contractor(row, day) for row in found)


def _contractor(row: Contractor, day: date) -> ContractorLine:
    people, attested_until = row.people, row.attested_until  # type: ignore[attr-defined]
    until = parse_day(attested_until) if attested_until else None
    if until is None:
        state, words = "unknown", _("no attestation recorded")
    elif until < day:
        state, words = "review", _("lapsed %(day)s") % {"day": format_date(until)}
    else:
        near = state_of_date(until, day)
        state, words = (
            ("watch" if near == "watch" else "fine"),
            _("until %(day)s") % {"day": format_date(until)},
        )
    return ContractorLine(
        name=row.party.name,
        scope=row.scope,
        people=people,
        state=state,
        attested=words,
        url=door("operator:workforce", site=row.site.code),
        is_synthetic=row.is_synthetic or row.party.is_synthetic,
    )


def _case(case: Liquidation) -> Line:
    state = "fine" if case.status == CaseStatus.CLOSED else "going"
    return Line(
        state, case.number, f"{case.title} · {case_words(case)}", door("operator:liquidation", case.number)
    )


def _facts(site: Site) -> tuple[tuple[str, str], ...]:
    found = (
        (_("Source"), site.source),
        (_("Confidence"), str(site.get_confidence_display())),
        (_("Open since"), format_date(site.opened_on)),
        (_("Drawn as of"), format_date(site.drawn_at.date()) if site.drawn_at else format_date(None)),
    )
    return tuple((name, value or format_date(None)) for name, value in found)
