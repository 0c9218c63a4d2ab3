from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from fleet.sites.models import Site
from kit.questions import Question, Row


@dataclass(frozen=True)
class SitePower:
    """A site's megawatts and machines at the end of a day.

    Shape: the plate's and drawn figures are today's, for no earlier ones are kept; None is unknown.
    """

    site_id: int
    code: str
    name: str
    locality: str
    country: str
    region: str
    nameplate_w: int | None
    energized_w: int | None
    installed_w: int
    drawn_w: int | None
    drawn_basis: str
    machines: int
    ghs: int
    is_synthetic: bool
    drawn_at: datetime | None
    owner_ids: frozenset[int] = field(repr=False)

    @property
    def owners(self) -> int:
        """How many different owners have machines here."""
        return len(self.owner_ids)


SITES = """
select site.id, site.code, site.name, site.locality, site.country, site.region, site.nameplate_w,
    site.energized_w, coalesce(held.power_w, 0)::bigint installed_w, site.drawn_w, site.drawn_basis,
    coalesce(held.machines, 0)::bigint machines, coalesce(held.ghs, 0)::bigint ghs,
    site.is_synthetic, site.drawn_at, coalesce(held.owner_ids, '{{}}') owner_ids
from fleet_site site left join ({held}) held on held.site_id = site.id
where (%(sites)s::bigint[] is null or site.id = any(%(sites)s))
    and (held.machines > 0
        or (coalesce(site.opened_on <= %(day)s, true) and coalesce(site.closed_on > %(day)s, true)))
order by site.name
"""
# The tables of the miners' room stand above this room; they are read by name, its code is not imported.
TODAY = """
select site_id, sum(machines) machines, sum(power_w) power_w, sum(ghs) ghs,
    array_agg(owner_id) filter (where owner_id > 0) owner_ids
from fleet_holding where machines <> 0 group by site_id
"""
ON_A_DAY = """
select site_id, sum(machines) machines, sum(power_w) power_w, sum(ghs) ghs,
    array_agg(owner_id) filter (where owner_id > 0) owner_ids
from fleet_owners_at(%(day)s, %(sites)s::bigint[]) group by site_id
"""
WITHOUT_OWNERS = """
select site_id, sum(machines) machines, sum(power_w) power_w, sum(ghs) ghs, null::bigint[] owner_ids
from fleet_models_at(%(day)s, %(sites)s::bigint[]) group by site_id
"""


def power_of_sites(day: date, site_ids: Collection[int] | None = None) -> list[SitePower]:
    """Every site that is open on the day or holds machines: today's by summary, other days' by moves."""
    return power_question(day, site_ids).answer


def power_question(
    day: date, site_ids: Collection[int] | None = None, *, with_owners: bool = True
) -> Question[list[SitePower]]:
    """The same, to be asked together with other questions; without owners a past day costs a fifth."""
    past = ON_A_DAY if with_owners else WITHOUT_OWNERS
    held = TODAY if with_owners and day == timezone.now().date() else past
    asked = {"day": day, "sites": None if site_ids is None else list(site_ids)}
    return Question(SITES.format(held=held), asked, lambda rows: [_power(row) for row in rows])


def _power(row: Row) -> SitePower:
    *figures, drawn_at, owner_ids = row
    told_at = datetime.fromisoformat(drawn_at) if drawn_at else None
    return SitePower(*[*figures, told_at, frozenset(owner_ids)])


def site_list() -> QuerySet[Site]:
    """Sites with `machines` and `installed_w` as they stand, in one query."""
    total = (
        "coalesce((select sum({what}) from fleet_holding held where held.site_id = fleet_site.id), 0)::bigint"
    )
    return Site.objects.annotate(
        machines=RawSQL(total.format(what="machines"), []),
        installed_w=RawSQL(total.format(what="power_w"), []),
    )
