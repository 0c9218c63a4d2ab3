"""The rows of admin lists look as the admin's own templates draw them, and take a fraction of their time."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from unfold.templatetags.unfold_list import result_headers, results

from fleet.catalog.models import Maker, MinerModel
from fleet.miners.models import Miner, Owner
from fleet.miners.verbs import fit_part, place_hold, register_miner
from fleet.sites.models import Site
from kit.accounts import capped
from kit.accounts.gates import GatedAdmin
from kit.accounts.result_rows import can_draw, drawn_rows

GATED = sorted(
    (model._meta.label_lower, own)
    for model, own in admin.site._registry.items()
    if isinstance(own, GatedAdmin)
)


class Cells(HTMLParser):
    """Every element with what a person or a program sees of it, and every text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append(
            (tag, *sorted((name, " ".join(sorted((value or "").split()))) for name, value in attrs))
        )

    def handle_data(self, data):
        if data.strip():
            self.seen.append(data.strip())


@pytest.fixture
def filled(cast):
    site = Site.objects.create(code="bratsk", name="Bratsk <1> & Co", country="RU", energized_w=5)
    maker = Maker.objects.create(name="Bitmain")
    s19 = MinerModel.objects.create(maker=maker, name="S19", ghs=95_000, power_w=3_250)
    owner = Owner.objects.create(number="C-1", name="Dana", is_synthetic=True)
    consent = {"accept_overcommitment": True, "reason": "a test", "by": None}
    first = register_miner("sn-1", s19, site=site, owner=owner, is_synthetic=True, **consent)
    register_miner("sn-2", s19, **consent)
    fit_part(first, "psu", "p-1", by=None)
    place_hold(site, reason="a <raid>", by=None)
    return cast


def changelist_of(own, user, query: str = ""):
    request = RequestFactory().get(f"/{query}")
    request.user = user
    return own.get_changelist_instance(request)


@pytest.mark.parametrize("own", [own for _label, own in GATED], ids=[label for label, _own in GATED])
@pytest.mark.parametrize("query", ["", "?_popup=1"])
def test_a_row_is_what_the_looks_own_template_makes_of_it(own, query, filled):
    found = changelist_of(own, filled.admin, query)
    assert can_draw(found)
    theirs = "".join(str(item) for row in results(found) for item in row)
    ours = Cells(drawn_rows(found, list(result_headers(found)))).seen
    rows = [seen for seen in ours if seen[0] not in ("tbody", "tr")]
    assert rows == Cells(theirs).seen
    assert len([seen for seen in ours if seen[0] == "tr"]) == len(found.result_list)


def test_a_list_that_asks_for_more_than_cells_is_left_to_the_look(filled, monkeypatch):
    own = admin.site._registry[Miner]
    monkeypatch.setattr(own, "list_sections", [object()], raising=False)
    assert not can_draw(changelist_of(own, filled.admin))


def test_a_long_list_says_more_than_ten_thousand_and_never_offers_all(filled, as_user, monkeypatch):
    monkeypatch.setattr(capped, "COUNTED_AT_MOST", 1)
    for noun in ("fleet_miner", "kit_trailentry"):
        shown = as_user(filled.admin).get(reverse(f"admin:{noun}_changelist")).content.decode()
        assert "more than 10,000 results" in shown
        assert "Show all" not in shown
    shown = as_user(filled.admin).get(reverse("admin:fleet_miner_changelist")).content.decode()
    assert "1 result" not in shown
    monkeypatch.setattr(capped, "COUNTED_AT_MOST", 10_000)
    shown = as_user(filled.admin).get(reverse("admin:fleet_miner_changelist")).content.decode()
    assert "2 results" in " ".join(shown.split())
    assert "Show all" not in shown


def test_the_filters_a_list_was_asked_for_stay_with_its_links(filled, as_user):
    site = Site.objects.get()
    url = reverse("admin:fleet_miner_changelist")
    shown = as_user(filled.admin).get(url, {"site__id__exact": site.pk}).content.decode()
    key = Miner.objects.get(serial="SN-1").pk
    assert f"/fleet/miner/{key}/change/?_changelist_filters=site__id__exact%3D{site.pk}" in shown
