from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext

from fleet.queries import verbs, writing
from fleet.queries.models import Export
from kit.jobs.models import Job
from kit.jobs.registry import does


@does("fleet.export")
def write_export(job: Job) -> str:
    """Write an export's file, unless a run before this one did and was killed before it could say so."""
    export = Export.objects.get(pk=job.arguments["export"])
    if export.finished_at is None:
        export = writing.write(export, job)
    return gettext("{rows} rows in {file}.").format(rows=f"{export.rows:,}", file=export.filename)


@shared_task(name="fleet.expire_exports")
def expire_exports() -> int:
    """Drop files nobody needs any more."""
    return verbs.expire_exports(timezone.now())
