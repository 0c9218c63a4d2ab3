import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fleet.imports.models import ImportBatch
from fleet.miners.models import Choice, Miner, MoveHold
from fleet.miners.verbs import fit_part, place_hold, register_miner
from fleet.sites.models import Site
from kit.accounts import capped
from kit.jobs.models import Job
from kit.jobs.verbs import run
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO

NOUNS = [
    "building",
    "detention",
    "importbatch",
    "maker",
    "miner",
    "minermodel",
    "movehold",
    "owner",
    "part",
    "partmodel",
    "powerfeed",
    "rack",
    "shipment",
    "site",
    "slot",
    "spare",
    "stay",
    "swap",
    "ticket",
]
CSV = "serial,model,site,watts\nsn-1,Antminer S19,bratsk,3250\nsn-2,Antminer S19,bratsk,-1\n"


def page(noun: str, name: str = "changelist", *args) -> str:
    return reverse(f"admin:fleet_{noun}_{name}", args=args)


@pytest.fixture
def miners(fleet) -> list[Miner]:
    made = [
        register_miner(
            f"SN-000{n}", fleet.s19, owner=fleet.dana, site=fleet.bratsk, slot=slot, at=LONG_AGO, by=None
        )
        for n, slot in enumerate(fleet.slots[:5], start=1)
    ]
    fit_part(made[0], "hashboard", "HB-1", by=None)
    place_hold(fleet.pecos, reason="raid", by=None)
    return made


@pytest.mark.parametrize("noun", NOUNS)
def test_every_list_opens_for_staff_in_few_queries(
    noun, miners, cast, as_user, django_assert_max_num_queries
):
    client = as_user(cast.auditor)
    client.get(page(noun))
    with django_assert_max_num_queries(12):
        assert client.get(page(noun)).status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_no_list_opens_for_a_customer(noun, cast, as_user):
    assert as_user(cast.customer).get(page(noun)).status_code == 302


def test_the_list_of_miners_costs_the_same_for_one_and_for_five(
    miners, cast, as_user, django_assert_max_num_queries
):
    client = as_user(cast.auditor)
    client.get(page("miner"))
    with django_assert_max_num_queries(12):
        assert b"SN-0005" in client.get(page("miner"), {"site__id__exact": miners[0].site_id}).content


def test_miners_are_found_by_a_fragment_of_four_and_asked_for_it_otherwise(miners, cast, as_user):
    client = as_user(cast.auditor)
    found = client.get(page("miner"), {"q": "0003"}).content.decode()
    assert "SN-0003" in found
    assert "SN-0001" not in found
    assert "at least four characters" in client.get(page("miner"), {"q": "03"}).content.decode()


def test_a_long_list_is_not_counted_to_its_end(miners, cast, as_user, monkeypatch):
    monkeypatch.setattr(capped, "COUNTED_AT_MOST", 3)
    shown = as_user(cast.auditor).get(page("miner")).content.decode()
    assert "more than 10,000; narrow the list" in shown


def test_a_site_is_entered_with_a_country_that_exists(cast, as_user, db):
    given = {"code": "omsk", "name": "Omsk", "country": "RU", "region": "US-TX", "time_zone": "UTC"}
    given |= {"drawn_basis": "unknown", "confidence": "unknown"}
    client = as_user(cast.fleet_manager)
    assert "US-TX is not in RU" in client.post(page("site", "add"), given).content.decode()
    assert client.post(page("site", "add"), given | {"region": "RU-OMS"}).status_code == 302
    assert Site.objects.get().region == "RU-OMS"
    assert TrailEntry.objects.filter(verb="site.entered").exists()


def test_a_miner_is_entered_and_corrected_by_its_verbs(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"serial": "sn-1", "model": fleet.s19.pk, "site": fleet.bratsk.pk, "status": "received"}
    assert client.post(page("miner", "add"), given).status_code == 302
    miner = Miner.objects.get()
    assert (miner.serial, miner.power_w, miner.stays.count()) == ("SN-1", 3_250, 1)
    change = {"power_w": 3_300, "ghs": 95_000, "board_family": "unknown", "is_exportable": "unknown"}
    assert client.post(page("miner", "change", miner.pk), change).status_code == 302
    assert miner.stays.count() == 2
    again = client.post(page("miner", "add"), given, follow=True)
    assert "is known already" in again.content.decode()


def test_miners_are_moved_from_the_list_after_seeing_what_is_touched(miners, fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    chosen = {"action": "move", "_selected_action": [miner.pk for miner in miners[:2]]}
    asked = client.post(page("miner"), chosen, follow=True)
    assert "2 miners of 1 owner" in asked.content.decode()
    MoveHold.objects.update(released_at=LONG_AGO)
    client.post(asked.redirect_chain[-1][0], {"site": fleet.pecos.pk})
    run(Job.objects.get().pk)
    assert Miner.objects.filter(site=fleet.pecos).count() == 2


def test_a_move_onto_a_held_site_is_refused_on_the_page(miners, fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    asked = client.post(page("miner"), {"action": "move", "_selected_action": [miners[0].pk]})
    answer = client.post(asked["Location"], {"site": fleet.pecos.pk})
    assert "is on hold" in answer.content.decode()
    assert not Job.objects.exists()


def test_an_auditor_is_offered_no_acts(miners, cast, as_user):
    as_user(cast.auditor).post(page("miner"), {"action": "move", "_selected_action": [miners[0].pk]})
    assert not Choice.objects.exists()


def test_a_hold_is_placed_and_released_from_its_list(miners, cast, as_user):
    client = as_user(cast.fleet_manager)
    assert (
        client.post(page("movehold", "add"), {"serial": "sn-0001", "reason": "evidence"}).status_code == 302
    )
    hold = MoveHold.objects.get(miner=miners[0])
    client.post(page("movehold"), {"action": "release", "_selected_action": [hold.pk]})
    hold.refresh_from_db()
    assert hold.released_by == cast.fleet_manager


def test_a_file_is_uploaded_looked_at_and_applied_by_one_button(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    file = SimpleUploadedFile("miners.csv", CSV.encode())
    shown = client.post(page("importbatch", "add"), {"file": file}, follow=True).content.decode()
    for words in ("Apply 1 row", "SN-1", "watts are below zero", "watts"):
        assert words in shown
    batch = ImportBatch.objects.get()
    refused = client.get(page("importbatch", "refused", batch.pk))
    assert b"2,watts" not in b"".join(refused.streaming_content)
    client.post(page("importbatch", "act", batch.pk, "apply"), {"token": batch.token})
    assert Miner.objects.get().serial == "SN-1"
    assert "Applied" in client.get(page("importbatch", "change", batch.pk)).content.decode()
    kept = client.get(page("importbatch", "refused", batch.pk))
    assert b"3,watts,watts are below zero,sn-2" in b"".join(kept.streaming_content)


def test_a_file_with_a_wrong_header_says_so_on_its_page(fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    shown = client.post(
        page("importbatch", "add"), {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}, follow=True
    )
    assert "has no column “serial”" in shown.content.decode()


def test_an_auditor_looks_at_imports_and_gives_none(fleet, cast, as_user):
    client = as_user(cast.auditor)
    assert client.get(page("importbatch", "add")).status_code == 403
    assert client.get(page("importbatch", "change", 999)).status_code == 404


def test_whoever_may_place_holds_places_and_releases_one_and_an_auditor_is_offered_neither(
    fleet, cast, as_user
):
    officer, auditor = as_user(cast.compliance_officer), as_user(cast.auditor)
    entry, where = reverse("admin:fleet_movehold_add"), reverse("admin:fleet_movehold_changelist")
    given = {"site": fleet.bratsk.pk, "reason": "blocked pending counsel", "authority": "EO 14024"}
    assert officer.post(entry, given).status_code == 302
    hold = MoveHold.objects.get()
    assert hold.placed_by == cast.compliance_officer
    release = {"action": "release", "_selected_action": [hold.pk]}
    auditor.post(where, release)
    hold.refresh_from_db()
    assert hold.released_at is None
    assert 'value="release"' not in auditor.get(where).content.decode()
    officer.post(where, release)
    hold.refresh_from_db()
    assert hold.released_by == cast.compliance_officer
