import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fleet.miners.models import Miner, Part
from fleet.miners.verbs import fit_part, place_hold, register_miner
from fleet.workshop import verbs
from fleet.workshop.acts import TICKET_ACTS
from fleet.workshop.models import Swap, Ticket
from fleet.workshop.shipping import Detention, Shipment
from kit.jobs.verbs import run
from tests.fleet.conftest import LONG_AGO


def page(noun: str, name: str = "changelist", *args) -> str:
    return reverse(f"admin:fleet_{noun}_{name}", args=args)


@pytest.fixture
def miner(fleet) -> Miner:
    made = register_miner(
        "SN-1",
        fleet.s19,
        owner=fleet.dana,
        site=fleet.bratsk,
        slot=fleet.slots[0],
        status="offline",
        at=LONG_AGO,
        by=None,
    )
    fit_part(made, "hashboard", "HB-1", by=None)
    return made


def act(client, noun, row, name, **given):
    chosen = {"action": name, "_selected_action": [row.pk], "confirmed": "1"} | given
    return client.post(page(noun), chosen, follow=True).content.decode()


def test_a_ticket_is_opened_taken_swapped_under_and_closed_from_its_list(miner, cast, as_user):
    client = as_user(cast.technician)
    given = {"serial": "sn-1", "fault": "board_missing", "text": "two of three"}
    assert client.post(page("ticket", "add"), given).status_code == 302
    ticket = Ticket.objects.get()
    asked = client.post(page("ticket"), {"action": "take_ticket", "_selected_action": [ticket.pk]})
    assert "Note" in asked.content.decode()
    assert "Take: T-" in act(client, "ticket", ticket, "take_ticket")
    act(client, "ticket", ticket, "swap_part", kind="hashboard", old="HB-1", new="HB-2", is_old_faulty="on")
    assert Swap.objects.get().fitted.serial == "HB-2"
    act(client, "ticket", ticket, "mark_repaired", work_by="contractor", worker="Rig Works")
    act(client, "ticket", ticket, "close_ticket", outcome="board swapped")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.worker) == ("closed", "Rig Works")
    shown = client.get(page("ticket", "change", ticket.pk)).content.decode()
    for words in ("two of three", "HB-2", "board swapped"):
        assert words in shown
    assert "HB-1" in client.get(page("spare"), {"use": "ticket"}).content.decode()


def test_a_refused_act_says_why_and_changes_nothing(miner, cast, as_user, fleet):
    client = as_user(cast.technician)
    ticket = verbs.open_ticket(miner, "fan", by=None)
    verbs.take_ticket(ticket, by=None)
    place_hold(fleet.bratsk, reason="raid", by=None)
    assert "is on hold" in act(client, "ticket", ticket, "send_rma", vendor="Bitmain")
    ticket.refresh_from_db()
    assert ticket.status == "diagnosing"


def test_a_page_offers_the_acts_that_are_open_now_and_goes_back_to_it(miner, cast, as_user):
    client = as_user(cast.technician)
    ticket = verbs.open_ticket(miner, "fan", by=None)
    where = page("ticket", "change", ticket.pk)

    def offered() -> set[str]:
        shown = client.get(where).content.decode()
        return {act.name for act in TICKET_ACTS if f'value="{act.name}"' in shown}

    assert offered() == {"take_ticket", "send_rma", "close_ticket", "note"}
    given = {"action": "take_ticket", "_selected_action": [ticket.pk], "from_page": "1"}
    asked = client.post(page("ticket"), given)
    assert f'href="{where}"' in asked.content.decode()
    assert client.post(page("ticket"), given | {"confirmed": "1"}).url == where
    assert "swap_part" in offered()
    assert "take_ticket" not in offered()


def test_a_refusal_stands_at_its_field_and_what_was_typed_is_kept(miner, cast, as_user):
    client = as_user(cast.technician)
    ticket = verbs.open_ticket(miner, "board_missing", by=None)
    verbs.take_ticket(ticket, by=None)
    given = {"action": "swap_part", "_selected_action": [ticket.pk], "confirmed": "1", "from_page": "1"}
    shown = client.post(page("ticket"), given | {"kind": "hashboard", "old": "HB-9", "new": "HB-2"})
    assert shown.context["form"].errors["old"] == ["There is no hashboard HB-9 in SN-1. Nothing was changed."]
    assert 'value="HB-2"' in shown.content.decode()
    assert not Swap.objects.exists()


def test_a_shipment_under_a_hold_says_which_and_why_and_offers_no_sending(miner, fleet, cast, as_user):
    shipment = verbs.plan_shipment(
        "S-1", "domestic", miners=[miner.pk], from_site=fleet.bratsk, to_site=fleet.pecos, by=None
    )
    place_hold(miner, reason="claimed by two owners", authority="memo 12", by=None)
    shown = as_user(cast.technician).get(page("shipment", "change", shipment.pk)).content.decode()
    for words in ("cannot be sent while a hold stands", "claimed by two owners", "memo 12"):
        assert words in shown
    assert 'value="send_shipment"' in shown  # seen, and not to be pressed
    assert '<button class="btn" type="button" aria-disabled="true">Send</button>' in shown


def test_no_button_is_offered_that_could_only_be_refused(miner, fleet, cast, as_user):
    client = as_user(cast.technician)
    verbs.take_ticket(verbs.open_ticket(miner, "board_missing", by=None), by=None)
    verbs.swap_part(Ticket.objects.get(), "hashboard", old="HB-1", new="HB-2", by=None)
    on_part = Ticket.objects.get(part__serial="HB-1")
    verbs.take_ticket(on_part, by=None)
    assert 'value="swap_part"' not in client.get(page("ticket", "change", on_part.pk)).content.decode()
    rma = verbs.send_rma(on_part, "Bitmain", by=None)
    shown = client.get(page("shipment", "change", rma.pk)).content.decode()
    assert "is received back there" in shown
    assert 'aria-disabled="true">Receive</button>' in shown


def test_customs_release_waits_for_a_pending_detention(fleet, cast, as_user):
    other = register_miner("SN-5", fleet.s19, site=fleet.bratsk, status="stored", at=LONG_AGO, by=None)
    way = {"from_site": fleet.bratsk, "to_site": fleet.pecos}
    shipment = verbs.plan_shipment("S-5", "import", miners=[other.pk], by=None, **way)
    verbs.send_shipment(shipment, by=None)
    verbs.open_detention(shipment, port="LA", presented_on=LONG_AGO.date(), by=None)
    shown = as_user(cast.technician).get(page("shipment", "change", shipment.pk)).content.decode()
    assert 'aria-disabled="true">Released by customs</button>' in shown
    assert "A detention is pending" in shown


@pytest.mark.parametrize("noun", ["ticket", "shipment"])
def test_a_page_of_nothing_is_not_found(noun, db, cast, as_user):
    for key in ("0", "x"):
        assert as_user(cast.auditor).get(page(noun, "change", key)).status_code == 404


def test_a_shipments_page_costs_the_same_for_any_number_of_items(
    fleet, cast, as_user, django_assert_max_num_queries
):
    given = {"site": fleet.bratsk, "status": "stored", "by": None}
    keys = [register_miner(f"SN-{n}", fleet.s19, **given).pk for n in range(9)]
    way = {"from_site": fleet.bratsk, "to_site": fleet.pecos}
    shipment = verbs.plan_shipment("S-1", "domestic", miners=keys, by=None, **way)
    client = as_user(cast.auditor)
    client.get(page("shipment", "change", shipment.pk))
    with django_assert_max_num_queries(14):
        client.get(page("shipment", "change", shipment.pk))


def test_an_act_on_several_tickets_is_all_or_nothing(miner, cast, as_user):
    client = as_user(cast.technician)
    tickets = [verbs.open_ticket(miner, fault, by=None) for fault in ("fan", "psu")]
    verbs.close_ticket(tickets[1], outcome="nothing found", by=None)
    chosen = {
        "action": "take_ticket",
        "_selected_action": [ticket.pk for ticket in tickets],
        "confirmed": "1",
    }
    assert "starts from “open”" in client.post(page("ticket"), chosen, follow=True).content.decode()
    assert set(Ticket.objects.values_list("status", flat=True)) == {"open", "closed"}


def test_a_swap_is_asked_for_one_ticket_at_a_time(miner, cast, as_user):
    tickets = [verbs.open_ticket(miner, fault, by=None) for fault in ("fan", "psu")]
    chosen = {"action": "swap_part", "_selected_action": [ticket.pk for ticket in tickets]}
    answer = as_user(cast.technician).post(page("ticket"), chosen, follow=True)
    assert "Choose at most 1" in answer.content.decode()


def work_on(shipment):
    shipment.refresh_from_db()
    run(shipment.job_id)
    shipment.refresh_from_db()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"fault": "fan"}, "Name a miner or a part"),
        ({"fault": "fan", "serial": "SN-9"}, "Nothing has this serial"),
        ({"fault": "fan", "part_kind": "psu", "part_serial": "P-9"}, "Nothing has this serial"),
    ],
)
def test_a_ticket_needs_something_that_exists(given, why, miner, cast, as_user):
    shown = as_user(cast.technician).post(page("ticket", "add"), given).content.decode()
    assert why in shown
    assert not Ticket.objects.exists()


def test_an_auditor_is_offered_no_acts_and_a_technician_none_of_the_managers(miner, fleet, cast, as_user):
    ticket = verbs.open_ticket(miner, "fan", by=None)
    act(as_user(cast.auditor), "ticket", ticket, "take_ticket")
    ticket.refresh_from_db()
    assert ticket.status == "open"
    shipment = verbs.plan_shipment(
        "S-1", "domestic", miners=[miner.pk], from_site=fleet.bratsk, to_site=fleet.pecos, by=None
    )
    act(as_user(cast.technician), "shipment", shipment, "cancel_shipment")
    shipment.refresh_from_db()
    assert shipment.status == "planned"


def test_a_spare_is_put_on_the_shelf(fleet, cast, as_user):
    client = as_user(cast.technician)
    given = {"kind": "psu", "serial": " p-1", "shelf": fleet.pecos.pk, "family": "APW12"}
    assert client.post(page("spare", "add"), given).status_code == 302
    assert Part.objects.get().shelf == fleet.pecos
    assert "P-1" in client.get(page("spare"), {"q": "p-1"}).content.decode()


def test_a_shipment_is_planned_with_serials_and_received_with_what_is_missing(miner, fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    given = {"number": "S-1", "kind": "import", "from_site": fleet.bratsk.pk, "to_site": fleet.pecos.pk}
    shown = client.post(page("shipment", "add"), given | {"serials": "sn-1\nsn-9"}).content.decode()
    assert "Not known: SN-9" in shown
    assert client.post(page("shipment", "add"), given | {"serials": " sn-1\n"}).status_code == 302
    shipment = Shipment.objects.get()
    assert "See how far it is." in act(client, "shipment", shipment, "send_shipment")
    work_on(shipment)
    paper = SimpleUploadedFile("list.pdf", b"%PDF list", content_type="application/pdf")
    act(client, "shipment", shipment, "attach_paper", kind="packing_list", file=paper)
    shown = client.get(page("shipment", "change", shipment.pk)).content.decode()
    for words in ("list.pdf", "SN-1", "pending", "from Bratsk to Pecos"):
        assert words in shown
    kept = shipment.papers.get()
    assert client.get(page("shipment", "paper", shipment.pk, kept.pk)).content == b"%PDF list"
    assert client.get(page("shipment", "paper", 0, kept.pk)).status_code == 404
    act(client, "shipment", shipment, "receive_shipment", missing="SN-1")
    work_on(shipment)
    assert (shipment.status, shipment.items.get().state) == ("received", "missing")


def test_a_detention_is_written_down_put_right_and_ended(miner, fleet, cast, as_user):
    client = as_user(cast.fleet_manager)
    shipment = verbs.plan_shipment(
        "S-1", "import", miners=[miner.pk], from_site=fleet.bratsk, to_site=fleet.pecos, by=None
    )
    given = {
        "shipment": shipment.pk,
        "port": "Detroit",
        "presented_on": "2024-11-20",
        "notice": "detention",
        "agency": "FCC",
    }
    early = client.post(page("detention", "add"), given, follow=True).content.decode()
    assert "only what is on its way is detained" in early
    verbs.send_shipment(shipment, by=None)
    assert client.post(page("detention", "add"), given).status_code == 302
    detention = Detention.objects.get()
    change = given | {"presented_on": "2024-11-21", "counsel": "Hale"}
    assert client.post(page("detention", "change", detention.pk), change).status_code == 302
    detention.refresh_from_db()
    assert (str(detention.deemed_excluded_on), detention.counsel) == ("2024-12-21", "Hale")
    act(client, "detention", detention, "end_detention", outcome="released", on="2025-01-10")
    detention.refresh_from_db()
    assert detention.outcome == "released"


@pytest.mark.parametrize("noun", ["ticket", "shipment", "detention", "spare", "swap"])
def test_a_full_list_costs_no_query_per_row(noun, fleet, cast, as_user, django_assert_max_num_queries):
    for n in range(6):
        miner = register_miner(f"SN-{n}", fleet.s19, site=fleet.bratsk, status="offline", by=None)
        fit_part(miner, "hashboard", f"HB-{n}", by=None)
        ticket = verbs.open_ticket(miner, "fan", by=None)
        verbs.take_ticket(ticket, by=cast.technician)
        verbs.swap_part(ticket, "hashboard", old=f"HB-{n}", new=f"NB-{n}", by=None)
        other = register_miner(f"SX-{n}", fleet.s19, site=fleet.bratsk, status="offline", by=None)
        shipment = verbs.plan_shipment(
            f"S-{n}", "import", miners=[other.pk], from_site=fleet.bratsk, to_site=fleet.pecos, by=None
        )
        verbs.send_shipment(shipment, by=None)
        verbs.open_detention(shipment, port="LA", presented_on=LONG_AGO.date(), by=None)
    client = as_user(cast.auditor)
    client.get(page(noun))
    with django_assert_max_num_queries(12):
        shown = client.get(page(noun)).content.decode()
    assert {"swap": "NB-5", "spare": "HB-5", "ticket": "SN-5"}.get(noun, "S-5") in shown
