"""What each customer has contracted at a site, and what of it is installed and runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from fleet.sites.drawn import COLUMNS, FRESH, TOLD, Drawn, drawn_words
from fleet.sites.models import DrawnBasis, Site


@dataclass(frozen=True)
class CustomerPower:
    """One customer's power at one site; contracted watts are unknown where a contract does not name them.

    Shape: headroom is contracted less installed; a negative one is more than was contracted. Drawn is what
        the machines told lately, or the plates of those that run and never told anything. A machine without
        an owner counts under a line of its own.
    Units: watts.
    """

    site_code: str
    party_id: int | None
    number: str
    name: str
    contracted_w: int | None
    installed_w: int
    drawn_w: int | None
    machines: int
    drawn_basis: str
    drawn_at: datetime | None

    @property
    def headroom_w(self) -> int | None:
        return None if self.contracted_w is None else self.contracted_w - self.installed_w

    @property
    def drawn_words(self) -> str:
        """How the drawn figure is known, and as of when."""
        return drawn_words(self.drawn_basis, self.drawn_at)


DRAWN = "running, fresh, reporting, reported_w, assumed, assumed_w, newest_at"
CUSTOMERS = f"""
with promised as (
    select party.owner_id, party.id as party_id, party.number, party.name,
        case when count(*) = count(contract.contracted_w) then sum(contract.contracted_w)::bigint end as watts
    from hosting_contract contract join hosting_party party on party.id = contract.party_id
    where contract.site_id = %(site)s and contract.kind = 'hosting'
        and contract.from_on <= %(day)s and (contract.to_on is null or contract.to_on > %(day)s)
    group by party.id
), standing (owner_id, machines, installed, {DRAWN}) as (
    select owner_id, count(*), sum(miner.power_w)::bigint, {COLUMNS}
    from fleet_miner miner {TOLD} where site_id = %(site)s group by owner_id
)
select promised.party_id, coalesce(promised.number, owner.number), coalesce(promised.name, owner.name),
    promised.watts, coalesce(standing.installed, 0), coalesce(standing.machines, 0), {DRAWN}
from promised full join standing on standing.owner_id = promised.owner_id
left join fleet_owner owner on owner.id = standing.owner_id
order by coalesce(standing.installed, 0) desc, 2
"""


def customers_at(site: Site) -> list[CustomerPower]:
    """Every customer with a contract or a machine at a site as it stands, largest first, in one query."""
    now = timezone.now()
    given: dict[str, Any] = {"site": site.pk, "day": now.date(), "fresh": now - FRESH}
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, given)
        rows = cursor.fetchall()
    return [_customer(site, *row) for row in rows]


def _customer(
    site: Site,
    party_id: int | None,
    number: str | None,
    name: str | None,
    contracted_w: int | None,
    installed_w: int,
    machines: int,
    *figures: Any,
) -> CustomerPower:
    drawn = Drawn(*figures) if figures[0] else Drawn()
    return CustomerPower(
        site.code,
        party_id,
        number or "–",
        name or _("no owner recorded"),
        contracted_w,
        installed_w,
        drawn.drawn_w if drawn.machines else 0,
        machines,
        drawn.basis.value if drawn.machines else DrawnBasis.NAMEPLATE.value,
        drawn.at,
    )
