from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kit.accounts.gates import actor, needs
from kit.errors import Refusal
from kit.jobs import verbs
from kit.jobs.models import Job


@needs("jobs.view")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress; asked for by htmx it answers with the progress alone."""
    job = get_object_or_404(Job.objects.select_related("created_by"), pk=pk)
    may_stop = verbs.may_stop(job, actor(request))
    if request.htmx:  # type: ignore[attr-defined]
        piece = render(request, "kit/job_progress.html", {"job": job, "may_stop": may_stop})
        if job.finished_at is not None:
            # What stands around it, such as the buttons of a shipment, has waited for this end.
            piece["HX-Refresh"] = "true"
        return piece
    shown = {"job": job, "may_stop": may_stop, "title": job.title, "back": job.arguments.get("back")}
    return render(request, "kit/job.html", admin.site.each_context(request) | shown)


@needs("jobs.view")
@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop and show it again; the verb asks whose it is."""
    job = get_object_or_404(Job, pk=pk)
    try:
        verbs.cancel(job, by=actor(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("operator:job", pk=pk)
