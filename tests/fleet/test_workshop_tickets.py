from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from fleet.miners.models import Miner, Part
from fleet.miners.verbs import fit_part, place_hold, register_miner, stock_part
from fleet.workshop import verbs
from fleet.workshop.faults import FAULTS
from fleet.workshop.models import Swap, Ticket, TicketNote, TicketStatus
from fleet.workshop.reads import SpareStock, spare_stock, story_of
from fleet.workshop.rules import FaultFacts
from fleet.workshop.steps import TICKET_STEPS
from kit.errors import Refusal
from kit.steps import take
from kit.trail.models import TrailEntry
from tests.fleet.conftest import LONG_AGO

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def miner(fleet) -> Miner:
    made = register_miner(
        "SN-1",
        fleet.s19,
        owner=fleet.dana,
        site=fleet.bratsk,
        slot=fleet.slots[0],
        status="mining",
        at=LONG_AGO,
        by=None,
    )
    fit_part(made, "hashboard", "HB-1", position=1, by=None)
    return made


@pytest.fixture
def taken(miner, cast) -> Ticket:
    ticket = verbs.open_ticket(miner, "board_missing", by=cast.technician)
    verbs.take_ticket(ticket, by=cast.technician)
    return ticket


def state(miner: Miner) -> str:
    return Miner.objects.get(pk=miner.pk).status


def test_a_ticket_goes_from_open_to_closed_and_its_miner_to_repair_and_back(miner, cast):
    ticket = verbs.open_ticket(miner, "fan", text="rattles", by=cast.technician, at=NOON)
    assert (ticket.status, ticket.severity, ticket.site.code, state(miner)) == (
        "open",
        "high",
        "bratsk",
        "mining",
    )
    verbs.take_ticket(ticket, by=cast.technician)
    assert (ticket.status, ticket.taken_by, state(miner)) == ("diagnosing", cast.technician, "in_repair")
    verbs.wait_for_parts(ticket, by=cast.technician)
    verbs.resume(ticket, by=cast.technician)
    verbs.mark_repaired(
        ticket,
        outcome="fan cleaned",
        work_by="contractor",
        worker="Rig Works",
        worker_number="W-7",
        by=cast.technician,
    )
    assert state(miner) == "in_repair"
    verbs.close_ticket(ticket, by=cast.technician)
    assert (ticket.status, ticket.worker, ticket.outcome) == ("closed", "Rig Works", "fan cleaned")
    # It has power again; whether it mines its readings say.
    assert state(miner) == "energized"
    assert [line.status for line in story_of(ticket)] == [
        "open",
        "diagnosing",
        "waiting_parts",
        "diagnosing",
        "repaired",
        "closed",
    ]


@pytest.mark.parametrize("status", TicketStatus.values)
@pytest.mark.parametrize("verb", sorted(TICKET_STEPS))
def test_every_step_of_a_ticket_starts_only_where_the_table_says(verb, status, miner, cast):
    ticket = verbs.open_ticket(miner, "fan", by=None)
    rma = None
    if status == "sent_out":
        verbs.take_ticket(ticket, by=None)
        rma = verbs.send_rma(ticket, "Bitmain", by=None)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=status, closed_at=NOON if status == "closed" else None, rma=rma
    )
    ticket.refresh_from_db()
    allowed = {
        "take": "open",
        "wait_for_parts": "diagnosing",
        "resume": "waiting_parts",
        "repaired": "diagnosing waiting_parts",
        "reopen": "repaired",
        "send_rma": "open diagnosing waiting_parts",
        "back_repaired": "sent_out",
        "back_as_it_was": "sent_out",
        "close": "open diagnosing waiting_parts repaired",
    }[verb].split()
    changes = {"closed_at": NOON} if verb == "close" else {}
    if verb == "send_rma":
        changes["rma"] = verbs.plan_shipment(
            "X",
            "rma",
            from_party="a",
            to_party="b",
            parts=[stock_part("psu", "P", miner.site, by=None).pk],
            by=None,
        )
    if status == "closed":
        changes["closed_at"] = None
    if status in allowed:
        take(ticket, TICKET_STEPS[verb], **changes)
        assert ticket.status == TICKET_STEPS[verb].to_status
    else:
        with pytest.raises(Refusal, match="Nothing was changed"):
            take(ticket, TICKET_STEPS[verb], **changes)


def test_the_same_fault_again_is_the_ticket_that_stands(miner):
    first = verbs.open_ticket(miner, "hot", by=None)
    assert verbs.open_ticket(miner, "hot", by=None) == first
    assert verbs.open_ticket(miner, "fan", by=None) != first
    verbs.close_ticket(first, outcome="vent was shut", by=None)
    assert verbs.open_ticket(miner, "hot", by=None) != first


def test_the_database_itself_keeps_one_standing_ticket_per_fault(miner):
    verbs.open_ticket(miner, "hot", by=None)
    with pytest.raises(IntegrityError, match="one_standing_ticket_of_a_miner"), transaction.atomic():
        Ticket.objects.create(miner=miner, fault="hot", opened_at=NOON)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda m: verbs.open_ticket(m, "gremlins", by=None), "is not a kind of fault"),
        (lambda m: verbs.open_ticket(m, "fan", severity="huge", by=None), "is not a severity"),
        (lambda m: verbs.note(verbs.open_ticket(m, "fan", by=None), " ", by=None), "Write what"),
        (lambda m: verbs.close_ticket(verbs.open_ticket(m, "fan", by=None), by=None), "Say how it ended"),
        (lambda m: verbs.send_rma(verbs.open_ticket(m, "fan", by=None), " ", by=None), "Name whom"),
    ],
)
def test_a_ticket_refuses_what_says_nothing(act, why, miner):
    with pytest.raises(Refusal, match=why):
        act(miner)


def test_no_ticket_is_opened_on_a_miner_that_was_sold(miner):
    Miner.objects.filter(pk=miner.pk).update(status="sold", site=None, rack=None, slot=None)
    with pytest.raises(Refusal, match=r"sold\. No ticket"):
        verbs.open_ticket(miner, "fan", by=None)


def test_a_miner_stays_in_repair_while_another_ticket_is_worked_on_and_goes_back_to_what_it_was(miner):
    first, second = (verbs.open_ticket(miner, fault, by=None) for fault in ("fan", "psu"))
    Miner.objects.filter(pk=miner.pk).update(status="racked")
    for ticket in (first, second):
        verbs.take_ticket(ticket, by=None)
        verbs.mark_repaired(ticket, by=None)
    verbs.close_ticket(first, by=None)
    assert state(miner) == "in_repair"
    verbs.close_ticket(second, by=None)
    assert state(miner) == "racked"


def test_a_ticket_that_cannot_be_taken_changes_nothing(miner):
    ticket = verbs.open_ticket(miner, "fan", by=None)
    Miner.objects.filter(pk=miner.pk).update(status="in_transit", site=None, rack=None, slot=None)
    with pytest.raises(Refusal, match="cannot go from “in transit” to “in repair”"):
        verbs.take_ticket(ticket, by=None)
    assert Ticket.objects.get(pk=ticket.pk).status == "open"
    assert TicketNote.objects.filter(ticket=ticket).count() == 1


def test_the_lines_of_a_ticket_are_never_changed(taken):
    line = verbs.note(taken, "smells burnt", by=None)
    for act in (line.delete, lambda: TicketNote.objects.update(text="nothing")):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            act()


def test_a_swap_takes_the_old_part_out_and_puts_the_new_one_in_its_place(taken, miner, cast):
    stock_part("hashboard", "HB-2", miner.site, by=None)
    stamp = Miner.objects.get(pk=miner.pk).changed_at
    swap = verbs.swap_part(taken, "hashboard", old="hb-1", new="hb-2", worker="Rig Works", by=cast.technician)
    old, new = Part.objects.get(serial="HB-1"), Part.objects.get(serial="HB-2")
    assert (old.miner, old.shelf, new.miner, new.position) == (None, miner.site, miner, 1)
    assert (swap.removed, swap.fitted, swap.position, swap.worker) == (old, new, 1, "Rig Works")
    # Fitted now: an origin recorded before is older than the fitting, and the miner is news to a sweep.
    assert new.fitted_at > taken.taken_at
    assert Miner.objects.get(pk=miner.pk).changed_at > stamp
    # The faulty board has a ticket of its own and is no free spare.
    assert Ticket.objects.get(part=old).fault == "board_missing"
    assert spare_stock() == [SpareStock("hashboard", "", "bratsk", 1, 1)]
    assert spare_stock()[0].free == 0
    assert TrailEntry.objects.filter(verb="part.swapped").get().detail["out"] == "HB-1"


def test_a_swapped_control_board_makes_the_family_that_of_the_new_one(taken, miner):
    fit_part(miner, "control_board", "CB-1", family="cvitek", by=None)
    verbs.swap_part(taken, "control_board", old="CB-1", new="CB-2", by=None)
    assert Miner.objects.get(pk=miner.pk).board_family == "unknown"
    verbs.swap_part(taken, "control_board", old="CB-2", new="CB-3", family="amlogic", by=None)
    assert Miner.objects.get(pk=miner.pk).board_family == "amlogic"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"old": "HB-9", "new": "HB-2"}, "There is no hashboard HB-9 in SN-1"),
        ({}, "Name the serial"),
        ({"old": "HB-1", "new": "hb-1"}, "Name the serial"),
        ({"old": "HB-1", "new": "HB-7"}, "sits in SN-2"),
        ({"old": "HB-1", "new": "HB-8"}, "on its way with S-1"),
    ],
)
def test_a_swap_that_cannot_be_changes_nothing(given, why, taken, miner, fleet):
    other = register_miner("SN-2", fleet.s19, site=fleet.bratsk, by=None)
    fit_part(other, "hashboard", "HB-7", by=None)
    away = stock_part("hashboard", "HB-8", fleet.pecos, by=None)
    verbs.send_shipment(
        verbs.plan_shipment(
            "S-1", "domestic", parts=[away.pk], from_site=fleet.pecos, to_site=fleet.bratsk, by=None
        ),
        by=None,
    )
    with pytest.raises(Refusal, match=why):
        verbs.swap_part(taken, "hashboard", by=None, **given)
    assert Part.objects.get(serial="HB-1").miner == miner
    assert not Swap.objects.exists()


def test_parts_are_swapped_only_while_a_ticket_is_worked_on(miner):
    ticket = verbs.open_ticket(miner, "fan", by=None)
    with pytest.raises(Refusal, match="Take it first"):
        verbs.swap_part(ticket, "hashboard", old="HB-1", by=None)


def test_a_faulty_board_goes_to_its_maker_and_comes_back_to_the_shelf(taken, miner, cast):
    verbs.swap_part(taken, "hashboard", old="HB-1", new="HB-2", by=cast.technician)
    board = Part.objects.get(serial="HB-1")
    ticket = Ticket.objects.get(part=board)
    shipment = verbs.send_rma(ticket, "Bitmain service", reference="R-55", by=cast.technician)
    board.refresh_from_db()
    assert (ticket.status, shipment.status, shipment.kind, board.shelf) == ("open", "sent", "rma", None)
    with pytest.raises(Refusal, match="Receive it back there"):
        verbs.receive_shipment(shipment, by=cast.technician)
    verbs.receive_back(ticket, is_repaired=True, by=cast.technician)
    verbs.close_ticket(ticket, by=cast.technician)
    board.refresh_from_db()
    shipment.refresh_from_db()
    assert (ticket.status, shipment.status, board.shelf.code) == ("closed", "received", "bratsk")
    assert spare_stock("bratsk")[0].free == 1


def test_a_miner_sent_out_leaves_its_slot_and_comes_back_to_be_worked_on(taken, miner, cast):
    verbs.send_rma(taken, "Bitmain service", by=cast.technician)
    gone = Miner.objects.get(pk=miner.pk)
    assert (gone.status, gone.site, gone.slot) == ("in_transit", None, None)
    verbs.receive_back(taken, is_repaired=False, by=cast.technician)
    back = Miner.objects.get(pk=miner.pk)
    assert (taken.status, back.status, back.site.code) == ("diagnosing", "in_repair", "bratsk")
    assert verbs.send_rma(taken, "Bitmain service", by=cast.technician).number == f"RMA-{taken.pk}-2"


def test_a_held_miner_is_not_sent_out_and_the_reason_is_said(taken, miner, fleet):
    place_hold(fleet.bratsk, reason="blocked pending counsel", authority="EO 14024", by=None)
    with pytest.raises(Refusal, match=r"blocked pending counsel \(EO 14024\)"):
        verbs.send_rma(taken, "Bitmain service", by=None)
    assert Ticket.objects.get(pk=taken.pk).status == "diagnosing"


def test_a_part_in_a_miner_is_swapped_out_before_it_is_sent(miner):
    ticket = verbs.open_ticket(Part.objects.get(serial="HB-1"), "damage", by=None)
    assert ticket.miner == miner
    with pytest.raises(Refusal, match="still sits in its miner"):
        verbs.send_rma(ticket, "Bitmain", by=None)


def test_rules_open_tickets_once_and_rest_after_they_were_closed(miner, django_assert_num_queries):
    facts = [FaultFacts(miner.pk, sustained_minutes=60, hashrate_bps_of_nameplate=6_000)]
    assert verbs.open_by_rules(facts, at=NOON) == 1
    assert verbs.open_by_rules(facts, at=NOON + timedelta(hours=1)) == 0
    ticket = Ticket.objects.get()
    assert (ticket.rule, ticket.fault, ticket.opened_by, state(miner)) == (
        "low-hashrate",
        "low_hashrate",
        None,
        "mining",
    )
    assert TicketNote.objects.get(ticket=ticket).text == "has made under 80 % of its nameplate for 60 minutes"
    verbs.close_ticket(ticket, outcome="pool was down", at=NOON + timedelta(hours=2), by=None)
    assert verbs.open_by_rules(facts, at=NOON + timedelta(hours=25)) == 0
    assert verbs.open_by_rules(facts, at=NOON + timedelta(hours=27)) == 1


def test_rules_leave_alone_what_does_not_run(miner):
    Miner.objects.filter(pk=miner.pk).update(status="in_repair")
    assert verbs.open_by_rules([FaultFacts(miner.pk, minutes_offline=90)], at=NOON) == 0


@pytest.mark.parametrize("count", [2, 5])
def test_rules_cost_the_same_for_any_number_of_miners(count, fleet, django_assert_num_queries):
    keys = [
        register_miner(f"SN-{n}", fleet.s19, site=fleet.bratsk, status="racked", by=None).pk
        for n in range(count)
    ]
    with django_assert_num_queries(15):
        assert verbs.open_by_rules([FaultFacts(key, minutes_offline=45) for key in keys], at=NOON) == count


def test_who_may_not_work_does_not(taken, miner, cast):
    for act in (
        lambda by: verbs.open_ticket(miner, "fan", by=by),
        lambda by: verbs.note(taken, "x", by=by),
        lambda by: verbs.mark_repaired(taken, by=by),
        lambda by: verbs.swap_part(taken, "hashboard", old="HB-1", by=by),
        lambda by: verbs.send_rma(taken, "x", by=by),
        lambda by: verbs.close_ticket(taken, outcome="x", by=by),
    ):
        with pytest.raises(Refusal, match="may not do this"):
            act(cast.auditor)


def test_every_kind_of_fault_has_a_code_of_its_own():
    assert len({fault.code for fault in FAULTS}) == len(FAULTS)
