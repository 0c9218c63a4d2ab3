"""Gates 1 and 2: what is to be sold, whose it is, and that it stays where it is."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fleet.miners.verbs import place_hold
from fleet.sites.models import Site
from hosting.liquidation.gates import passing
from hosting.liquidation.models import Basis, Liquidation, ScopeItem
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.asof import end_of
from kit.errors import Refusal
from kit.money import currency_exponent
from kit.trail.verbs import record

# Machines that stood at the site when the day ended, by the stays that say so.
FREEZE = """
insert into hosting_scopeitem (case_id, miner_id, model_id, party_id, power_w, ghs, is_exportable)
select %(case)s, s.miner_id, s.model_id, p.id, s.power_w, s.ghs, m.is_exportable
from fleet_stay s join fleet_miner m on m.id = s.miner_id join hosting_party p on p.owner_id = s.owner_id
where s.site_id = %(site)s and s.from_at < %(moment)s and (s.to_at is null or s.to_at >= %(moment)s)
order by m.serial
"""
WITHOUT_A_PARTY = """
select count(*), min(m.serial) from fleet_stay s join fleet_miner m on m.id = s.miner_id
left join hosting_party p on p.owner_id = s.owner_id
where s.site_id = %(site)s and s.from_at < %(moment)s and (s.to_at is null or s.to_at >= %(moment)s)
    and p.id is null
"""


@transaction.atomic
def open_case(
    *,
    number: str,
    title: str,
    site: Site,
    as_of: date,
    currency: str = "USD",
    basis: str = Basis.APPRAISED,
    by: User | None,
    at: datetime | None = None,
    is_synthetic: bool = False,
) -> Liquidation:
    """Open a case for a site; whoever opens it prepares it and cannot approve it.

    Raises: Refusal for a taken number, a second open case of the site, or an unknown basis.
    """
    if by is not None:
        require(by, "liquidation.prepare")
    currency_exponent(currency)
    if basis not in Basis.values:
        raise Refusal(_("“%(basis)s” is not a basis of shares.") % {"basis": basis})
    if not number.strip() or not title.strip():
        raise Refusal(_("A case needs a number and a title."))
    Site.objects.select_for_update().get(pk=site.pk)
    if Liquidation.objects.filter(number=number).exists():
        raise Refusal(_("The case number %(number)s is taken.") % {"number": number})
    standing = Liquidation.objects.filter(site=site).exclude(status="closed").first()
    if standing is not None:
        raise Refusal(
            _("%(site)s has an open case already, %(number)s.") % {"site": site, "number": standing.number}
        )
    case = Liquidation.objects.create(
        number=number,
        title=title,
        site=site,
        as_of=as_of,
        currency=currency,
        basis=basis,
        prepared_by=by,
        opened_at=at or timezone.now(),
        is_synthetic=is_synthetic,
    )
    record("liquidation.opened", case, by=by, detail={"site": site.code, "as_of": as_of, "basis": basis})
    return case


def freeze_scope(case: Liquidation, *, by: User | None, on_day: date | None = None) -> int:
    """Freeze the machines that stood at the site when the case's day ended, with owners, watts and hashrate.

    Raises: Refusal if there are none, or if a machine's owner is not known as a party.
    """
    with passing(case, "freeze_scope", on_day=on_day or case.as_of, by=by) as passage:
        named: dict[str, int | datetime] = {
            "case": case.pk,
            "site": passage.case.site_id,
            "moment": end_of(passage.case.as_of),
        }
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_A_PARTY, named)
            nameless, first = cursor.fetchone()
            if nameless:
                raise Refusal(
                    _(
                        "%(count)d machines have no owner that is registered as a party, the first is "
                        "%(serial)s. Register the owners, then freeze."
                    )
                    % {"count": nameless, "serial": first},
                    where=case.number,
                )
            cursor.execute(FREEZE, named)
            machines: int = cursor.rowcount
        if not machines:
            raise Refusal(
                _("No machine stood at %(site)s on %(day)s.") % {"site": case.site, "day": case.as_of},
                where=case.number,
            )
        items = ScopeItem.objects.filter(case=case)
        passage.detail = {
            "machines": machines,
            "owners": items.values("party_id").distinct().count(),
            "exportable": items.filter(is_exportable=True).count(),
        }
    return machines


def hold_site(
    case: Liquidation,
    *,
    by: User | None,
    on_day: date,
    evidence: str,
    authority: str = "",
    at: datetime | None = None,
) -> None:
    """Stop every move and change of owner at the site while the case runs."""
    with passing(case, "hold_site", on_day=on_day, by=by, evidence=evidence) as passage:
        # The act was asked for above; the fleet's own act is not one of finance.
        reason = _("Liquidation %(number)s: %(evidence)s") % {"number": case.number, "evidence": evidence}
        hold = place_hold(passage.case.site, reason=reason[:300], authority=authority, by=None, at=at)
        passage.detail = {"hold": hold.pk, "authority": authority}
