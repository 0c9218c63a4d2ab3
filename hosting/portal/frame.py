"""What every page of the portal carries: the operator's name, the places, whom to ask."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hosting.portal.dealings import ask
from hosting.portal.scope import Customer
from kit.look.values import Brand, NavItem

# label, url name, symbol
PLACES = (
    (_("Home"), "portal:home", "i-home"),
    (_("Miners"), "portal:miners", "i-chip"),
    (_("Liquidation"), "portal:liquidation", "i-vote"),
    (_("Papers"), "portal:papers", "i-paper"),
    (_("Account"), "portal:account", "i-person"),
)


def shown(
    request: HttpRequest,
    customer: Customer,
    template: str,
    *,
    title: str,
    place: str,
    is_synthetic: bool = False,
    **context: Any,
) -> HttpResponse:
    """A page in the frame; a log-in that belongs to no customer yet sees whom to ask instead."""
    if not customer.parties and place != "account":
        template = "portal/nobody.html"
    frame = {
        "title": title,
        "customer": customer,
        "brand": Brand(str(getattr(settings, "OPERATOR_NAME", "Pithead")), url=reverse("portal:home")),
        "portal_nav": [
            NavItem(str(label), reverse(url), icon, url == f"portal:{place}") for label, url, icon in PLACES
        ],
        "portal_links": [{"label": _("Second factor"), "url": reverse("mfa_index")}],
        "is_synthetic": is_synthetic or any(party.is_synthetic for party in customer.parties),
        "ask": ask(),
    }
    return render(request, template, frame | context)
