"""Downloads of a report in the forms that are drawn on request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from compliance.reports.csv import render_csv
from compliance.reports.models import Report
from compliance.reports.value import canonical_json, from_dict
from kit.accounts.gates import needs


def as_csv(report: Report) -> HttpResponse:
    """A zip of CSV files."""
    return _attached(
        render_csv(from_dict(report.value)), "application/zip", f"{report.document.number}.csv.zip"
    )


def as_json(report: Report) -> HttpResponse:
    """The value itself, in the text its hash is of."""
    content = canonical_json(from_dict(report.value).as_dict())
    return _attached(content, "application/json", f"{report.document.number}.json")


def _attached(content: bytes, media_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def report_of(pk: int) -> Report:
    """A report with its number, without its file."""
    found = Report.objects.select_related("document").defer("document__content")
    return get_object_or_404(found, pk=pk)


@needs("reports.view")
def download_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the tables of a report to a member of staff."""
    return as_csv(report_of(pk))


@needs("reports.view")
def download_json(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the value of a report to a member of staff."""
    return as_json(report_of(pk))
