"""The distribution as a job: it can be killed at any instruction and goes on where it was."""

from datetime import date

from django.utils.translation import gettext as _

from hosting.liquidation.distribution import KIND, allocate
from hosting.liquidation.models import CaseStatus, Liquidation, Share, Statement
from hosting.liquidation.report import Builder
from hosting.liquidation.statements import finish_statements, issue_batch
from kit.jobs.models import Job
from kit.jobs.registry import does
from kit.jobs.verbs import progress


@does(KIND)
def distribute(job: Job) -> str:
    """Allocate the net, then issue statements batch by batch; done steps are found done."""
    case = Liquidation.objects.select_related("site", "prepared_by").get(pk=job.arguments["case"])
    on_day, by = date.fromisoformat(job.arguments["on_day"]), job.created_by
    if case.status == CaseStatus.RECEIVED:
        progress(job, 0, message=_("Allocating"))
        allocate(case, by=by, on_day=on_day)
    shares = Share.objects.filter(case=case).count()
    if case.status == CaseStatus.ALLOCATED:
        _issue(job, case, shares, on_day)
    return _("%(shares)d shares allocated and their statements issued.") % {"shares": shares}


def _issue(job: Job, case: Liquidation, shares: int, on_day: date) -> None:
    builder = Builder(case)
    while True:
        done = Statement.objects.filter(share__case=case).count()
        named = {"done": done, "shares": shares}
        progress(job, done, total=shares, message=_("%(done)d of %(shares)d statements") % named)
        if not issue_batch(case, builder, by=job.created_by, on_day=on_day):
            break
    finish_statements(case, by=job.created_by, on_day=on_day)
