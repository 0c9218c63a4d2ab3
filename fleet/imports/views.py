from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from fleet.imports import verbs
from fleet.imports.columns import COLUMNS
from fleet.imports.forms import UploadForm
from fleet.imports.models import BatchStatus, ImportBatch
from fleet.imports.reads import batches, refused_csv
from fleet.imports.tables import has_plan
from fleet.imports.verbs import refused_number
from kit.accounts.gates import actor, needs
from kit.documents.models import Document
from kit.errors import Refusal
from kit.jobs.verbs import LIVE, may_stop
from kit.look.values import Kpi
from kit.tabular import CSV_MEDIA_TYPE
from kit.units import format_count

PAGE = "admin:fleet_importbatch_change"


@needs("imports.apply")
def upload(request: HttpRequest) -> HttpResponse:
    """The page where a file is given."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = verbs.receive(file.name, file.chunks(), by=actor(request))
            verbs.plan_soon(batch, by=actor(request))
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(PAGE, batch.pk)
    context = {"form": form, "columns": COLUMNS, "title": gettext("Import miners")}
    return render(request, "fleet/import_upload.html", admin.site.each_context(request) | context)


@needs("fleet.view")
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would do, with one button that does exactly that."""
    batch = get_object_or_404(batches(), pk=pk)
    runs = batch.job is not None and batch.job.status in LIVE
    is_planned = batch.status == BatchStatus.PLANNED
    context = {
        "batch": batch,
        "title": batch.filename,
        "figures": figures_of(batch),
        "runs": runs,
        "may_apply": request.user.may("imports.apply") and not runs,  # type: ignore[union-attr]
        "may_stop": batch.job is not None and may_stop(batch.job, actor(request)),
        "writes": batch.creates + batch.updates,
        "writes_shown": format_count(batch.creates + batch.updates),
        "is_planned": is_planned,
        "is_told": not runs and batch.status in (BatchStatus.PLANNED, BatchStatus.APPLIED),
        "can_plan": batch.status in verbs.PLANNABLE,
        "has_refused": batch.refused and batch.status in (BatchStatus.PLANNED, BatchStatus.APPLIED),
    }
    return render(request, "fleet/import_plan.html", admin.site.each_context(request) | context)


def figures_of(batch: ImportBatch) -> list[Kpi]:
    """The counts of a plan as they head its page."""
    return [
        Kpi(gettext("New"), batch.creates),
        Kpi(gettext("Changed"), batch.updates),
        Kpi(gettext("The same"), batch.same),
        Kpi(gettext("Refused"), batch.refused, state="review" if batch.refused else ""),
    ]


@require_POST
@needs("imports.apply")
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Plan again, apply or give up, then show the batch."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    try:
        if verb == "apply":
            verbs.apply_soon(
                batch,
                token=request.POST.get("token", ""),
                by=actor(request),
                accept_overcommitment="accept_overcommitment" in request.POST,
                reason=request.POST.get("reason", "")[:120],
            )
        elif verb == "plan":
            verbs.plan_soon(batch, by=actor(request))
        else:
            verbs.discard(batch, by=actor(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(PAGE, pk)


@needs("fleet.view")  # type: ignore[arg-type]  # a file that streams is a response too
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused lines as a file."""
    try:
        return refused_response(get_object_or_404(ImportBatch, pk=pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, pk)


def refused_response(batch: ImportBatch) -> StreamingHttpResponse:
    """The refused lines: from the plan while there is one, then as they were kept when it was applied.

    Raises: Refusal if there are none.
    """
    kept = Document.objects.filter(number=refused_number(batch)).first()
    if kept is None and not has_plan(batch):
        raise Refusal(gettext("There is no plan with refused lines. Make the plan again."))
    content = refused_csv(batch) if kept is None else iter([bytes(kept.content)])
    response = StreamingHttpResponse(content, content_type=CSV_MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.pk}.csv"'
    return response
