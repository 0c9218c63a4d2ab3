from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kit.jobs import verbs
from kit.jobs.models import Job

RING_AGAIN_AFTER = timedelta(seconds=20)


@shared_task(name="kit.jobs.run_job")
def run_job(job_id: int) -> int:
    """Do one job."""
    verbs.run(job_id)
    return job_id


@shared_task(name="kit.jobs.ring_waiting_jobs")
def ring_waiting_jobs() -> int:
    """Ring again for every job without a recent sign of life; those being worked on ignore it."""
    quiet = timezone.now() - RING_AGAIN_AFTER
    waiting = Job.objects.filter(status="queued", created_at__lt=quiet) | Job.objects.filter(
        status="running", heartbeat_at__lt=quiet
    )
    ids = list(waiting.order_by("id").values_list("id", flat=True)[:200])
    for job_id in ids:
        verbs.ring(job_id)
    return len(ids)
