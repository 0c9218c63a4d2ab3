import logging
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from kit.accounts.verbs import require
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.registry import work_of
from kit.trail.verbs import record

if TYPE_CHECKING:
    from kit.accounts.models import User

log = logging.getLogger(__name__)
LIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


class Cancelled(Exception):
    """Somebody asked for the job to stop; raised at its next sign of progress."""


def enqueue(kind: str, title: str, *, by: "User | None", arguments: dict[str, Any] | None = None) -> Job:
    """Write the job as a row and ring for a worker once the transaction has committed."""
    work_of(kind)
    job = Job.objects.create(kind=kind, title=title, arguments=arguments or {}, created_by=by)
    transaction.on_commit(lambda: ring(job.pk))
    return job


def ring(job_id: int) -> None:
    """Tell the workers that a job waits; a lost ring only delays, for beat rings again."""
    from kit.jobs.tasks import run_job

    try:
        run_job.delay(job_id)
    except Exception as error:  # the broker is only the doorbell: the row stays queued
        log.warning("Nobody was rung for job %d: %s", job_id, error)


def run(job_id: int) -> None:
    """Do a job unless it has ended or another worker is at it.

    The claim is a lock of the database session, so a killed worker lets go at once and the
    next ring starts the work again; the work itself must go on where it was.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [JOB_LOCK, job_id])
        if not cursor.fetchone()[0]:
            return
    try:
        _run_claimed(job_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", [JOB_LOCK, job_id])


JOB_LOCK = 7_461_742
# Without the second half the session of a killed worker keeps its lock until its statement ends.
CLAIM = "select pg_try_advisory_lock(%s, %s), set_config('client_connection_check_interval', '1s', false)"


def _run_claimed(job_id: int) -> None:
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, status__in=LIVE).update(
        status=JobStatus.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    if job.outcome:  # written with the work by a worker that was killed before it could say it was done
        _finish(job, JobStatus.DONE, job.outcome)
        return
    try:
        _stop_if_asked(job)
        outcome = work_of(job.kind)(job)
    except Cancelled:
        _finish(job, JobStatus.CANCELLED, "Stopped on request; nothing half done was kept.")
    except Refusal as refusal:
        _finish(job, JobStatus.FAILED, str(refusal))
    except Exception as error:
        log.exception("Job %d (%s) stopped by an unexpected fault", job_id, job.kind)
        _finish(
            job,
            JobStatus.FAILED,
            f"Stopped by an unexpected fault ({type(error).__name__}). The log has the rest.",
        )
    else:
        _finish(job, JobStatus.DONE, outcome)


def progress(job: Job, done: int, *, total: int | None = None, message: str = "") -> None:
    """Say how far a job is.

    Call it outside the transaction whose work it reports, or nobody sees it before the commit.

    Raises: Cancelled if somebody asked to stop.
    """
    job.done = done
    job.total = job.total if total is None else total
    job.message = message[:300] or job.message
    job.heartbeat_at = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        done=job.done, total=job.total, message=job.message, heartbeat_at=job.heartbeat_at
    )
    _stop_if_asked(job)


def _stop_if_asked(job: Job) -> None:
    if Job.objects.filter(pk=job.pk, cancel_requested_at__isnull=False).exists():
        raise Cancelled


def may_stop(job: Job, user: "User") -> bool:
    """Whether a user may ask a job to stop: who asked for it may, and who may stop those of others."""
    return user.pk == job.created_by_id or user.may("jobs.cancel")


def cancel(job: Job, *, by: "User | None") -> None:
    """Ask a job to stop; one that waits ends at once, one that runs ends at its next sign of progress.

    Raises: Refusal if it is somebody else's and the role lacks the act, or it has ended or done its work.
    """
    if by is not None and not may_stop(job, by):
        require(by, "jobs.cancel")
    now = timezone.now()
    with transaction.atomic():
        going = Job.objects.filter(pk=job.pk, status__in=LIVE, outcome="")
        if not going.update(cancel_requested_at=now):
            raise Refusal(f"“{job.title}” has ended already; there is nothing to stop.")
        Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED).update(
            status=JobStatus.CANCELLED, finished_at=now, outcome="Stopped before it began."
        )
        record("job.cancel_asked", job, by=by)


def _finish(job: Job, status: JobStatus, outcome: str) -> None:
    Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
        status=status, outcome=outcome, finished_at=timezone.now()
    )
