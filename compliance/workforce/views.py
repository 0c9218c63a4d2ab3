from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from compliance.exposure.day import asked_day, today
from compliance.workforce.forms import AttestationForm, ClockForm
from compliance.workforce.page import kind_words, workforce_page
from fleet.sites.choice import asked_site
from kit.accounts.gates import actor, needs
from kit.errors import Refusal
from kit.look.doors import door


@needs("workforce.view")
def workforce(request: HttpRequest) -> HttpResponse:
    """Which dates on record end when, by worker number, and what contractors attested, as of a day."""
    return _page(request)


@needs("workforce.edit")
@require_POST
def workforce_clock(request: HttpRequest) -> HttpResponse:
    """Record one date; a refusal is shown on the form."""
    return _recorded(request, ClockForm(request.POST, auto_id="clock-%s"), "clock")


@needs("workforce.edit")
@require_POST
def workforce_attestation(request: HttpRequest) -> HttpResponse:
    """Record a contractor's word; a refusal is shown on the form."""
    return _recorded(request, AttestationForm(request.POST, auto_id="attestation-%s"), "attestation")


def _recorded(request: HttpRequest, form: ClockForm | AttestationForm, name: str) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, form.act(actor(request)))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("operator:workforce")
    return _page(request, {name: form}, status=400)


def _page(request: HttpRequest, bound: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": _("Workforce dates")}
    may_edit = actor(request).may("workforce.edit")
    try:
        day, sites = asked_day(request), asked_site(request)
    except Refusal as refusal:
        shown = {"sentence": refusal.message, "day": today(), "back": door("operator:workforce")}
        return render(request, "compliance/nothing_asked.html", context | shown, status=400)
    page = workforce_page(day, sites, with_names=may_edit)
    shown = {
        "page": page,
        "sites": sites,
        "is_synthetic": page.is_synthetic,
        "kinds": list(kind_words().items()),
        "forms": _forms(bound or {}) if may_edit else (),
    }
    return render(request, "compliance/workforce.html", context | shown, status=status)


def _forms(bound: dict[str, Any]) -> list[tuple[Any, str, str, str, bool]]:
    """The forms with their title, address and button, and whether they were sent just now."""
    clock = bound.get("clock") or ClockForm(auto_id="clock-%s")
    attestation = bound.get("attestation") or AttestationForm(auto_id="attestation-%s")
    return [
        (clock, _("Record a date"), door("operator:workforce_clock"), _("Record the date"), "clock" in bound),
        (
            attestation,
            _("Record an attestation"),
            door("operator:workforce_attestation"),
            _("Record the attestation"),
            "attestation" in bound,
        ),
    ]
