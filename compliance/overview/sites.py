"""One site as a frozen value: its power, what touches it, who is there and on what terms."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.exposure.reads import measure
from compliance.exposure.values import Exposure, Reason, SiteExposure
from compliance.findings.models import Finding
from compliance.overview import inbox
from compliance.overview.capacity import bullet_of, gravest_state, place_of, rungs
from compliance.overview.dates import state_of_date
from compliance.overview.racks import rack_maps, slot_rows
from compliance.overview.reads import case_doors, case_words, hold_notices, holds_at, open_cases
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
from hosting.contracts.reads import SiteCapacity, site_capacity
from hosting.liquidation.models import CaseStatus, Liquidation
from kit.accounts.models import User
from kit.asof import days_at
from kit.errors import Refusal
from kit.look.doors import door
from kit.units import format_count, format_date

SHOWN_CONTRACTS = 7


def site_page(site: Site, day: date, reader: User) -> SitePage:
    """Everything one site's page shows of a day to this reader.

    Raises: Refusal for a day on which the site was closed or not open yet and empty.
    """
    row = next(iter(site_capacity(day, [site.pk])), None)
    if row is None:
        raise Refusal(_("%(site)s was not open on %(day)s.") % {"site": site.name, "day": format_date(day)})
    may_judge, may_deal = reader.may("compliance.view"), reader.may("hosting.view")
    exposure, refusal = _exposure(site, day) if may_judge else (None, "")
    touched = exposure.rows[0] if exposure and exposure.rows else None
    findings = inbox.open_findings(day, site.pk) if may_judge else None
    contracts = _contracts(site, day) if may_deal else None
    holds, cases = holds_at(day, site.pk), open_cases(day, site.pk) if reader.may("money.view") else []
    maps, rack_note = rack_maps(slot_rows(site.pk))
    return SitePage(
        day=day,
        site_id=site.pk,
        code=site.code,
        name=site.name,
        place=", ".join(part for part in (site.locality, place_of(row.power)) if part),
        caption=_caption(site, row),
        state=_state(touched, findings) if may_judge else "",
        rungs=rungs(row, None if contracts is None else len(contracts)),
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
        parties=_parties(site, day, touched) if may_deal else None,
        contracts=None if contracts is None else contracts[:SHOWN_CONTRACTS],
        contracts_in_all=len(contracts or ()),
        contractors=_contractors(site, day) if reader.may("workforce.view") else None,
        cases=tuple(_case(case) for case in cases) if reader.may("money.view") else None,
        facts=_facts(site),
        is_synthetic=site.is_synthetic or bool(exposure and exposure.is_synthetic),
    )


def _exposure(site: Site, day: date) -> tuple[Exposure | None, str]:
    try:
        return measure(day, [site.code]), ""
    except Refusal as refusal:
        return None, refusal.message


def _state(touched: SiteExposure | None, findings: Iterable[Finding] | None) -> str:
    return gravest_state(state_of_site(touched), *(row.standing for row in findings or ()))


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


def _parties(site: Site, day: date, touched: SiteExposure | None) -> tuple[PartyLine, ...]:
    rows = (
        SiteParty.objects.filter(days_at(day), site=site).select_related("party").order_by("role", "from_on")
    )
    reasons: dict[str, Reason] = {}
    for reason in touched.reasons if touched else ():
        reasons.setdefault(reason.party_number, reason)
    return tuple(_party(row, reasons.get(row.party.number), touched is not None) for row in rows)


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


def _contracts(site: Site, day: date) -> tuple[ContractLine, ...]:
    rows = Contract.objects.filter(days_at(day), site=site).select_related("party")
    largest_first = rows.order_by(F("contracted_w").desc(nulls_last=True), "number")
    return tuple(
        ContractLine(
            number=row.number,
            party=row.party.name,
            kind=str(row.get_kind_display()),
            contracted_w=row.contracted_w,
            from_on=row.from_on,
            to_on=row.to_on,
            url=door("admin:hosting_contract_change", row.pk),
        )
        for row in largest_first
    )


def _contractors(site: Site, day: date) -> tuple[ContractorLine, ...]:
    at_work = Q(workers__ended_on__isnull=True) | Q(workers__ended_on__gt=day)
    rows = (
        Contractor.objects.filter(days_at(day), site=site)
        .select_related("party", "site")
        .annotate(
            people=Count("workers", filter=at_work, distinct=True),
            attested_until=Max("attestations__expires_on", filter=Q(attestations__signed_on__lte=day)),
        )
    )
    return tuple(
        _contractor(row, row.attested_until, row.people, day) for row in rows.order_by("party__name")
    )


def _contractor(row: Contractor, until: date | None, people: int, day: date) -> ContractorLine:
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
