from contextlib import suppress

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from compliance.exposure.day import asked_day, today
from compliance.overview.reads import overview
from compliance.overview.sites import site_page
from compliance.overview.work import job_line
from fleet.sites.models import Site
from kit.accounts.gates import actor, needs
from kit.accounts.models import User
from kit.errors import Refusal
from kit.jobs import verbs
from kit.jobs.models import Job
from kit.look.samples import guide as samples


@needs("fleet.view")
def overview_page(request: HttpRequest) -> HttpResponse:
    """Where everything stands as of a day; the first page of the operator."""
    refusal, day = "", today()
    try:
        day = asked_day(request)
    except Refusal as refused:
        refusal = refused.message
    page = overview(day, actor(request))
    shown = {"page": page, "refusal": refusal, "title": _("Overview"), "is_synthetic": page.is_synthetic}
    context = admin.site.each_context(request) | shown
    return render(request, "compliance/overview.html", context, status=400 if refusal else 200)


@needs("fleet.view")
def site(request: HttpRequest, code: str) -> HttpResponse:
    """One site as of a day."""
    found = get_object_or_404(Site, code=code)
    context = admin.site.each_context(request) | {"title": found.name, "site_code": found.code}
    try:
        page = site_page(found, asked_day(request), actor(request))
    except Refusal as refused:
        refused_as = context | {"sentence": refused.message, "day": today()}
        return render(request, "compliance/refused.html", refused_as, status=400)
    shown = {"page": page, "is_synthetic": page.is_synthetic}
    return render(request, "compliance/site.html", context | shown)


@needs("jobs.view")
def job_row(request: HttpRequest, pk: int) -> HttpResponse:
    """One job as a row of a list; the row asks for itself while the job runs."""
    return _row(request, get_object_or_404(Job, pk=pk), actor(request))


@needs("jobs.view")
@require_POST
def stop_job_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop and show its row again."""
    job = get_object_or_404(Job, pk=pk)
    with suppress(Refusal):  # it ended meanwhile; the row says how
        verbs.cancel(job, by=actor(request))
    job.refresh_from_db()
    return _row(request, job, actor(request))


def _row(request: HttpRequest, job: Job, reader: User) -> HttpResponse:
    line = job_line(job, reader)
    return render(request, "compliance/job_row.html", {"line": line})


@needs("fleet.view")
def guide(request: HttpRequest) -> HttpResponse:
    """Every component of the look once, with invented figures."""
    context = admin.site.each_context(request) | samples() | {"title": _("Style guide")}
    return render(request, "ph/guide.html", context)
