from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from compliance.exposure.day import asked_day, today
from compliance.origin.page import origin_page
from fleet.sites.choice import asked_site
from kit.accounts.gates import needs
from kit.errors import Refusal
from kit.look.doors import door


@needs("compliance.view")
def origin(request: HttpRequest) -> HttpResponse:
    """Where the parts of our machines come from, as far as it is shown, as of a day."""
    context = admin.site.each_context(request) | {"title": _("Parts and origin")}
    try:
        day, sites = asked_day(request), asked_site(request)
    except Refusal as refusal:
        shown = {"sentence": refusal.message, "day": today(), "back": door("operator:origin")}
        return render(request, "compliance/nothing_asked.html", context | shown, status=400)
    page = origin_page(day, sites)
    shown = {"page": page, "sites": sites, "is_synthetic": page.is_synthetic}
    return render(request, "compliance/origin.html", context | shown)
