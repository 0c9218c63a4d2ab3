"""Which sites a report is over, and on which days, resolved once for every section."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from compliance.exposure.reads import first_fact_on, measure
from compliance.exposure.values import Exposure
from compliance.lists.models import ListedParty
from compliance.lists.reads import Designated
from fleet.sites.models import Site
from kit.errors import Refusal


@dataclass(frozen=True)
class Scope:
    """The sites by code, none for all, the day and the day compared with."""

    day: date
    compared_on: date
    codes: tuple[str, ...]
    sites: dict[int, Site]

    @property
    def site_ids(self) -> list[int] | None:
        """Ids for a read that takes none for all."""
        return sorted(self.sites) if self.codes else None

    @cached_property
    def exposure(self) -> Exposure:
        """What the fleet touches on the day."""
        return measure(self.day, self.codes or None)

    @cached_property
    def before(self) -> Exposure | None:
        """The same on the day compared with; none where nothing was recorded yet."""
        first = first_fact_on()
        if first is None or self.compared_on < first:
            return None
        return measure(self.compared_on, self.codes or None)

    @cached_property
    def designated(self) -> tuple[Designated, ...]:
        """The listed parties behind the reasons of the day, natural persons without their names."""
        found = self.exposure.designated
        persons = set(
            ListedParty.objects.filter(uid__in=[each.uid for each in found], kind="person").values_list(
                "source__code", "uid"
            )
        )
        return tuple(
            replace(each, name=_("a listed person")) if (each.source, each.uid) in persons else each
            for each in found
        )


def scope_of(day: date, codes: tuple[str, ...], compared_on: date) -> Scope:
    """The scope of a report.

    Raises: Refusal for a site nobody has recorded.
    """
    found = Site.objects.filter(code__in=codes) if codes else Site.objects.all()
    sites = {site.pk: site for site in found.order_by("name", "pk")}
    if missing := sorted(set(codes) - {site.code for site in sites.values()}):
        raise Refusal(
            _("There is no site with the code %(codes)s.") % {"codes": ", ".join(missing)}, where="sites"
        )
    return Scope(day, compared_on, tuple(sorted(codes)), sites)
