from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext

from fleet.imports import verbs
from fleet.imports.models import BatchStatus, ImportBatch
from kit.jobs.models import Job
from kit.jobs.registry import does


@does("fleet.plan_import")
def plan_import(job: Job) -> str:
    """Make the plan of a batch."""
    batch = verbs.plan(ImportBatch.objects.get(pk=job.arguments["batch"]), by=job.created_by, job=job)
    return batch.refusal or outcome_of(batch)


@does("fleet.apply_import")
def apply_import(job: Job) -> str:
    """Apply the plan of a batch, unless a run before this one did and was killed before it could say so."""
    batch = ImportBatch.objects.get(pk=job.arguments["batch"])
    if batch.status != BatchStatus.APPLIED or batch.token != job.arguments["token"]:
        batch = verbs.apply(
            batch,
            token=job.arguments["token"],
            by=job.created_by,
            job=job,
            accept_overcommitment=job.arguments.get("accept_overcommitment", False),
            reason=job.arguments.get("reason", ""),
        )
    return outcome_of(batch)


@shared_task(name="fleet.expire_import_plans")
def expire_import_plans() -> int:
    """Drop plans nobody applied."""
    return verbs.expire_plans(timezone.now() - verbs.PLAN_LIVES)


def outcome_of(batch: ImportBatch) -> str:
    """A batch in one sentence."""
    return gettext("{new} new, {changed} changed, {same} the same, {refused} refused.").format(
        new=f"{batch.creates:,}",
        changed=f"{batch.updates:,}",
        same=f"{batch.same:,}",
        refused=f"{batch.refused:,}",
    )
