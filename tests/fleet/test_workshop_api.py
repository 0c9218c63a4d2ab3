import hashlib
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fleet.miners.models import Miner, Part
from fleet.miners.verbs import fit_part, place_hold, register_miner, stock_part
from fleet.workshop import verbs
from kit.jobs.verbs import run
from tests.fleet.conftest import LONG_AGO


@pytest.fixture
def stocked(fleet) -> SimpleNamespace:
    miners = [
        register_miner(
            f"SN-{n}",
            fleet.s19,
            owner=fleet.dana,
            site=fleet.bratsk,
            slot=slot,
            status="offline",
            at=LONG_AGO,
            by=None,
        )
        for n, slot in enumerate(fleet.slots[:3], start=1)
    ]
    fit_part(miners[0], "hashboard", "HB-1", by=None)
    spare = stock_part("hashboard", "HB-2", fleet.bratsk, by=None)
    return SimpleNamespace(fleet=fleet, miners=miners, spare=spare)


def post(client, url, given=None):
    return client.post(f"/api/v1/{url}/", given or {}, content_type="application/json")


def get(client, url):
    return client.get(f"/api/v1/{url}").json()


def test_a_ticket_is_opened_worked_on_and_closed(stocked, cast, as_user):
    client = as_user(cast.technician)
    made = post(client, "tickets", {"miner": "SN-1", "fault": "board_missing"})
    assert (made.status_code, made.json()["severity"], made.json()["site_code"]) == (201, "high", "bratsk")
    key = made.json()["id"]
    assert post(client, f"tickets/{key}/take").json()["status"] == "diagnosing"
    assert post(client, f"tickets/{key}/note", {"text": "chain 2 dead"}).status_code == 200
    swapped = post(
        client,
        f"tickets/{key}/swap-part",
        {"kind": "hashboard", "old": "HB-1", "new": "HB-2", "worker": "Li"},
    )
    assert swapped.status_code == 200
    assert Part.objects.get(serial="HB-2").miner == stocked.miners[0]
    repaired = {"outcome": "board swapped", "work_by": "employee", "worker_number": "W-1"}
    assert post(client, f"tickets/{key}/mark-repaired", repaired).json()["worker_number"] == "W-1"
    assert post(client, f"tickets/{key}/close").json()["status"] == "closed"
    assert [line["status"] for line in get(client, f"tickets/{key}/story/")][-1] == "closed"
    assert Miner.objects.get(serial="SN-1").status == "energized"
    assert get(client, "spares/stock/?site=bratsk") == [
        {"kind": "hashboard", "model": "", "site": "bratsk", "on_shelf": 1, "under_ticket": 1, "free": 0}
    ]


def test_a_part_is_sent_out_and_received_back(stocked, cast, as_user):
    client = as_user(cast.technician)
    key = post(
        client, "tickets", {"part_kind": "hashboard", "part_serial": "hb-2", "fault": "damage"}
    ).json()["id"]
    out = post(client, f"tickets/{key}/send-rma", {"vendor": "Bitmain", "reference": "R-1"}).json()
    assert (out["status"], out["rma_number"]) == ("sent_out", f"RMA-{key}")
    back = post(client, f"tickets/{key}/receive-back", {"is_repaired": True, "site": "pecos"}).json()
    assert back["status"] == "repaired"
    (spare,) = get(client, "spares/?site=pecos&is_under_ticket=true")["results"]
    assert spare["serial"] == "HB-2"


@pytest.mark.parametrize(
    ("url", "given", "why"),
    [
        ("tickets", {"fault": "fan"}, "Name a miner, or the kind and serial"),
        ("tickets", {"fault": "fan", "part_kind": "psu", "part_serial": "X"}, "No part has this"),
        ("tickets", {"fault": "gremlins", "miner": "SN-1"}, "gremlins"),
        ("tickets/{ticket}/close", {}, "Say how it ended"),
        ("tickets/{ticket}/swap-part", {"kind": "hashboard", "old": "HB-1"}, "Take it first"),
        ("shipments", {"number": "S-1", "kind": "domestic"}, "Say where it comes from"),
        ("detentions", {"shipment": "S-9", "port": "LA", "presented_on": "2024-11-20"}, "S-9"),
    ],
)
def test_what_cannot_be_answers_400_with_a_sentence(url, given, why, stocked, cast, as_user):
    ticket = verbs.open_ticket(stocked.miners[0], "psu", by=None)
    answer = post(as_user(cast.fleet_manager), url.format(ticket=ticket.pk), given)
    assert answer.status_code == 400
    assert why in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("status=open", 1),
        ("status=open&status=diagnosing", 2),
        ("fault=fan", 1),
        ("miner=SN-1", 1),
        ("site=bratsk&owner=C-001", 2),
        ("site=pecos", 0),
        ("severity=critical", 0),
        ("opened_after=2999-01-01T00:00:00Z", 0),
    ],
)
def test_tickets_are_filtered_by_what_people_filter_by(query, found, stocked, cast, as_user):
    verbs.open_ticket(stocked.miners[0], "fan", by=None)
    verbs.take_ticket(verbs.open_ticket(stocked.miners[1], "psu", by=None), by=None)
    assert len(get(as_user(cast.auditor), f"tickets/?{query}")["results"]) == found


def test_a_shipment_is_planned_sent_detained_and_received(stocked, cast, as_user):
    manager, technician = as_user(cast.fleet_manager), as_user(cast.technician)
    plan = {
        "number": "S-1",
        "kind": "import",
        "from_site": "bratsk",
        "to_site": "pecos",
        "miners": [miner.pk for miner in stocked.miners],
        "parts": [stocked.spare.pk],
    }
    assert post(technician, "shipments", plan).status_code == 403
    key = post(manager, "shipments", plan).json()["id"]
    hold = place_hold(stocked.fleet.bratsk, reason="EO 14024", by=None)
    refused = post(technician, f"shipments/{key}/send")
    assert (refused.status_code, "EO 14024" in refused.json()["detail"]) == (400, True)
    type(hold).objects.update(released_at=LONG_AGO)
    asked = post(technician, f"shipments/{key}/send")
    told = asked.json()
    assert (asked.status_code, told["status"], told["job_status"]) == (202, "planned", "queued")
    assert post(technician, f"shipments/{key}/send").json()["job"] == told["job"]
    run(told["job"])
    assert get(technician, f"shipments/{key}/")["status"] == "sent"
    file = SimpleUploadedFile("entry.pdf", b"%PDF entry", content_type="application/pdf")
    papers = technician.post(
        f"/api/v1/shipments/{key}/papers/", {"kind": "customs_entry", "file": file}
    ).json()
    assert papers[0]["sha256"] == hashlib.sha256(b"%PDF entry").hexdigest()
    assert get(technician, f"shipments/{key}/papers/") == papers
    file = technician.get(f"/api/v1/shipments/{key}/papers/{papers[0]['id']}/file/")
    assert (file.content, file["Content-Type"]) == (b"%PDF entry", "application/pdf")
    assert technician.get(f"/api/v1/shipments/{key}/papers/0/file/").status_code == 404

    given = {"shipment": "S-1", "port": "Detroit", "presented_on": "2024-11-20", "serials": ["SN-1"]}
    assert post(technician, "detentions", given).status_code == 403
    held = post(manager, "detentions", given).json()
    assert (held["units"], held["decide_by"], held["deemed_excluded_on"]) == (1, "2024-11-27", "2024-12-20")
    changed = manager.patch(
        f"/api/v1/detentions/{held['id']}/", {"counsel": "Hale"}, content_type="application/json"
    )
    assert changed.json()["counsel"] == "Hale"
    (due,) = get(manager, "detentions/?excluded_before=2024-12-21&miner=SN-1&fields=units,port")["results"]
    assert due == {"units": 1, "port": "Detroit"}
    ended = post(manager, f"detentions/{held['id']}/end", {"outcome": "released", "on": "2025-01-10"})
    assert ended.json()["outcome"] == "released"

    strange = post(technician, f"shipments/{key}/receive", {"missing": ["SN-9"]})
    assert (strange.status_code, "SN-9: not pending" in strange.json()["detail"]) == (400, True)
    run(post(technician, f"shipments/{key}/receive", {"missing": ["SN-3"]}).json()["job"])
    assert get(technician, f"shipments/{key}/")["status"] == "received"
    assert [item["state"] for item in get(technician, f"shipments/{key}/items/")] == [
        "received",
        "received",
        "missing",
        "received",
    ]
    assert len(get(technician, "shipments/?miner=SN-3&status=received")["results"]) == 1


def test_miners_under_way_are_received_without_a_shipment_too(stocked, cast, as_user):
    client = as_user(cast.technician)
    keys = [miner.pk for miner in stocked.miners]
    assert post(client, "miners/set-status", {"miners": keys, "status": "in_transit"}).json() == {
        "changed": 3
    }
    assert post(client, "miners/receive", {"miners": keys, "site": "pecos"}).json() == {"changed": 3}


def test_an_auditor_reads_and_does_not_write(stocked, cast, as_user):
    client = as_user(cast.auditor)
    ticket = verbs.open_ticket(stocked.miners[0], "psu", by=None)
    assert get(client, f"tickets/{ticket.pk}/")["fault"] == "psu"
    for url in (
        f"tickets/{ticket.pk}/take",
        "tickets",
        "spares",
        "shipments",
        "detentions",
        "shipments/1/send",
        "shipments/1/papers",
    ):
        assert post(client, url).status_code == 403
