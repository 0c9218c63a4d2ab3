"""A worker is killed with -9 in the middle of a distribution; real processes, real broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from config import runtime
from hosting.ledger.models import Entry
from hosting.liquidation import verbs
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.models import Gate, Share, Statement
from kit.jobs import verbs as jobs
from kit.jobs.models import Job
from kit.jobs.tasks import run_job
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.hosting.story import DAY, tell

OWNERS = 260
PATIENCE_S = 90
TESTS_REDIS = 15  # a database of the broker that nothing else uses
RESTORE_AFTER_S = 4
PROJECT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The address of the database this test runs in, for another process."""
    found = connection.settings_dict
    host = quote(str(found["HOST"]), safe="")
    user = quote(str(found["USER"])) + (f":{quote(str(found['PASSWORD']))}" if found["PASSWORD"] else "")
    return f"postgresql://{user}@/{found['NAME']}?host={host}" + (
        f"&port={found['PORT']}" if found["PORT"] else ""
    )


def redis_url() -> str:
    url = runtime.redis_url()
    if url.startswith("unix://"):
        return url.partition("?")[0] + f"?db={TESTS_REDIS}"
    return (
        url.rstrip("/").rpartition("/")[0] + f"/{TESTS_REDIS}"
        if url.count("/") > 2
        else f"{url}/{TESTS_REDIS}"
    )


def broker_url() -> str:
    url = redis_url()
    return (
        f"redis+socket://{url[7:].partition('?')[0]}?virtual_host={TESTS_REDIS}"
        if url.startswith("unix")
        else url
    )


@contextmanager
def worker(log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A real Celery worker on this test's database and broker, killed at the latest when the test leaves."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url(),
        "CELERY_VISIBILITY_TIMEOUT": str(RESTORE_AFTER_S),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", "1"]
    command += ["--loglevel", "INFO", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    with log.open("ab") as out:
        started = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=out)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGKILL)
        started.wait(20)


def comes_true(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()[-3_000:]
        time.sleep(0.02)


@pytest.mark.processes
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_distribution_whose_worker_is_killed_twice_ends_once_with_the_same_totals(
    cast, tmp_path, monkeypatch
):
    redis.Redis.from_url(redis_url()).flushdb()
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)  # another installation's worker must not hear it
    story = tell(finance=cast.finance, approver=cast.approver, officer=cast.compliance_officer, owners=OWNERS)
    case = story.upto("confirm_proceeds")
    job = verbs.distribute(case, by=cast.finance, on_day=DAY["allocate"])
    with current_app.connection_for_write(broker_url()) as ringing:
        run_job.apply_async(args=[job.pk], connection=ringing)
    log = tmp_path / "worker.log"

    for at_least in (1, 101):
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
