import pytest
from django.urls import reverse

from fleet.miners.models import Miner
from fleet.miners.verbs import register_miner
from fleet.sites.forms import names_in
from fleet.sites.models import Building, PowerFeed, Rack, Slot
from kit.trail.models import TrailEntry

LIST, ENTRY = "admin:fleet_rack_changelist", "admin:fleet_rack_add"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("R1, R2\nR3", ["R1", "R2", "R3"]),
        ("R08-R11", ["R08", "R09", "R10", "R11"]),
        ("A1 - 3, B", ["A1", "A2", "A3", "B"]),
        ("north-east", ["north-east"]),
    ],
)
def test_racks_are_named_one_by_one_or_as_a_range(text, names):
    assert names_in(text) == names


@pytest.mark.parametrize("text", ["", " , ", "R1-R501", "R1-999999999", "R1, R1", "x" * 41])
def test_names_that_cannot_be_are_refused(text):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        names_in(text)


def test_racks_are_entered_with_their_slots_and_open_as_a_picture(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"site": fleet.pecos.pk, "building_name": "Hall B", "names": "C1-C3", "slots": "4"}
    assert client.post(reverse(ENTRY), given).status_code == 302
    assert list(Rack.objects.filter(site=fleet.pecos).values_list("name", flat=True)) == ["C1", "C2", "C3"]
    assert Slot.objects.filter(site=fleet.pecos).count() == 12
    told = TrailEntry.objects.filter(verb="racks.added").latest("id")
    assert (told.actor, told.subject_name) == (cast.fleet_manager, "Pecos")
    shown = client.get(reverse(LIST)).content.decode()
    assert "Hall B" in shown
    rack = Rack.objects.get(name="C2")
    moved = client.get(reverse("admin:fleet_rack_change", args=[rack.pk]))
    assert moved.url == reverse("operator:rack", args=[rack.pk])


def test_a_rack_that_stands_there_already_is_refused_and_nothing_is_added(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"site": fleet.bratsk.pk, "building_name": "Hall A", "names": "R2-R9", "slots": "4"}
    shown = client.post(reverse(ENTRY), given, follow=True).content.decode()
    assert "stands in this building already" in shown
    assert Rack.objects.count() == 2


def test_a_rack_page_leads_to_its_neighbours_and_says_what_feeds_it(fleet, cast, as_user):
    Building.objects.update(feed=PowerFeed.objects.create(site=fleet.bratsk, name="T1", nameplate_w=9_000))
    register_miner(
        "SN-1", fleet.s19, site=fleet.bratsk, slot=fleet.slots[1], status="mining", owner=fleet.dana, by=None
    )
    first, second = Rack.objects.order_by("name")
    shown = as_user(cast.technician).get(reverse("operator:rack", args=[first.pk])).content.decode()
    for words in ("1 of 4 slots is taken", "T1", "Rack R2", "R1: 1 mining, 3 free", "2: SN-1, mining"):
        assert words in shown, words
    assert reverse("operator:rack", args=[second.pk]) in shown


def test_the_list_of_racks_costs_no_query_per_rack(fleet, cast, as_user, django_assert_max_num_queries):
    client = as_user(cast.auditor)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        client.get(reverse(LIST))


def test_a_miner_leads_to_its_rack_tickets_and_parts(fleet, cast, as_user):
    register_miner("SN-1", fleet.s19, site=fleet.bratsk, slot=fleet.slots[0], status="mining", by=None)
    where = reverse("admin:fleet_miner_change", args=[Miner.objects.get().pk])
    shown = as_user(cast.technician).get(where).content.decode()
    for address in (
        reverse("operator:rack", args=[fleet.slots[0].rack_id]),
        reverse("admin:fleet_ticket_changelist") + "?q=SN-1",
        reverse("admin:fleet_ticket_add") + "?serial=SN-1",
    ):
        assert address in shown
    assert "Open a ticket" not in as_user(cast.auditor).get(where).content.decode()


def test_an_empty_list_says_what_belongs_there_and_a_narrowed_one_that_nothing_is_like_that(
    db, cast, as_user
):
    client = as_user(cast.fleet_manager)
    where = reverse("admin:fleet_ticket_changelist")
    assert "Faults of machines and parts belong here" in client.get(where).content.decode()
    narrowed = client.get(where, {"status__exact": "open"}).content.decode()
    assert "Nothing is like that" in narrowed
    assert "Show the whole list" in narrowed
    assert "yielded into" not in narrowed
