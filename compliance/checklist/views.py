from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from compliance.checklist.forms import EvidenceForm, RunForm
from compliance.checklist.models import ChecklistRun
from compliance.checklist.page import run_lines, run_page
from compliance.checklist.reads import runs_with_site
from compliance.exposure.day import asked_day, today
from fleet.sites.choice import all_sites, asked_site
from kit.accounts.gates import actor, needs
from kit.errors import Refusal
from kit.look.doors import door


@needs("compliance.view")
def checklists(request: HttpRequest) -> HttpResponse:
    """The newest run of every checklist at every site, and the form that runs one, as of a day."""
    return _list(request)


@needs("compliance.edit")
@require_POST
def checklist_run(request: HttpRequest) -> HttpResponse:
    """Run a checklist at a site as of a day; a refusal is shown on the form."""
    form = RunForm(all_sites(), request.POST)
    if form.is_valid():
        try:
            run = form.act(actor(request))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("operator:checklist", pk=run.pk)
    return _list(request, form, status=400)


@needs("compliance.view")
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """One run, item by item."""
    return _run(request, get_object_or_404(runs_with_site(), pk=pk))


@needs("compliance.edit")
@require_POST
def checklist_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Put evidence down for an item and judge the day of the run again."""
    run = get_object_or_404(runs_with_site(), pk=pk)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        try:
            newest = form.act(run, actor(request))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The evidence is kept; the day was judged again."))
            return redirect("operator:checklist", pk=newest.pk)
    return _run(request, run, form, status=400)


def _list(request: HttpRequest, form: RunForm | None = None, status: int = 200) -> HttpResponse:
    context = admin.site.each_context(request) | {"title": _("Checklists")}
    try:
        day, sites = asked_day(request), asked_site(request)
    except Refusal as refusal:
        shown = {"sentence": refusal.message, "day": today(), "back": door("operator:checklists")}
        return render(request, "compliance/nothing_asked.html", context | shown, status=400)
    lines = run_lines(day, sites)
    may_run = actor(request).may("compliance.edit")
    shown = {
        "day": day,
        "sites": sites,
        "lines": lines,
        "form": (form or RunForm(sites, initial={"day": day, "site": sites.code})) if may_run else None,
        "is_synthetic": any(line.run.result.get("is_synthetic") for line in lines),
    }
    return render(request, "compliance/checklists.html", context | shown, status=status)


def _run(
    request: HttpRequest, run: ChecklistRun, form: EvidenceForm | None = None, status: int = 200
) -> HttpResponse:
    page, may_edit = run_page(run), actor(request).may("compliance.edit")
    sent = str(form.data.get("item", "")) if form else ""
    items: list[tuple[Any, EvidenceForm | None, bool]] = []
    for item in page.items:
        is_sent = item.code == sent
        blank = EvidenceForm(initial={"item": item.code, "on_day": run.as_of}, auto_id=f"{item.code}-%s")
        items.append((item, (form if is_sent else blank) if may_edit else None, is_sent))
    context = admin.site.each_context(request) | {
        "title": page.title,
        "page": page,
        "run": run,
        "items": items,
        "may_edit": may_edit,
        "refusal": form.non_field_errors() if form and not any(sent for *_x, sent in items) else (),
        "is_synthetic": page.is_synthetic,
    }
    return render(request, "compliance/checklist.html", context, status=status)
