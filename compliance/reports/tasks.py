"""The report as a job, and the bell beat rings for schedules."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.reports import verbs
from kit.jobs.models import Job
from kit.jobs.registry import does
from kit.jobs.verbs import progress


@does(verbs.KIND)
def make(job: Job) -> str:
    """Build, draw, keep and deliver one report."""
    report = verbs.finish_report(job)
    sent = verbs.deliver(report)
    progress(job, verbs.STEPS, total=verbs.STEPS)
    words = {"number": report.document.number, "count": sent}
    return (_("%(number)s, mailed to %(count)d.") if sent else _("%(number)s is in the library.")) % words


@shared_task(name="compliance.make_due_reports")
def make_due_reports() -> int:
    """Ask for every report whose time has come."""
    return len(verbs.make_due_reports(timezone.now()))
