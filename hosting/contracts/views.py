from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from fleet.sites.models import Site
from fleet.sites.power import PlacePower, power_of_places
from hosting.contracts.power import customers_at
from hosting.contracts.reads import SiteCapacity, site_capacity
from kit.accounts.gates import needs

SHOWN_CUSTOMERS = 200


@needs("hosting.view")
def site_power(request: HttpRequest, code: str) -> HttpResponse:
    """The power of a site, its feeds, its buildings and its customers, from nameplate to headroom."""
    site = get_object_or_404(Site, code=code)
    places, customers = power_of_places(site), customers_at(site)
    row = next(iter(site_capacity(timezone.now().date(), [site.pk])), None)
    context = {
        "title": _("Power of %(site)s") % {"site": site.name},
        "site": site,
        "groups": _groups(places.feeds, places.buildings, places.unracked),
        "whole": places.site,
        "contracted_w": row.contracted_w if row else None,
        "headroom_w": _headroom(row),
        "customers": customers[:SHOWN_CUSTOMERS],
        "customers_in_all": len(customers),
        "is_synthetic": site.is_synthetic,
    }
    return render(request, "hosting/site_power.html", admin.site.each_context(request) | context)


def _groups(
    feeds: tuple[PlacePower, ...], buildings: tuple[PlacePower, ...], unracked: PlacePower
) -> list[tuple[str, list[PlacePower]]]:
    halls = [*buildings, unracked] if unracked.machines else list(buildings)
    return [(_("Feeds"), list(feeds)), (_("Buildings"), halls)]


def _headroom(row: SiteCapacity | None) -> int | None:
    return row.headroom_w if row else None
