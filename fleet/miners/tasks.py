from celery import shared_task

from fleet.miners import verbs


@shared_task(name="fleet.make_snapshots")
def make_snapshots() -> int:
    """Make the snapshots of past days that are due."""
    return verbs.make_snapshots()
