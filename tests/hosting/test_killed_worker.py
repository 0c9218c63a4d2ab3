"""A worker is killed with -9 in the middle of a distribution; real processes, real broker."""

import signal

import pytest
from django.conf import settings

from hosting.ledger.models import Entry
from hosting.liquidation import verbs
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.models import Gate, Share, Statement
from kit.jobs import verbs as jobs
from kit.jobs.models import Job
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.hosting.story import DAY, tell
from tests.real_worker import comes_true, forget_rings, redis_url, ring, worker

OWNERS = 160


@pytest.mark.processes
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_distribution_whose_worker_is_killed_twice_ends_once_with_the_same_totals(
    cast, tmp_path, monkeypatch
):
    forget_rings()
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)  # another installation's worker must not hear it
    story = tell(finance=cast.finance, approver=cast.approver, officer=cast.compliance_officer, owners=OWNERS)
    case = story.upto("confirm_proceeds")
    job = verbs.distribute(case, by=cast.finance, on_day=DAY["allocate"])
    ring(job)
    log = tmp_path / "worker.log"

    for at_least in (1, 51):
        with worker(log) as killed:
            comes_true(lambda least=at_least: Statement.objects.count() >= least, log)
            killed.send_signal(signal.SIGKILL)
            killed.wait(20)
        assert Statement.objects.count() < OWNERS, "the worker was too fast to be killed in the middle"
        assert Job.objects.get(pk=job.pk).status == "running"
    with worker(log):
        comes_true(lambda: Job.objects.get(pk=job.pk).status not in ("queued", "running"), log)

    job.refresh_from_db()
    case.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", OWNERS, OWNERS), job.outcome
    assert job.attempts >= 3
    assert case.status == "stated"
    shares = Share.objects.filter(case=case)
    assert shares.count() == Statement.objects.count() == OWNERS
    assert sum(shares.values_list("amount_cents", flat=True)) == case.net_cents
    assert Entry.objects.filter(key=f"{case.number}/distribution").count() == 1
    assert Gate.objects.filter(case=case, verb__in=["allocate", "issue_statements"]).count() == 2
    told = TrailEntry.objects.filter(verb="liquidation.statements_issued").values_list(
        "detail__statements", flat=True
    )
    assert sum(told) == OWNERS
    assert check_ledger().holds
    assert check_trail().holds


def test_this_test_uses_a_broker_database_of_its_own():
    assert redis_url() != settings.CACHES["default"]["LOCATION"]
