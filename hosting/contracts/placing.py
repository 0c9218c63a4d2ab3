"""Machines come under contract by the set, never one by one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fleet.miners.models import Miner
from fleet.sites.commitment import accepted, refuse_overcommitment
from fleet.sites.models import Site
from hosting.contracts.models import Contract, ContractKind
from kit.accounts.models import User
from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.trail.verbs import record
from kit.units import format_power

WANTED = "create temp table wanted_placement (miner_id bigint, contract_id bigint) on commit drop"
# A machine that already stands under the wanted contract is left as it is; the others' open placement ends.
END_OTHERS = """
update hosting_placement p set to_at = %(at)s from wanted_placement w
where p.miner_id = w.miner_id and p.to_at is null and p.contract_id <> w.contract_id
"""
BEGIN = """
insert into hosting_placement (miner_id, contract_id, from_at)
select w.miner_id, w.contract_id, %(at)s from wanted_placement w
where not exists (select from hosting_placement p where p.miner_id = w.miner_id and p.to_at is null)
"""


# What would draw under each contract that names its watts; the contracts' rows are locked before.
OVER = """
select contract.number, contract.contracted_w,
    coalesce(sum(miner.power_w) filter (where placed.is_there), 0)::bigint,
    sum(miner.power_w) filter (where not placed.is_there)::bigint
from (
    select w.contract_id, w.miner_id, exists (select from hosting_placement p where p.miner_id = w.miner_id
        and p.to_at is null and p.contract_id = w.contract_id) as is_there
    from wanted_placement w
    union all
    select p.contract_id, p.miner_id, true from hosting_placement p
    where p.to_at is null and p.contract_id in (select contract_id from wanted_placement)
        and not exists (select from wanted_placement w where w.miner_id = p.miner_id)
) placed join fleet_miner miner on miner.id = placed.miner_id
join hosting_contract contract on contract.id = placed.contract_id
group by contract.id having sum(miner.power_w) > contract.contracted_w and not bool_and(placed.is_there)
order by contract.number
"""


@transaction.atomic
def place_miners(
    contract: Contract,
    miners: Iterable[Miner | int],
    *,
    by: User | None,
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> int:
    """Bring machines under a hosting contract from an instant on; returns how many were not under it before.

    Raises: Refusal if the contract is none of hosting, is not in force, a machine is another owner's, or they
        would draw more than was contracted and that is not accepted with a reason.
    """
    if by is not None:
        require(by, "hosting.edit")
    at = at or timezone.now()
    ids = [miner.pk if isinstance(miner, Miner) else miner for miner in miners]
    _check_contract(contract, at)
    _check_owners(contract, ids)
    with connection.cursor() as cursor:
        cursor.execute(WANTED)
        cursor.execute("insert into wanted_placement select unnest(%s::bigint[]), %s", [ids, contract.pk])
    over = _overcommitment()
    refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
    placed = _place(at)
    detail = {"machines": placed, "at": at} | accepted(over, reason)
    record("contract.miners_placed", contract, by=by, detail=detail)
    return placed


@transaction.atomic
def place_by_owner(
    site: Site,
    *,
    by: User | None,
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> int:
    """Bring every machine of a site under its owner's hosting contract there; returns how many moved.

    Shape: an owner's contract is the one in force at the instant, the newest if there are several.

    Raises: Refusal if a contract's machines would draw more than it names and that is not accepted.
    """
    if by is not None:
        require(by, "hosting.edit")
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(WANTED)
        cursor.execute(
            """insert into wanted_placement select m.id, c.id from fleet_miner m
               join hosting_party p on p.owner_id = m.owner_id
               join lateral (select c.id from hosting_contract c
                   where c.party_id = p.id and c.site_id = m.site_id
                   and c.kind = 'hosting' and c.from_on <= %(day)s and (c.to_on is null or c.to_on > %(day)s)
                   order by c.from_on desc, c.id desc limit 1) c on true
               where m.site_id = %(site)s""",
            {"day": at.date(), "site": site.pk},
        )
    over = _overcommitment()
    refuse_overcommitment(over, is_accepted=accept_overcommitment, reason=reason)
    placed = _place(at)
    detail = {"machines": placed, "at": at} | accepted(over, reason)
    record("site.miners_placed", site, by=by, detail=detail)
    return placed


def _overcommitment() -> list[str]:
    """A sentence for each contract whose machines would draw more than it names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from hosting_contract where id in (select contract_id from wanted_placement)"
            " order by id for no key update"
        )
        cursor.execute(OVER)
        rows = cursor.fetchall()
    return [
        _(
            "%(contract)s has %(contracted)s contracted and %(standing)s placed; "
            "another %(added)s would be %(over)s too much."
        )
        % {
            "contract": number,
            "contracted": format_power(contracted_w),
            "standing": format_power(standing_w),
            "added": format_power(added_w),
            "over": format_power(standing_w + added_w - contracted_w),
        }
        for number, contracted_w, standing_w, added_w in rows
    ]


def _place(at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from fleet_miner where id in (select miner_id from wanted_placement)"
            " order by id for update"
        )
        cursor.execute(END_OTHERS, {"at": at})
        cursor.execute(BEGIN, {"at": at})
        placed: int = cursor.rowcount
        cursor.execute("drop table wanted_placement")
    return placed


def _check_contract(contract: Contract, at: datetime) -> None:
    if contract.kind != ContractKind.HOSTING:
        raise Refusal(
            _("%(contract)s takes capacity from a host; machines stand under hosting contracts.")
            % {"contract": contract}
        )
    day = at.date()
    if contract.from_on > day or (contract.to_on is not None and contract.to_on <= day):
        raise Refusal(_("%(contract)s is not in force on %(day)s.") % {"contract": contract, "day": day})


def _check_owners(contract: Contract, ids: list[int]) -> None:
    """Every machine must exist and belong to the customer of the contract."""
    found = Miner.objects.filter(pk__in=ids)
    if found.count() != len(set(ids)):
        raise Refusal(_("Some of the machines named are not known; nothing was placed."))
    owner_id = contract.party.owner_id
    foreign = found.exclude(owner_id=owner_id) if owner_id is not None else found
    count = foreign.count()
    if count:
        raise Refusal(
            _("%(count)d of the machines are not %(party)s’s, the first is %(serial)s; nothing was placed.")
            % {"count": count, "party": contract.party, "serial": foreign.order_by("serial")[0].serial}
        )
