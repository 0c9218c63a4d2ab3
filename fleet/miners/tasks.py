from celery import shared_task
from django.utils import timezone

from fleet.miners import verbs
from fleet.miners.chosen import KIND, carry_on
from kit.jobs.models import Job
from kit.jobs.registry import does


@does(KIND)
def act_on_choice(job: Job) -> str:
    """Move, receive, set, give away or end the miners of a choice."""
    return carry_on(job)


@shared_task(name="fleet.make_snapshots")
def make_snapshots() -> int:
    """Make the snapshots of past days that are due."""
    return verbs.make_snapshots()


@shared_task(name="fleet.forget_choices")
def forget_choices() -> int:
    """Drop choices nobody works on any more."""
    return verbs.forget_choices(timezone.now())
