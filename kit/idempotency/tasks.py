from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kit.idempotency.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


@shared_task(name="kit.forget_answers")
def forget_answers() -> int:
    """Forget the answers whose keys may be used anew."""
    return KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
