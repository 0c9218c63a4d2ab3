"""The page of a case: where it stands, the next step as a button, and refusals that change nothing."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hosting.liquidation import verbs
from hosting.liquidation.fields import ActForm
from hosting.liquidation.forms import FORMS
from hosting.liquidation.models import CaseStatus, Cost, Gate, Liquidation, Offer, Payout, Receipt, Share
from hosting.liquidation.page import ROWS, case_page
from hosting.liquidation.steps import GATES
from hosting.parties.verbs import place_hold
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import run
from kit.units import format_money
from tests.hosting.story import DAY, ORDER, PRICE_CENTS, Story, tell

TODAY = date(2026, 1, 15)


def address(story: Story, name: str = "liquidation", *more: str) -> str:
    return reverse(f"operator:{name}", args=[story.case.number, *more])


def shown(client, story: Story, status: int = 200, **asked) -> str:
    response = client.get(address(story), asked)
    assert response.status_code == status
    return response.content.decode()


def send(client, story: Story, verb: str, **given):
    return client.post(address(story, "liquidation_gate", verb), given)


def dashed(body: str) -> str:
    """The button that may not be pressed, with the reason beside it."""
    found = re.search(r'aria-disabled="true">([^<]*)</span><span class="sub">([^<]*)', body)
    return f"{found[1]} | {found[2]}" if found else ""


@pytest.fixture
def client(as_user, story):
    return as_user(story.finance)


@pytest.fixture
def second(as_user, story):
    return as_user(story.approver)


@pytest.fixture
def allocated(story):
    """A case whose first owner is held and whose statements are issued."""
    place_hold(story.owners[0], reason="a designation", by=story.officer)
    story.upto("issue_statements")
    return story


GIVEN = {
    "freeze_scope": {},
    "hold_site": {"evidence": "the host was designated"},
    "record_review": {"evidence": "memo of 2 May 2022", "counsel": "Counsel LLP"},
    "record_authority": {"authority": "Licence 7", "ends_on": "2022-07-31", "evidence": "letter"},
    "close_elections": {"answered": "6", "evidence": "answers"},
    "clear_buyer": {"buyer": "LQ-2022-001-BUYER", "evidence": "screening"},
    "appraise": {
        "valuer_1": "Alder",
        "total_1": "200,000.00",
        "evidence_1": "A-1",
        "valuer_2": "Birch",
        "total_2": "190000",
        "evidence_2": "B-7",
    },
    "approve_sale": {"evidence": "agreement"},
    "confirm_proceeds": {"evidence": "bank advice"},
    "distribute": {"typed": "LQ-2022-001"},
    "pay_out": {"method": "bank transfer", "evidence": "order", "typed": "LQ-2022-001"},
    "close_case": {"evidence": "reconciliation", "typed": "LQ-2022-001"},
}


def test_a_case_is_walked_from_scope_to_close_through_its_buttons(client, second, story) -> None:
    for verb, given in GIVEN.items():
        day = DAY["allocate" if verb == "distribute" else verb]
        who = second if FORMS[verb].is_second_person else client
        if verb == "appraise":
            offer = {"buyer": story.buyer.number, "amount": "123,456.78", "day": day}
            assert send(client, story, "record_offer", **offer).status_code == 302
        if verb == "approve_sale":
            given = given | {"offer": Offer.objects.get().pk}
        if verb == "confirm_proceeds":
            receipt = {"amount": "123456.78", "reference": "W-1", "day": day}
            assert send(client, story, "record_receipt", **receipt).status_code == 302
            cost = {"label": "Counsel", "amount": "1,843.20", "day": day}
            assert send(client, story, "record_cost", **cost).status_code == 302
            reserve = {"label": "Taxes", "amount": "5,282.51", "day": day}
            assert send(client, story, "record_reserve", **reserve).status_code == 302
        if verb == "pay_out":
            given = given | {"day": date(2022, 6, 20)}
        response = send(who, story, verb, **({"day": day} | given))
        assert response.status_code == 302, (
            verb,
            re.findall(r"<b>([^<]*)</b> Nothing", response.content.decode()),
        )
        if verb == "distribute":
            run(Job.objects.get().pk)
    story.case.refresh_from_db()
    assert (story.case.status, story.case.net_cents) == (CaseStatus.CLOSED, PRICE_CENTS - 184_320 - 528_251)
    assert Payout.objects.count() == Share.objects.count() == len(story.owners)
    assert [gate.verb for gate in Gate.objects.filter(case=story.case)] == ORDER
    body = shown(client, story)
    assert "Closed: every gate is passed" in body
    assert "equals net" in body


def test_every_gate_has_one_form_and_every_form_starts_where_its_verb_does() -> None:
    for gate in GATES:
        (status,) = gate.step.from_status
        forms = [form for form in FORMS.values() if status in form.statuses and form.verb != "record_offer"]
        steps = [form for form in forms if form.verb in (gate.verb, "distribute")]
        assert len(steps) == 1, gate.verb
        assert steps[0].needs_act == gate.step.act
        assert steps[0].is_second_person == gate.step.second_person


def test_what_cannot_be_taken_back_asks_for_the_number_of_the_case() -> None:
    typed = {verb for verb, form in FORMS.items() if form.is_typed}
    assert typed == {"distribute", "pay_out", "pay_released", "close_case", "hand_over_machines"}


def test_the_button_names_the_act_with_its_figures(client, story) -> None:
    machines = story.site.miner_set.count()
    assert f"Freeze the scope of {machines} machines" in shown(client, story)
    story.upto("confirm_proceeds")
    net = format_money(PRICE_CENTS - 184_320 - 21_600 - 528_251, "USD")
    assert f"Distribute {net} to 7 owners" in shown(client, story)


def test_whoever_prepared_sees_the_approval_dashed_with_the_reason(client, second, story) -> None:
    story.upto("appraise")
    body = shown(client, story)
    assert dashed(body) == (
        "Approve the sale for 123,456.78\u202fUSD | "
        "waits for a second person; Marin prepared this case and cannot approve"
    )
    assert "waits for a second person (Lindqvist); Marin cannot approve" in body
    assert dashed(shown(second, story)) == ""


def test_a_role_without_the_act_sees_the_button_dashed_and_is_refused_by_hand(as_user, cast, story) -> None:
    auditor = as_user(cast.auditor)
    assert "your role, Auditor, read only, lacks this act" in dashed(shown(auditor, story))
    assert send(auditor, story, "freeze_scope", day="2022-04-21").status_code == 403
    assert as_user(cast.technician).get(address(story)).status_code == 403
    story.case.refresh_from_db()
    assert story.case.status == CaseStatus.DRAFT


def test_a_refusal_stands_on_the_form_and_nothing_is_changed(client, story) -> None:
    story.upto("freeze_scope")
    response = send(client, story, "hold_site", day="2022-04-20", evidence="designated")
    assert response.status_code == 400
    body = response.content.decode()
    assert "The gate before was passed on 21 Apr 2022; 20 Apr 2022 is earlier." in body
    assert 'value="designated"' in body
    assert Gate.objects.count() == 1


def test_a_wrong_number_typed_distributes_nothing(client, story) -> None:
    story.upto("confirm_proceeds")
    response = send(client, story, "distribute", day=DAY["allocate"], typed="LQ-2022-01")
    assert response.status_code == 400
    assert "“LQ-2022-01” is not the number of this case." in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("amount", ["-5", "1.234", "12,34.00", "a lot", "0", "9" * 30])
def test_an_amount_that_cannot_be_is_refused_and_not_booked(client, story, amount) -> None:
    story.upto("approve_sale")
    given = {"label": "Counsel", "amount": amount, "day": "2022-06-01"}
    assert send(client, story, "record_cost", **given).status_code == 400
    assert not Cost.objects.exists()


def test_a_gate_sent_twice_is_passed_once(client, story) -> None:
    given = {"day": "2022-04-21"}
    assert send(client, story, "freeze_scope", **given).status_code == 302
    second = send(client, story, "freeze_scope", **given)
    assert second.status_code == 400
    assert "was passed already" in second.content.decode()
    assert Gate.objects.count() == 1


def test_proceeds_cannot_be_confirmed_while_something_is_owed(client, story) -> None:
    story.upto("approve_sale")
    reason = dashed(shown(client, story))
    assert "0.00\u202fUSD of 123,456.78\u202fUSD have been received" in reason
    receipt = {"amount": "123,456.79", "reference": "W-1", "day": "2022-06-01"}
    assert "is more than the" in send(client, story, "record_receipt", **receipt).content.decode()
    assert not Receipt.objects.exists()


def test_while_a_worker_is_at_it_there_is_progress_and_no_button(client, story) -> None:
    story.upto("confirm_proceeds")
    job = verbs.distribute(story.case, by=story.finance, on_day=DAY["allocate"])
    body = shown(client, story)
    assert "a worker is at it" in body
    assert "Distribute" not in body.partition('class="ph ph-page"')[2].replace("Distribution", "")
    work = client.get(address(story, "liquidation_work"))
    assert 'hx-trigger="every 2s"' in work.content.decode()
    assert "HX-Refresh" not in work
    run(job.pk)
    ended = client.get(address(story, "liquidation_work"))
    assert ended["HX-Refresh"] == "true"
    assert "every 2s" not in ended.content.decode()


def test_a_distribution_that_failed_can_be_gone_on_with(client, story) -> None:
    story.upto("allocate")
    verbs.distribute(story.case, by=story.finance, on_day=DAY["issue_statements"])
    Job.objects.update(status=JobStatus.FAILED, finished_at="2099-01-01T00:00Z", outcome="the disk was full")
    body = shown(client, story)
    assert "Go on: issue 7 statements" in body
    assert "the disk was full" in body


def test_the_allocation_equals_the_net_and_is_read_page_by_page(as_user, cast) -> None:
    story = tell(
        finance=cast.finance, approver=cast.approver, officer=cast.compliance_officer, owners=ROWS + 3
    )
    story.upto("allocate")
    client = as_user(cast.finance)
    first, lines = shown(client, story), r"LQ-2022-001-\d{4}</a>"
    assert len(re.findall(lines, first)) == ROWS
    rest = shown(client, story, after=ROWS)
    assert len(re.findall(lines, rest)) == 3
    assert "End of the list" in rest
    page = case_page(story.case, cast.finance, TODAY, rows=100)
    assert sum(row.share.amount_cents for row in page.shares) == page.net_cents == story.case.net_cents
    assert page.waterfall.mismatches == ()
    assert page.given_by_rank_cents == sum(row.share.rounding_cents for row in page.shares) > 0


def test_shares_are_filtered_by_state(client, allocated) -> None:
    held = shown(client, allocated, state="set_aside")
    assert "set aside, owner held" in held
    assert allocated.owners[0].number in held
    assert allocated.owners[1].number not in held
    assert shown(client, allocated, status=400, state="stolen")


def test_every_step_of_the_waterfall_opens_its_postings(client, allocated) -> None:
    page = case_page(allocated.case, allocated.finance, TODAY)
    assert [step.label for step in page.waterfall.steps][-3:] == [
        "Net to owners",
        "Blocked account",
        "To be paid",
    ]
    for step in page.waterfall.steps:
        assert client.get(step.url).status_code == 200, step.label


def test_a_held_owners_share_is_shown_as_set_aside_and_released_by_hand(client, allocated) -> None:
    owner = allocated.owners[0].number
    given = {"owner": owner, "reason": "the hold ended", "day": "2022-06-18"}
    refused = send(client, allocated, "release_set_aside", **given)
    assert "is still on hold" in refused.content.decode()
    unknown = send(client, allocated, "release_set_aside", **(given | {"owner": "P-0"}))
    assert "There is no party P-0" in unknown.content.decode()
    assert Share.objects.filter(status="set_aside").count() == 1


def test_the_page_shows_the_case_as_it_stood_on_a_day(client, allocated) -> None:
    allocated.pass_gate("pay_out")
    early = case_page(allocated.case, allocated.finance, date(2022, 5, 25), is_now=False)
    assert (early.course.number, early.owners, early.received_cents) == (8, 0, 0)
    due = case_page(allocated.case, allocated.finance, date(2022, 6, 17), is_now=False)
    assert [(row.status, row.owners) for row in due.sums] == [("due", 6), ("set_aside", 1)]
    assert due.payouts == ()
    paid = case_page(allocated.case, allocated.finance, date(2022, 6, 20), is_now=False)
    assert [(row.status, row.owners) for row in paid.sums] == [("paid", 6), ("set_aside", 1)]
    body = shown(client, allocated, as_of="2022-05-25")
    assert "As it stood on 25 May 2022." in body
    assert '<form method="post"' not in body.partition('class="ph ph-page"')[2]


@pytest.mark.parametrize("day", ["2022-04-20", "2999-01-01", "yesterday"])
def test_a_day_that_cannot_be_shown_is_refused_in_a_sentence(client, story, day) -> None:
    assert "Nothing to show for this day" in shown(client, story, status=400, as_of=day)


def test_the_books_are_added_up_again_and_a_changed_cent_is_named(client, allocated) -> None:
    body = client.get(address(allocated, "liquidation_books")).content.decode()
    assert re.search(r"Books re-added \d\d:\d\d UTC: \d+ entries, \d+ postings", body)
    Share.objects.filter(line=2).update(amount_cents=1)
    assert "The books do not add up" in client.get(address(allocated, "liquidation_books")).content.decode()


def test_the_allocation_is_a_csv_whose_cells_are_text(client, allocated) -> None:
    party = allocated.owners[1]
    party.name = "=HYPERLINK(1)"
    party.save()
    lines = client.get(address(allocated, "liquidation_csv")).content.decode().splitlines()
    assert len(lines) == 1 + len(allocated.owners)
    assert f"2,{party.number},'=HYPERLINK(1)," in lines[2]
    cents = [int(line.split(",")[7]) for line in lines[1:]]
    assert sum(cents) == allocated.case.net_cents


def test_a_case_is_opened_from_its_form_and_a_second_one_refused(client, story, as_user, cast) -> None:
    opened = reverse("operator:liquidation_open")
    assert as_user(cast.approver).get(opened).status_code == 403
    assert story.site.name not in client.get(opened).content.decode().partition("What is to be sold")[2]
    other = story.site.__class__.objects.create(code="texas", name="Texas", country="US")
    given = {"site": "texas", "number": "LQ/1", "title": "Exit", "as_of": "2022-04-21", "currency": "usd"}
    bad = client.post(opened, given | {"basis": "appraised"})
    assert "Use letters, digits, points and hyphens" in bad.content.decode()
    taken = client.post(opened, given | {"basis": "appraised", "number": story.case.number})
    assert "is taken" in taken.content.decode()
    good = client.post(opened, given | {"basis": "unit", "number": "LQ-2"})
    assert good.status_code == 302
    case = Liquidation.objects.get(site=other)
    assert (case.number, case.currency, case.basis, case.prepared_by) == (
        "LQ-2",
        "USD",
        "unit",
        story.finance,
    )


def test_an_unknown_case_or_act_is_not_found(client, story) -> None:
    assert client.get(reverse("operator:liquidation", args=["LQ-0"])).status_code == 404
    assert send(client, story, "give_away").status_code == 404
    assert client.get(address(story, "liquidation_gate", "freeze_scope")).status_code == 405


def test_names_and_labels_are_escaped(client, story) -> None:
    story.upto("approve_sale")
    given = {"label": "<script>alert(1)</script>", "amount": "1.00", "day": "2022-06-01"}
    send(client, story, "record_receipt", amount="10.00", reference="W-1", day="2022-06-01")
    send(client, story, "record_cost", **given)
    body = shown(client, story)
    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert" not in body


@pytest.mark.parametrize(
    "verb", ["", "freeze_scope", "close_elections", "appraise", "approve_sale", "issue_statements"]
)
def test_the_page_costs_twelve_queries_at_most(client, story, verb) -> None:
    if verb:
        story.upto(verb)
    shown(client, story)
    with CaptureQueriesContext(connection) as found:
        shown(client, story)
    assert len(found) <= 12, [query["sql"][:90] for query in found]


def test_the_page_costs_the_same_however_many_owners_there_are(as_user, cast) -> None:
    counts = []
    for number, owners in (("LQ-1", 3), ("LQ-2", 40)):
        story = tell(
            finance=cast.finance,
            approver=cast.approver,
            officer=cast.compliance_officer,
            owners=owners,
            number=number,
        )
        story.upto("pay_out")
        client = as_user(cast.finance)
        with CaptureQueriesContext(connection) as found:
            shown(client, story)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 12


def test_no_page_of_a_case_carries_style_or_script_of_its_own(client, allocated) -> None:
    body = shown(client, allocated).partition('class="ph ph-page"')[2].partition("</main>")[0]
    assert "style=" not in body
    assert "onclick=" not in body
    assert issubclass(FORMS["pay_out"], ActForm)
