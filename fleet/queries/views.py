"""What the operator does beside a list: save what is asked of it, and have it as a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from fleet.queries import verbs
from fleet.queries.models import Export, FileFormat, SavedFilter
from fleet.queries.reads import content_of
from kit.accounts.gates import actor, needs
from kit.errors import Refusal
from kit.tabular import CSV_MEDIA_TYPE

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: dict[str, str] = {FileFormat.CSV: CSV_MEDIA_TYPE, FileFormat.XLSX: XLSX_MEDIA_TYPE}


@require_POST
@needs("fleet.view")
def save(request: HttpRequest, list_name: str, back: str) -> HttpResponse:
    """Keep what the list shows under a name."""
    given, query = request.POST, request.POST.get("query", "")
    try:
        verbs.save_filter(
            list_name, given.get("name", ""), query, by=actor(request), is_shared="is_shared" in given
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back_to(back, query)


@require_POST
@needs("fleet.view")
def drop(request: HttpRequest, back: str) -> HttpResponse:
    """Forget a filter of one's own."""
    given = request.POST.get("filter", "")
    kept = get_object_or_404(SavedFilter, pk=int(given) if given.isdecimal() else 0)
    try:
        verbs.drop_filter(kept, by=actor(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back_to(back, request.POST.get("query", ""))


@require_POST
@needs("fleet.view")
def export(request: HttpRequest, list_name: str, back: str) -> HttpResponse:
    """Have the list as a file."""
    query = request.POST.get("query", "")
    start(request, list_name, query, request.POST.get("format", ""))
    return _back_to(back, query)


def start(request: HttpRequest, list_name: str, query: str, file_format: str) -> None:
    """Ask for an export and say where it will be."""
    try:
        asked = verbs.ask_export(list_name, query, file_format, by=actor(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    messages.info(
        request,
        format_html(
            '{} <a class="underline" href="{}">{}</a>',
            gettext("The file is being written."),
            reverse("admin:fleet_export_changelist"),
            asked.filename,
        ),
    )


@needs("fleet.view")  # type: ignore[arg-type]  # a file that streams is a response too
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A finished file."""
    try:
        return as_file(get_object_or_404(Export, pk=pk))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:fleet_export_changelist")


def as_file(export: Export) -> StreamingHttpResponse:
    """The file of an export as an answer.

    Raises: Refusal if it is not there.
    """
    response = StreamingHttpResponse(content_of(export), content_type=MEDIA_TYPES[export.file_format])
    response["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    response["Content-Length"] = str(export.size)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _back_to(back: str, query: str) -> HttpResponse:
    return redirect(f"{reverse(back)}?{query}" if query else reverse(back))
