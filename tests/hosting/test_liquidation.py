"""Thirteen gates, in order, each by who may and with what it takes."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from fleet.miners.models import Miner, MoveHold
from fleet.miners.verbs import move_miners
from hosting.liquidation import verbs
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.models import Gate, Liquidation, Payout, ScopeItem, Share, Statement
from hosting.liquidation.steps import GATES, next_gate
from hosting.parties.verbs import NewParty, give_clearance, place_hold, register_party, release_hold
from hosting.valuation.models import ModelPrice
from kit.errors import Refusal
from kit.trail.reads import check_trail
from tests.hosting.story import DAY, ORDER, PRICE_CENTS, QUOTES

NET = PRICE_CENTS - 184_320 - 21_600 - 528_251


def test_the_gates_are_a_chain_from_draft_to_closed():
    for before, after in pairwise(GATES):
        assert after.step.from_status == (before.step.to_status,)
    assert [gate.number for gate in GATES] == list(range(1, 14))
    assert (next_gate("draft"), next_gate("closed")) == (GATES[0], None)
    second = {gate.verb for gate in GATES if gate.step.second_person}
    assert second == {"approve_sale", "pay_out", "close_case"}
    assert all(hasattr(verbs, gate.verb) for gate in GATES)


def test_a_case_goes_through_thirteen_gates_and_its_books_close_to_the_cent(story):
    case = story.upto("close_case")
    assert case.status == "closed"
    assert list(Gate.objects.filter(case=case).values_list("verb", flat=True)) == ORDER
    shares = list(Share.objects.filter(case=case))
    assert sum(share.amount_cents for share in shares) == NET == case.net_cents
    assert {share.status for share in shares} == {"paid"}
    assert (
        Statement.objects.filter(share__case=case).count()
        == Payout.objects.filter(share__case=case).count()
        == 7
    )
    report = check_ledger()
    assert report.holds, report.faults
    assert check_trail().holds


def test_the_scope_is_frozen_as_of_the_day_with_owners_and_weights(story):
    verbs.freeze_scope(story.case, by=story.finance)
    items = ScopeItem.objects.filter(case=story.case)
    assert items.count() == Miner.objects.filter(site=story.site).count()
    assert items.values("party").distinct().count() == 7
    assert set(items.values_list("is_exportable", flat=True)) == {False}


def test_the_hold_stops_moves_and_ends_with_the_case(story, cast):
    story.upto("hold_site")
    miner = Miner.objects.filter(site=story.site).first()
    other = story.site.__class__.objects.create(code="elsewhere", name="Elsewhere", country="RU")
    with pytest.raises(Refusal, match="hold"):
        move_miners([miner.pk], other, by=cast.fleet_manager, at=datetime(2022, 4, 22, tzinfo=UTC))
    for name in ORDER[2:]:
        story.pass_gate(name)
    assert not MoveHold.objects.filter(site=story.site, released_at__isnull=True).exists()


@pytest.mark.parametrize("verb", ORDER[1:])
def test_a_gate_refuses_to_be_passed_before_those_in_front_of_it(story, verb):
    if verb in ("approve_sale", "clear_buyer"):
        verbs.freeze_scope(story.case, by=story.finance)
        story.offer = verbs.record_offer(
            story.case, story.buyer, 5, offered_on=date(2022, 4, 22), by=story.finance
        )
    before = (story.case.status, Gate.objects.count())
    with pytest.raises(Refusal, match=r"waits for gate|between|once|after the sale"):
        story.pass_gate(verb)
    story.case.refresh_from_db()
    assert (story.case.status, Gate.objects.count()) == before


def test_a_gate_is_passed_once(story):
    story.upto("record_review")
    with pytest.raises(Refusal, match="passed already"):
        story.pass_gate("record_review")


def test_a_gate_needs_its_evidence(story):
    story.upto("hold_site")
    with pytest.raises(Refusal, match="needs evidence"):
        verbs.record_review(story.case, by=story.finance, on_day=DAY["record_review"], evidence="  ")


def test_a_gate_is_not_passed_before_the_day_of_the_gate_before_nor_on_a_day_to_come(story):
    story.upto("record_review")
    for day, why in ((date(2022, 5, 1), "earlier"), (date(2999, 1, 1), "still to come")):
        with pytest.raises(Refusal, match=why):
            verbs.record_authority(
                story.case, by=story.finance, on_day=day, evidence="x", authority="Licence"
            )


def test_nothing_goes_on_after_the_authority_has_ended(story):
    story.upto("close_elections")
    with pytest.raises(Refusal, match=r"Licence 7.*ended"):
        verbs.clear_buyer(story.case, story.buyer, by=story.finance, on_day=date(2022, 7, 31), evidence="x")


def test_who_may_not_prepare_is_refused(story, cast):
    for user in (cast.admin, cast.fleet_manager, cast.approver, cast.auditor, cast.customer):
        with pytest.raises(Refusal, match=r"liquidation\.prepare"):
            verbs.freeze_scope(story.case, by=user)


def test_the_sale_takes_a_second_person_who_prepared_nothing(story, cast):
    story.upto("appraise")
    named = {"on_day": DAY["approve_sale"], "evidence": "signed"}
    with pytest.raises(Refusal, match=r"liquidation\.approve"):
        verbs.approve_sale(story.case, story.offer, by=cast.finance, **named)
    with pytest.raises(Refusal, match="system cannot approve"):
        verbs.approve_sale(story.case, story.offer, by=None, **named)
    cast.finance.role = "approver"  # somebody who prepared and was given the other role since
    cast.finance.save()
    with pytest.raises(Refusal, match="prepared this case"):
        verbs.approve_sale(story.case, story.offer, by=cast.finance, **named)
    verbs.approve_sale(story.case, story.offer, by=cast.approver, **named)
    assert story.case.status == "sold"


def test_payouts_take_a_second_person(story, cast):
    story.upto("issue_statements")
    named = {"on_day": DAY["pay_out"], "method": "bank transfer", "evidence": "order 1"}
    for user in (cast.finance, None):
        with pytest.raises(Refusal):
            verbs.pay_out(story.case, by=user, **named)
    assert not Payout.objects.exists()
    assert verbs.pay_out(story.case, by=cast.approver, **named) == 7


def test_a_buyer_without_clearance_is_refused(story):
    story.upto("close_elections")
    other = register_party(NewParty("B-2", "organisation", "Second", country="RU"), by=None)
    with pytest.raises(Refusal, match="no clearance as a buyer"):
        verbs.clear_buyer(story.case, other, by=story.finance, on_day=DAY["clear_buyer"], evidence="x")


def test_a_held_buyer_is_refused(story, cast):
    story.upto("close_elections")
    place_hold(story.buyer, reason="candidate under review", by=cast.compliance_officer)
    with pytest.raises(Refusal, match="blocked pending counsel"):
        story.pass_gate("clear_buyer")


def test_a_buyer_abroad_is_refused_while_machines_cannot_leave_or_nobody_knows(story, cast):
    story.upto("close_elections")
    abroad = register_party(NewParty("B-3", "organisation", "Abroad", country="KZ"), by=None)
    give_clearance(abroad, purpose="buyer", from_on=date(2022, 5, 1), basis="r", by=cast.compliance_officer)
    named = {"by": story.finance, "on_day": DAY["clear_buyer"], "evidence": "x"}
    with pytest.raises(Refusal, match="cannot leave RU"):
        verbs.clear_buyer(story.case, abroad, **named)
    ScopeItem.objects.filter(case=story.case).update(is_exportable=None)
    with pytest.raises(Refusal, match="unknown whether"):
        verbs.clear_buyer(story.case, abroad, **named)
    ScopeItem.objects.filter(case=story.case).update(is_exportable=True)
    verbs.clear_buyer(story.case, abroad, **named)


def test_a_valuation_takes_two_valuers_and_neither_is_the_buyer(story):
    story.upto("clear_buyer")
    buyer = verbs.Quote(story.buyer.name, 1, "x")
    for quotes in ([], QUOTES[:1], [QUOTES[0], QUOTES[0]], [QUOTES[0], buyer]):
        with pytest.raises(Refusal):
            verbs.appraise(story.case, quotes=quotes, by=story.finance, on_day=DAY["appraise"])


def test_a_valuation_names_the_models_without_a_price(story):
    story.upto("clear_buyer")
    ModelPrice.objects.filter(model=story.models[1]).delete()
    with pytest.raises(Refusal, match="no price for: M30S"):
        verbs.appraise(story.case, quotes=QUOTES, by=story.finance, on_day=DAY["appraise"])


def test_an_offer_of_another_than_the_cleared_buyer_is_not_accepted(story):
    story.upto("appraise")
    other = register_party(NewParty("B-4", "organisation", "Other", country="RU"), by=None)
    offer = verbs.record_offer(story.case, other, 9, offered_on=DAY["appraise"], by=story.finance)
    with pytest.raises(Refusal, match="not one of the cleared buyer"):
        verbs.approve_sale(story.case, offer, by=story.approver, on_day=DAY["approve_sale"], evidence="x")


def test_a_receipt_counts_once_by_its_reference_and_never_beyond_the_price(story):
    story.upto("approve_sale")
    named = {"on_day": date(2022, 6, 1), "by": story.finance}
    first = verbs.record_receipt(story.case, 10_000, reference="W-1", **named)
    assert verbs.record_receipt(story.case, 10_000, reference="W-1", **named) == first
    with pytest.raises(Refusal, match="recorded already"):
        verbs.record_receipt(story.case, 10_001, reference="W-1", **named)
    with pytest.raises(Refusal, match="more than the"):
        verbs.record_receipt(story.case, PRICE_CENTS, reference="W-2", **named)


def test_proceeds_are_confirmed_only_when_the_whole_price_is_there(story):
    story.upto("approve_sale")
    verbs.record_receipt(story.case, 10_000, on_day=date(2022, 6, 1), reference="W-1", by=story.finance)
    with pytest.raises(Refusal, match="have been received"):
        verbs.confirm_proceeds(story.case, by=story.finance, on_day=DAY["confirm_proceeds"], evidence="bank")


def test_costs_above_the_receipts_are_refused_before_the_distribution(story):
    story.upto("confirm_proceeds")
    verbs.record_cost(story.case, "Too much", PRICE_CENTS, on_day=DAY["confirm_proceeds"], by=story.finance)
    with pytest.raises(Refusal, match="exceed the receipts"):
        verbs.allocate(story.case, by=story.finance, on_day=DAY["allocate"])
    assert not Share.objects.exists()


def test_a_held_owners_share_is_set_aside_not_paid(story, cast):
    held = story.owners[2]
    place_hold(held, reason="candidate", by=cast.compliance_officer, at=datetime(2022, 6, 1, tzinfo=UTC))
    case = story.upto("close_case")
    share = Share.objects.get(case=case, party=held)
    assert share.status == "set_aside"
    assert share.amount_cents > 0
    assert not Payout.objects.filter(share=share).exists()
    assert Share.objects.filter(case=case, status="paid").count() == 6
    assert check_ledger().holds


def test_an_owner_held_after_the_allocation_is_set_aside_before_the_others_are_paid(story, cast):
    story.upto("issue_statements")
    place_hold(story.owners[0], reason="new listing", by=cast.compliance_officer)
    story.pass_gate("pay_out")
    assert Share.objects.get(case=story.case, party=story.owners[0]).status == "set_aside"
    assert Payout.objects.count() == 6
    assert check_ledger().holds


def test_a_released_owner_is_paid_later_and_only_after_the_hold_has_ended(story, cast):
    held, officer = story.owners[2], cast.compliance_officer
    place_hold(held, reason="candidate", by=officer, at=datetime(2022, 6, 1, tzinfo=UTC))
    case = story.upto("close_case")
    later = date(2022, 7, 10)
    named = {"by": story.finance, "on_day": later, "reason": "not the same person"}
    with pytest.raises(Refusal, match="still on hold"):
        verbs.release_set_aside(case, held, **named)
    release_hold(held, reason="not the same person", by=officer, at=datetime(2022, 7, 5, tzinfo=UTC))
    verbs.release_set_aside(case, held, **named)
    assert check_ledger().holds
    assert verbs.pay_out(case, by=cast.approver, on_day=later, method="wire", evidence="order 2") == 1
    assert Share.objects.get(case=case, party=held).status == "paid"
    assert check_ledger().holds
    with pytest.raises(Refusal, match="No share is due"):
        verbs.pay_out(case, by=cast.approver, on_day=later, method="wire", evidence="order 3")


def test_the_machines_are_handed_over_once_the_price_is_there(story):
    story.upto("approve_sale")
    with pytest.raises(Refusal, match="once the price"):
        verbs.hand_over_machines(story.case, by=story.finance, on_day=date(2022, 6, 1))
    story.pass_gate("confirm_proceeds")
    count = ScopeItem.objects.filter(case=story.case).count()
    assert verbs.hand_over_machines(story.case, by=story.finance, on_day=date(2022, 6, 11)) == count
    assert verbs.hand_over_machines(story.case, by=story.finance, on_day=date(2022, 6, 11)) == 0
    assert not Miner.objects.filter(site=story.site).exists()


def test_a_site_has_one_open_case(story):
    with pytest.raises(Refusal, match="open case already"):
        verbs.open_case(number="LQ-2", title="t", site=story.site, as_of=date(2022, 4, 21), by=story.finance)
    assert Liquidation.objects.count() == 1
