"""The key figures over a customer's home page; what nothing measures yet has no figure."""

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from hosting.portal.machines import Holding
from kit import units
from kit.look.values import Kpi


def key_figures(holding: Holding) -> list[Kpi]:
    """Machines, those running, their rated hashrate and power, and where they are."""
    url = reverse("portal:miners")
    ended = ngettext(
        "one more was sold or scrapped", "{count} more were sold or scrapped", holding.ended
    ).format(count=holding.ended)
    running = gettext("of {machines} that are yours")
    standing = holding.machines - holding.ended
    return [
        Kpi(gettext("Machines"), units.count(standing), ended if holding.ended else "", url),
        Kpi(
            gettext("Running"),
            units.count(holding.running),
            running.format(machines=standing),
            url,
        ),
        Kpi(gettext("Rated hashrate"), units.hashrate(holding.ghs), gettext("of the machines running"), url),
        Kpi(gettext("Rated power"), units.power(holding.power_w), gettext("of the machines running"), url),
        Kpi(gettext("Sites"), units.count(holding.sites), gettext("where your machines stand"), url),
    ]
