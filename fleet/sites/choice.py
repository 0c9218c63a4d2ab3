"""Which site a page is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fleet.sites.models import Site
from kit.errors import Refusal


@dataclass(frozen=True)
class SiteChoice:
    """The sites there are, and the one that was asked for; none is all of them."""

    sites: tuple[Site, ...]
    chosen: Site | None

    @property
    def ids(self) -> list[int] | None:
        """The key of the chosen site, nothing for all sites."""
        return None if self.chosen is None else [self.chosen.pk]

    @property
    def code(self) -> str | None:
        """The code of the chosen site, for addresses."""
        return None if self.chosen is None else self.chosen.code

    def name_of(self, site_id: int) -> str:
        """The name of a site by its key."""
        return next((site.name for site in self.sites if site.pk == site_id), "")

    def code_of(self, site_id: int) -> str:
        """The code of a site by its key."""
        return next((site.code for site in self.sites if site.pk == site_id), "")

    def names_of(self, site_ids: Sequence[int]) -> str:
        """The names of several sites, each once."""
        return ", ".join(sorted({self.name_of(site_id) for site_id in site_ids}))


def all_sites() -> SiteChoice:
    """The sites there are, none of them chosen."""
    return SiteChoice(tuple(Site.objects.order_by("name")), None)


def asked_site(request: HttpRequest, name: str = "site") -> SiteChoice:
    """The site a page is asked for by its code, in one query.

    Raises: Refusal for a code that no site has.
    """
    code, sites = request.GET.get(name, "").strip(), all_sites().sites
    chosen = next((site for site in sites if code in (site.code, str(site.pk))), None) if code else None
    if code and chosen is None:
        raise Refusal(_("There is no site “%(code)s”.") % {"code": code})
    return SiteChoice(sites, chosen)
