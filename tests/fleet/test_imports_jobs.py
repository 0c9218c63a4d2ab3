"""An import as a job: seen from other sessions, stopped within the statement, done once whatever kills it."""

import threading
import time

import pytest
from django.db import connection

from fleet.imports import verbs
from fleet.imports.models import BatchStatus, ImportBatch
from fleet.imports.tables import counted, drop_tables
from fleet.miners.models import Miner
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import Cancelled, cancel, enqueue, run
from kit.jobs.watch import Watch

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 3_000


@pytest.fixture
def batch(fleet, monkeypatch) -> ImportBatch:
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    monkeypatch.setattr(verbs, "SMALL_FILE", 0)
    lines = "".join(f"sn-{n:06},Antminer S19,bratsk\n" for n in range(LINES))
    return verbs.receive("many.csv", [b"serial,model,site\n", lines.encode()], by=None)


def done(batch: ImportBatch) -> tuple[Job, ImportBatch]:
    run(batch.job_id)
    return Job.objects.get(pk=batch.job_id), ImportBatch.objects.get(pk=batch.pk)


def test_a_large_file_is_planned_and_applied_by_jobs(batch):
    job, batch = done(verbs.plan_soon(batch, by=None))
    assert (job.status, job.outcome) == (JobStatus.DONE, "3,000 new, 0 changed, 0 the same, 0 refused.")
    job, batch = done(verbs.apply_soon(batch, token=batch.token, by=None))
    assert (job.status, batch.status, Miner.objects.count()) == (JobStatus.DONE, BatchStatus.APPLIED, LINES)


def test_a_job_whose_worker_died_after_the_commit_ends_as_done_and_repeats_nothing(batch):
    batch = verbs.plan(batch, by=None)
    token = batch.token
    verbs.apply(batch, token=token, by=None)  # the worker died before it could say so
    job = enqueue("fleet.apply_import", "again", by=None, arguments={"batch": batch.pk, "token": token})
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, Miner.objects.count()) == (JobStatus.DONE, LINES)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_does_all(batch, monkeypatch):
    batch = verbs.plan(batch, by=None)
    token = batch.token
    with monkeypatch.context() as patched:
        patched.setattr(verbs, "record", _die)
        with pytest.raises(KeyboardInterrupt):
            verbs.apply(batch, token=token, by=None)
    assert (Miner.objects.count(), ImportBatch.objects.get().status) == (0, BatchStatus.PLANNED)
    job, batch = done(verbs.apply_soon(ImportBatch.objects.get(), token=token, by=None))
    assert (job.status, Miner.objects.count()) == (JobStatus.DONE, LINES)


def test_a_plan_that_no_longer_fits_fails_its_job_with_the_sentence(batch, fleet):
    batch = verbs.plan(batch, by=None)
    Miner.objects.create(serial="SN-000007", model=fleet.s19, status="stored", power_w=1, ghs=1)
    job, batch = done(verbs.apply_soon(batch, token=batch.token, by=None))
    assert job.status == JobStatus.FAILED
    assert "The data moved since this plan was made (1 machines)" in job.outcome
    assert Miner.objects.count() == 1


def test_a_statement_is_watched_from_outside_and_stopped_when_asked(batch):
    job = Job.objects.create(kind="fleet.plan_import", title="watched", status=JobStatus.RUNNING)
    seen: list[int] = []

    def stop_once_it_moves() -> None:
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until and not seen:
                row = Job.objects.get(pk=job.pk)
                if row.done > 0:
                    seen.append(row.done)
                    cancel(row, by=None)
                time.sleep(0.05)
        finally:
            connection.close()

    asker = threading.Thread(target=stop_once_it_moves)
    asker.start()
    with pytest.raises(Cancelled):
        _count_without_end(batch, job)
    asker.join()
    assert seen[0] > 0
    job.refresh_from_db()
    assert (job.message, job.total) == ("counting", 10**9)
    verbs.discard(batch, by=None)


def _count_without_end(batch: ImportBatch, job: Job) -> None:
    with counted(batch) as counter, Watch(job, counter) as watch, connection.cursor() as cursor:
        watch.say("counting", total=10**9)
        # A series in the select list comes row by row; in FROM it would all be written out first.
        endless = "select generate_series(1, 1000000000)"
        cursor.execute(f"select count(nextval('{counter}')) from ({endless}) endless")


def _die(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _leave_no_tables():
    """The suite empties tables of models between tests; those of a plan are none."""
    yield
    for batch in ImportBatch.objects.exclude(status=BatchStatus.APPLIED):
        drop_tables(batch)
