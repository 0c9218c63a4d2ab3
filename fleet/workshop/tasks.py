from celery import shared_task

from fleet.workshop import verbs


@shared_task(name="fleet.watch_readings")
def watch_readings() -> int:
    """Open the tickets that readings ask for."""
    return verbs.watch_readings()
