import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from fleet.miners.models import Miner, Part
from fleet.miners.verbs import fit_part, place_hold, register_miner, release_hold, stock_part
from fleet.workshop import verbs
from fleet.workshop.reads import detentions, items_of, papers_of
from fleet.workshop.shipping import Detention, Shipment, ShipmentItem, ShipmentPaper
from fleet.workshop.steps import SHIPMENT_STEPS
from kit.documents.models import Document
from kit.errors import Refusal
from kit.steps import take
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.fleet.conftest import LONG_AGO

SENT_AT = datetime(2024, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def miners(fleet) -> list[Miner]:
    """Three offline in the first slots of Bratsk."""
    return [
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


@pytest.fixture
def shipment(fleet, miners, cast) -> Shipment:
    spare = stock_part("psu", "P-1", fleet.bratsk, by=None)
    return verbs.plan_shipment(
        "S-1",
        "export",
        miners=[miner.pk for miner in miners],
        parts=[spare.pk],
        from_site=fleet.bratsk,
        to_site=fleet.pecos,
        carrier="Maersk",
        by=cast.fleet_manager,
    )


@pytest.fixture
def sent(shipment, cast) -> Shipment:
    verbs.send_shipment(shipment, at=SENT_AT, by=cast.technician)
    return shipment


def states(miners) -> list[str]:
    return list(
        Miner.objects.filter(pk__in=[miner.pk for miner in miners])
        .order_by("serial")
        .values_list("status", flat=True)
    )


def test_a_shipment_that_is_sent_frees_slots_and_ends_stays(sent, miners, fleet):
    assert (sent.status, sent.sent_at, states(miners)) == ("sent", SENT_AT, ["in_transit"] * 3)
    stay = miners[0].stays.get()
    assert (stay.to_at, stay.slot, stay.reason) == (SENT_AT, fleet.slots[0], "entered")
    assert not Miner.objects.filter(site__isnull=False).exists()
    assert Part.objects.get().shelf is None


def test_a_shipment_that_is_received_begins_stays_where_it_arrived(sent, miners, fleet, cast):
    arrived = SENT_AT + timedelta(days=30)
    assert verbs.receive_shipment(sent, at=arrived, by=cast.technician) == 4
    assert (sent.status, sent.received_at, states(miners)) == ("received", arrived, ["received"] * 3)
    stay = miners[0].stays.get(to_at__isnull=True)
    assert (stay.site, stay.from_at, stay.reason) == (fleet.pecos, arrived, "S-1")
    assert Part.objects.get().shelf == fleet.pecos
    with pytest.raises(Refusal, match="Nothing of S-1 is on its way"):
        verbs.receive_shipment(sent, by=cast.technician)
    assert check_trail().holds


def test_what_is_missing_is_written_down_and_stays_on_its_way(sent, miners, cast):
    with pytest.raises(Refusal, match="SN-9: not pending"):
        verbs.receive_shipment(sent, missing=["SN-9"], by=None)
    assert verbs.receive_shipment(sent, missing=["sn-2", ""], by=None) == 3
    assert states(miners) == ["received", "in_transit", "received"]
    assert ShipmentItem.objects.get(miner=miners[1]).state == "missing"
    assert sent.status == "received"


@pytest.mark.parametrize("subject", ["site", "miner", "destination"])
def test_a_hold_stops_a_shipment_and_says_why(subject, shipment, miners, fleet):
    held = {"site": fleet.bratsk, "miner": miners[1], "destination": fleet.pecos}[subject]
    hold = place_hold(held, reason="blocked pending counsel", authority="EO 14024", by=None)
    with pytest.raises(Refusal, match=r"blocked pending counsel \(EO 14024\)"):
        verbs.send_shipment(shipment, by=None)
    shipment.refresh_from_db()
    assert (shipment.status, states(miners)) == ("planned", ["offline"] * 3)
    assert Miner.objects.filter(slot__isnull=False).count() == 3
    release_hold(hold, by=None)
    verbs.send_shipment(shipment, by=None)


def test_what_may_not_leave_the_country_is_not_exported(shipment, miners):
    Miner.objects.filter(pk=miners[2].pk).update(is_exportable=False)
    with pytest.raises(Refusal, match="SN-3: recorded as not leaving the country"):
        verbs.send_shipment(shipment, by=None)
    Shipment.objects.update(kind="domestic")
    shipment.refresh_from_db()
    verbs.send_shipment(shipment, by=None)


def test_a_running_miner_and_one_that_is_elsewhere_are_not_sent(shipment, miners, fleet):
    Miner.objects.filter(pk=miners[0].pk).update(status="mining")
    with pytest.raises(Refusal, match="SN-1: cannot go from “mining” to “in transit”"):
        verbs.send_shipment(shipment, by=None)
    Miner.objects.filter(pk=miners[0].pk).update(status="stored", site=fleet.pecos, rack=None, slot=None)
    with pytest.raises(Refusal, match="SN-1: not at Bratsk, where S-1 starts"):
        verbs.send_shipment(shipment, by=None)


def test_a_spare_fitted_after_the_plan_is_not_sent(shipment, miners):
    fit_part(miners[0], "psu", "P-1", by=None)
    with pytest.raises(Refusal, match="sits in a miner by now"):
        verbs.send_shipment(shipment, by=None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"number": "S-1"}, "Shipment S-1 exists"),
        ({"number": " "}, "needs a number and a kind"),
        ({"kind": "teleport"}, "needs a number and a kind"),
        ({"to_site": None}, "Say where it comes from and where it goes"),
        ({"miners": []}, "at least one miner or part"),
        ({"parts": [0]}, "A part is not known"),
        ({"miners": [0]}, "1 of the miners are not known"),
        ({}, "SN-1 is in shipment S-1 already"),
    ],
)
def test_a_shipment_that_cannot_be_is_not_planned(given, why, shipment, miners, fleet):
    plan = {"number": "S-2", "kind": "domestic", "miners": [miners[0].pk], "parts": []}
    plan |= {"from_site": fleet.bratsk, "to_site": fleet.pecos} | given
    with pytest.raises(Refusal, match=why):
        verbs.plan_shipment(plan.pop("number"), plan.pop("kind"), by=None, **plan)
    assert Shipment.objects.count() == 1


def test_a_part_on_its_way_is_not_fitted_unless_it_answers_from_the_miner(miners, fleet):
    part = stock_part("psu", "p-9", fleet.bratsk, by=None)
    shipment = verbs.plan_shipment(
        "S-9", "domestic", parts=[part.pk], from_site=fleet.bratsk, to_site=fleet.pecos, by=None
    )
    verbs.send_shipment(shipment, by=None)
    with pytest.raises(Refusal, match=r"is on its way with S-9\. Receive that first"):
        fit_part(miners[0], "psu", "p-9", by=None)
    assert Part.objects.get(pk=part.pk).miner is None
    assert fit_part(miners[0], "psu", "p-9", is_answering=True, by=None).miner == miners[0]


def test_a_shipment_does_not_go_to_where_it_is_and_takes_no_fitted_part(miners, fleet):
    given = {"from_site": fleet.bratsk, "by": None}
    with pytest.raises(Refusal, match="another site"):
        verbs.plan_shipment("S-2", "domestic", miners=[miners[0].pk], to_site=fleet.bratsk, **given)
    part = fit_part(miners[0], "psu", "P-2", by=None)
    with pytest.raises(Refusal, match="sits in a miner and goes where that goes"):
        verbs.plan_shipment("S-2", "domestic", parts=[part.pk], to_site=fleet.pecos, **given)


def test_a_cancelled_shipment_leaves_its_machines_to_another(shipment, miners, fleet, cast):
    verbs.cancel_shipment(shipment, reason="no vessel", by=cast.fleet_manager)
    with pytest.raises(Refusal, match="cancelled"):
        verbs.send_shipment(shipment, by=None)
    assert verbs.plan_shipment(
        "S-2", "export", miners=[miners[0].pk], from_site=fleet.bratsk, to_party="Buyer", by=None
    )


def test_machines_received_by_a_party_stay_on_their_way(miners, fleet):
    shipment = verbs.plan_shipment(
        "S-2", "export", miners=[miners[0].pk], from_site=fleet.bratsk, to_party="Buyer", by=None
    )
    verbs.send_shipment(shipment, by=None)
    assert verbs.receive_shipment(shipment, by=None) == 1
    assert (shipment.status, states(miners)[0]) == ("received", "in_transit")


@pytest.mark.parametrize("status", ["planned", "sent", "customs", "received", "cancelled"])
@pytest.mark.parametrize("verb", sorted(SHIPMENT_STEPS))
def test_every_step_of_a_shipment_starts_only_where_the_table_says(verb, status, shipment):
    Shipment.objects.update(status=status, sent_at=SENT_AT, received_at=SENT_AT)
    allowed = {
        "send": "planned",
        "hold_at_customs": "sent",
        "release_from_customs": "customs",
        "receive": "sent customs",
        "cancel": "planned",
    }[verb].split()
    if status in allowed:
        take(shipment, SHIPMENT_STEPS[verb])
        assert shipment.status == SHIPMENT_STEPS[verb].to_status
    else:
        with pytest.raises(Refusal, match="Nothing was changed"):
            take(shipment, SHIPMENT_STEPS[verb])


def test_a_shipment_held_at_customs_goes_on_when_it_is_released(sent, miners, cast):
    verbs.hold_at_customs(sent, by=cast.technician)
    assert (sent.status, states(miners)) == ("customs", ["customs_hold"] * 3)
    verbs.release_from_customs(sent, by=cast.technician)
    assert (sent.status, states(miners)) == ("sent", ["in_transit"] * 3)


def detain(shipment, **given) -> Detention:
    plain = {"port": "San Francisco", "presented_on": date(2024, 11, 20), "agency": "FCC", "by": None}
    return verbs.open_detention(shipment, **(plain | given))


def test_a_detention_holds_what_it_names_and_the_rest_may_arrive(sent, miners, fleet, cast):
    detention = detain(sent, serials=["sn-1", "SN-2"], by=cast.fleet_manager)
    assert (sent.status, states(miners)) == ("customs", ["customs_hold", "customs_hold", "in_transit"])
    assert detention.deemed_excluded_on == date(2024, 12, 20)
    with pytest.raises(Refusal, match="is pending"):
        verbs.release_from_customs(sent, by=None)
    assert verbs.receive_shipment(sent, by=None) == 2
    assert (sent.status, states(miners)) == ("customs", ["customs_hold", "customs_hold", "received"])
    verbs.end_detention(detention, "released", on=date(2025, 1, 15), by=cast.fleet_manager)
    sent.refresh_from_db()
    assert (sent.status, states(miners)) == ("sent", ["in_transit", "in_transit", "received"])
    assert verbs.receive_shipment(sent, by=None) == 2
    assert (sent.status, states(miners)) == ("received", ["received"] * 3)


def test_a_corrected_detention_counts_its_days_anew(sent, cast):
    detention = detain(sent)
    verbs.correct_detention(
        detention, presented_on=date(2024, 11, 21), counsel="Hale", fees="USD 200,000 a day", by=None
    )
    assert (detention.deemed_excluded_on, detention.decide_by) == (date(2024, 12, 21), date(2024, 11, 29))
    verbs.correct_detention(detention, notice="seizure", by=None)
    assert (detention.deemed_excluded_on, detention.decide_by) == (None, None)
    for wrong in ({"outcome": "released"}, {"detained_on": date(2024, 1, 1)}, {"port": ""}):
        with pytest.raises(Refusal):
            verbs.correct_detention(detention, by=None, **wrong)
    assert detentions().get().units == len(items_of(sent.pk)) == 4


def test_what_was_seized_stays_at_the_border_and_a_detention_ends_once(sent, miners):
    detention = detain(sent, notice="seizure")
    assert detention.decide_by is None
    verbs.end_detention(detention, "seized", on=date(2025, 1, 15), note="19 USC 1595a(c)", by=None)
    assert states(miners) == ["customs_hold"] * 3
    assert set(ShipmentItem.objects.values_list("state", flat=True)) == {"kept"}
    assert detention.note == "19 USC 1595a(c)"
    with pytest.raises(Refusal, match="ended already"):
        verbs.end_detention(detention, "released", on=date(2025, 1, 16), by=None)


def test_several_detentions_hold_different_machines_and_never_the_same(sent, miners):
    first = detain(sent, serials=["SN-1"])
    with pytest.raises(Refusal, match="SN-1: not pending in S-1, or detained already"):
        detain(sent, serials=["SN-1"])
    detain(sent)
    with pytest.raises(Refusal, match="free to be detained"):
        detain(sent)
    verbs.end_detention(first, "released", on=date(2025, 1, 15), by=None)
    sent.refresh_from_db()
    assert (sent.status, states(miners)[0]) == ("customs", "in_transit")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"port": " "}, "needs a port"),
        ({"notice": "frown"}, "kind of notice"),
        ({"detained_on": date(2024, 11, 19)}, "before the goods were presented"),
        ({"notice_on": date(2024, 11, 19)}, "before the goods were presented"),
    ],
)
def test_a_detention_that_cannot_be_is_refused(given, why, sent, miners):
    with pytest.raises(Refusal, match=why):
        detain(sent, **given)
    assert states(miners) == ["in_transit"] * 3


def test_only_what_is_on_its_way_is_detained(shipment):
    with pytest.raises(Refusal, match="only what is on its way"):
        detain(shipment)


def test_a_paper_is_kept_with_its_hash_and_only_once(shipment, cast):
    content = b"%PDF-1.7 packing list"
    paper = verbs.attach_paper(
        shipment,
        "packing_list",
        '..\\x/"list".pdf',
        content,
        media_type="application/pdf",
        by=cast.technician,
    )
    assert verbs.attach_paper(shipment, "packing_list", "again.pdf", content, by=None) == paper
    assert ShipmentPaper.objects.count() == Document.objects.count() == 1
    (shown,) = papers_of(shipment.pk)
    assert (shown.sha256, shown.filename) == (hashlib.sha256(content).hexdigest(), "_list_.pdf")
    assert TrailEntry.objects.filter(verb="shipment.paper_added").count() == 1
    for kind, given in (("poem", b"x"), ("invoice", b"")):
        with pytest.raises(Refusal):
            verbs.attach_paper(shipment, kind, "x", given, by=None)


def test_who_may_not_ship_does_not(shipment, sent, cast):
    for act in (
        lambda: verbs.plan_shipment("S-9", "export", by=cast.technician),
        lambda: verbs.cancel_shipment(shipment, by=cast.technician),
        lambda: verbs.send_shipment(shipment, by=cast.auditor),
        lambda: verbs.receive_shipment(sent, by=cast.auditor),
        lambda: verbs.hold_at_customs(sent, by=cast.auditor),
        lambda: detain(sent, by=cast.technician),
        lambda: verbs.attach_paper(sent, "invoice", "x", b"x", by=cast.auditor),
    ):
        with pytest.raises(Refusal, match="may not do this"):
            act()


@pytest.mark.parametrize("count", [1, 3])
def test_sending_costs_the_same_for_any_number_of_miners(count, miners, fleet, django_assert_num_queries):
    shipment = verbs.plan_shipment(
        "S-2",
        "domestic",
        miners=[miner.pk for miner in miners[:count]],
        from_site=fleet.bratsk,
        to_site=fleet.pecos,
        by=None,
    )
    with django_assert_num_queries(40):
        verbs.send_shipment(shipment, by=None)
