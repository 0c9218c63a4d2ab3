from celery import shared_task

from fleet.workshop import verbs
from fleet.workshop.journeys import KIND, carry_on
from kit.jobs.models import Job
from kit.jobs.registry import does


@does(KIND)
def do_journey(job: Job) -> str:
    """Send, hold, release or receive a shipment."""
    return carry_on(job)


@shared_task(name="fleet.watch_readings")
def watch_readings() -> int:
    """Open the tickets that readings ask for."""
    return verbs.watch_readings()
