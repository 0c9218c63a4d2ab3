"""Jobs as rows: done once, resumed after a death, stopped on request."""

import time
from datetime import timedelta
from itertools import product

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from kit.errors import Refusal
from kit.jobs import registry, tasks, verbs
from kit.jobs.models import Job


@pytest.fixture
def kind(monkeypatch):
    """A kind of job whose work is a function of the test."""
    monkeypatch.setattr(verbs, "ring", lambda job_id: None)

    def register(work):
        monkeypatch.setitem(registry.KINDS, "test.work", work)
        return "test.work"

    return register


@pytest.mark.django_db
def test_a_job_ends_with_an_outcome_a_person_can_read(kind, cast):
    def work(job: Job) -> str:
        verbs.progress(job, 3, total=4, message="three of four")
        return "Four things done."

    job = verbs.enqueue(kind(work), "A test", by=cast.admin)
    verbs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.total, job.outcome) == ("done", 3, 4, "Four things done.")


@pytest.mark.django_db
def test_a_finished_job_is_not_done_again(kind, cast):
    runs = []
    job = verbs.enqueue(kind(lambda job: runs.append(job.pk) or "done"), "A test", by=cast.admin)
    verbs.run(job.pk)
    verbs.run(job.pk)
    assert runs == [job.pk]


@pytest.mark.django_db
def test_a_refusal_becomes_the_outcome(kind, cast):
    def work(job: Job) -> str:
        raise Refusal("Column watts: -5 is below zero.", where="line 7")

    job = verbs.enqueue(kind(work), "A test", by=cast.admin)
    verbs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.outcome == "line 7: Column watts: -5 is below zero."


@pytest.mark.django_db
def test_a_waiting_job_is_stopped_at_once_and_a_running_one_at_its_next_sign(kind, cast):
    def work(job: Job) -> str:
        verbs.cancel(job, by=cast.admin)
        verbs.progress(job, 1)
        return "never said"

    job = verbs.enqueue(kind(work), "A test", by=cast.admin)
    waiting = verbs.enqueue("test.work", "Another", by=cast.admin)
    verbs.cancel(waiting, by=cast.admin)
    verbs.run(job.pk)
    for row in (job, waiting):
        row.refresh_from_db()
        assert row.status == "cancelled"
    with pytest.raises(Refusal, match="has ended already"):
        verbs.cancel(waiting, by=cast.admin)


@pytest.mark.django_db
def test_a_job_whose_outcome_is_written_is_done_and_cannot_be_stopped_any_more(kind, cast):
    runs = []
    job = verbs.enqueue(kind(lambda job: runs.append(1) or "never said"), "A test", by=cast.admin)
    killed = Job.objects.filter(pk=job.pk)
    killed.update(status="running", outcome="Four things done.")  # its worker died before it could say so
    with pytest.raises(Refusal, match="has ended already"):
        verbs.cancel(job, by=cast.admin)
    killed.update(cancel_requested_at=timezone.now())  # as one who asked a moment before the commit
    verbs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.outcome, runs) == ("done", "Four things done.", [])


@pytest.mark.django_db
def test_who_asked_for_a_job_may_stop_it_and_others_need_the_act(kind, cast, as_user):
    mine = verbs.enqueue(kind(lambda job: "done"), "Mine", by=cast.technician)
    others = verbs.enqueue("test.work", "Another's", by=cast.admin)
    client = as_user(cast.technician)
    assert b"Stop" in client.get(reverse("operator:job", args=[mine.pk])).content
    assert b"Stop" not in client.get(reverse("operator:job", args=[others.pk])).content
    with pytest.raises(Refusal, match=r"lacks “jobs\.cancel”"):
        verbs.cancel(others, by=cast.technician)
    for job, path in product((mine, others), ("operator:job_cancel", "operator:overview_job_stop")):
        client.post(reverse(path, args=[job.pk]))
    assert client.post(f"/api/v1/jobs/{others.pk}/cancel/").status_code >= 400
    for job, status in ((mine, "cancelled"), (others, "queued")):
        job.refresh_from_db()
        assert job.status == status
    verbs.cancel(others, by=cast.finance)


@pytest.mark.django_db(transaction=True)
def test_a_job_another_worker_holds_is_left_alone(kind, cast):
    runs = []
    job = verbs.enqueue(kind(lambda job: runs.append(1) or "done"), "A test", by=cast.admin)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", [verbs.JOB_LOCK, job.pk])
        verbs.run(job.pk)
        assert runs == []
    finally:
        other.close()  # as a killed worker's connection does
    until = time.monotonic() + 20
    while not runs and time.monotonic() < until:  # the server hears of it a moment later
        verbs.run(job.pk)
        time.sleep(0.05)
    assert runs == [1]


@pytest.mark.django_db
def test_beat_rings_again_for_jobs_without_a_sign_of_life(kind, cast, monkeypatch):
    job = verbs.enqueue(kind(lambda job: "done"), "A test", by=cast.admin)
    rung = []
    monkeypatch.setattr(verbs, "ring", rung.append)
    assert tasks.ring_waiting_jobs() == 0
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert tasks.ring_waiting_jobs() == 1
    assert rung == [job.pk]


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_and_nothing_is_written(cast):
    with pytest.raises(Refusal, match="No code does jobs"):
        verbs.enqueue("test.nobody", "A test", by=cast.admin)
    assert not Job.objects.exists()
