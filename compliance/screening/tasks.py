from celery import shared_task

from compliance.screening.verbs import screen_parties


@shared_task(name="compliance.screen_changed")
def screen_changed() -> int:
    """Screen every party again: party, numbers or lists may have changed since."""
    return len(screen_parties())
