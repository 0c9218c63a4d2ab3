"""Every cent of the net goes to an owner, whoever they are and whatever their machines weigh."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hosting.ledger.models import Entry, Posting
from hosting.liquidation import tasks, verbs
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.distribution import Claim, plan
from hosting.liquidation.models import Liquidation, ScopeItem, Share, Statement
from hosting.liquidation.statements import issue_batch
from hosting.liquidation.tasks import distribute as distribute_job
from hosting.parties.verbs import place_hold
from kit.errors import Refusal
from kit.jobs import verbs as jobs
from kit.jobs.models import Job
from tests.hosting.story import DAY, PRICE_CENTS

weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)


@given(net=st.integers(0, 10**14), weights=weights)
def test_a_plan_adds_up_to_the_net_and_is_nowhere_a_cent_off(net, weights):
    claims = [Claim(n, f"C-{n:04d}", 1, weight) for n, weight in enumerate(weights)]
    planned = plan(net, claims)
    whole = sum(weights)
    assert sum(one.amount_cents for one in planned) == net
    for one in planned:
        exact, rest = divmod(net * one.claim.weight, whole)
        assert one.amount_cents - one.rounding_cents == exact
        assert one.rounding_cents in (0, 1)
        assert rest or not one.rounding_cents
        assert one.claim.weight or one.amount_cents == 0


@given(net=st.integers(0, 10**9), weights=weights, seed=st.randoms())
def test_a_plan_does_not_depend_on_the_order_of_the_claims(net, weights, seed):
    claims = [Claim(n, f"C-{n:04d}", 1, weight) for n, weight in enumerate(weights)]
    shuffled = list(claims)
    seed.shuffle(shuffled)
    assert plan(net, claims) == plan(net, shuffled)


@pytest.fixture
def ready(story):
    """The story at the gate of the distribution."""
    story.upto("confirm_proceeds")
    return story


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.integers(0, 10**9), min_size=7, max_size=7).filter(any),
    held=st.sets(st.integers(0, 6)),
)
def test_whatever_the_weights_the_database_holds_shares_and_postings_of_exactly_the_net(
    ready, cast, values, held
):
    with transaction.atomic():
        _set_weights(ready, values)
        for place in held:
            place_hold(ready.owners[place], reason="x", by=None, at=datetime(2022, 6, 1, tzinfo=UTC))
        verbs.allocate(ready.case, by=ready.finance, on_day=DAY["allocate"])
        shares = list(Share.objects.filter(case=ready.case).order_by("line"))
        assert sum(share.amount_cents for share in shares) == ready.case.net_cents
        owed = Posting.objects.filter(entry__key__endswith="/distribution", party__isnull=False)
        assert -sum(owed.values_list("amount_cents", flat=True)) == ready.case.net_cents
        aside = {share.party_id for share in shares if share.status == "set_aside"}
        assert aside == {ready.owners[place].pk for place in held}
        assert check_ledger().holds
        transaction.set_rollback(True)
    ready.case.refresh_from_db()


def _set_weights(story, values):
    """One machine of each owner carries the whole weight."""
    ScopeItem.objects.filter(case=story.case).update(appraised_cents=0)
    for party, value in zip(story.owners, values, strict=True):
        item = ScopeItem.objects.filter(case=story.case, party=party).first()
        ScopeItem.objects.filter(pk=item.pk).update(appraised_cents=value)


@pytest.mark.parametrize("basis", ["appraised", "hashrate", "unit"])
def test_shares_follow_the_basis_of_the_case(ready, basis):
    Liquidation.objects.filter(pk=ready.case.pk).update(basis=basis)
    verbs.allocate(ready.case, by=ready.finance, on_day=DAY["allocate"])
    share = Share.objects.get(case=ready.case, line=3)
    items = ScopeItem.objects.filter(case=ready.case, party=share.party)
    wanted = {
        "appraised": sum(item.appraised_cents for item in items),
        "hashrate": sum(item.ghs for item in items),
        "unit": len(items),
    }
    assert share.weight == wanted[basis]


def test_a_distribution_by_job_allocates_and_issues_every_statement(ready):
    job = verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"])
    jobs.run(job.pk)
    job.refresh_from_db()
    ready.case.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", 7, 7)
    assert ready.case.status == "stated"
    assert Statement.objects.count() == 7


def test_asking_again_while_it_waits_returns_the_same_job(ready):
    first = verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"])
    assert verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"]) == first
    assert Job.objects.count() == 1


def test_work_that_is_done_again_changes_nothing(ready):
    job = verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"])
    distribute_job(job)
    before = (Entry.objects.count(), Share.objects.count(), Statement.objects.count())
    distribute_job(job)
    assert (Entry.objects.count(), Share.objects.count(), Statement.objects.count()) == before


def test_a_cancelled_distribution_keeps_whole_batches_and_goes_on_when_asked_again(ready, monkeypatch):
    def cancel_after_three(case, builder, **named):
        issued = issue_batch(case, builder, size=3, **named)
        if Statement.objects.count() == 3:
            jobs.cancel(job, by=None)
        return issued

    monkeypatch.setattr(tasks, "issue_batch", cancel_after_three)
    job = verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert Statement.objects.count() == 3
    again = verbs.distribute(ready.case, by=ready.finance, on_day=DAY["allocate"])
    assert again != job
    jobs.run(again.pk)
    ready.case.refresh_from_db()
    assert ready.case.status == "stated"
    assert Statement.objects.count() == 7
    assert Entry.objects.filter(key__endswith="/distribution").count() == 1


def test_a_distribution_before_the_proceeds_is_refused(story):
    story.upto("approve_sale")
    with pytest.raises(Refusal, match="once the proceeds are confirmed"):
        verbs.distribute(story.case, by=story.finance, on_day=DAY["allocate"])
    assert not Job.objects.exists()


def test_shares_changed_by_hand_stop_the_statements(ready):
    verbs.allocate(ready.case, by=ready.finance, on_day=DAY["allocate"])
    with connection.cursor() as cursor:
        cursor.execute("update hosting_share set amount_cents = amount_cents + 1 where line = 1")
        cursor.execute("update hosting_share set amount_cents = amount_cents - 1 where line = 2")
    with pytest.raises(Refusal, match="published root"):
        verbs.issue_statements(ready.case, by=ready.finance, on_day=DAY["issue_statements"])
    assert not Statement.objects.exists()


def test_a_net_of_nothing_is_not_distributed(story):
    story.upto("approve_sale")
    named = {"on_day": date(2022, 6, 1), "by": story.finance}
    verbs.record_receipt(story.case, PRICE_CENTS, reference="W-1", **named)
    verbs.record_reserve(story.case, "Everything", PRICE_CENTS, **named)
    verbs.confirm_proceeds(story.case, by=story.finance, on_day=DAY["confirm_proceeds"], evidence="bank")
    with pytest.raises(Refusal, match="net is zero"):
        verbs.allocate(story.case, by=story.finance, on_day=DAY["allocate"])
