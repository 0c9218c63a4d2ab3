import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from compliance.exposure import show
from compliance.exposure.course import course_of
from compliance.exposure.day import asked_day, today
from compliance.exposure.page import exposure_of
from compliance.exposure.reads import measure
from compliance.exposure.values import DIMENSIONS, Exposure
from kit.accounts.gates import needs
from kit.errors import Refusal
from kit.look.doors import door
from kit.tabular import CSV_MEDIA_TYPE, csv_lines
from kit.units import format_date

COLUMNS = (
    "dimension",
    "key",
    "label",
    "standing",
    "machines",
    "contracted_w",
    "installed_w",
    "ghs",
    "value_cents",
    "machines_without_price",
    "owners",
    "sites",
)


@needs("compliance.view")
def exposure_page(request: HttpRequest) -> HttpResponse:
    """What our machines touch on a day, known then against known now."""
    context = admin.site.each_context(request) | {"title": _("Exposure")}
    try:
        day, dimension = asked_day(request), request.GET.get("by", "")
        page = exposure_of(day, today(), dimension)
    except Refusal as refusal:
        shown = {"sentence": refusal.message, "day": today(), "is_empty": "No facts are" in refusal.message}
        return render(request, "compliance/refused.html", context | shown, status=400)
    shown = {
        "page": page,
        "day": day,
        "segments": _segments(day, dimension),
        "steps": _steps(day, dimension),
        "downloads": _downloads(day),
        "timeline_url": door("operator:exposure_timeline", as_of=day),
        "is_synthetic": page.exposure.is_synthetic,
    }
    return render(request, "compliance/exposure.html", context | shown)


@needs("compliance.view")
def exposure_timeline(request: HttpRequest) -> HttpResponse:
    """Megawatts under a finding by day, asked for by the page after it is shown."""
    try:
        day = asked_day(request)
        course = course_of(day, today())
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=400, content_type="text/plain; charset=utf-8")
    return render(request, "compliance/exposure_timeline.html", {"course": course, "day": day})


@needs("compliance.view")
def exposure_json(request: HttpRequest) -> HttpResponse:
    """The exposure of a day as JSON, the same value as the page."""
    try:
        exposure = _measured(request)
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=400, content_type="text/plain; charset=utf-8")
    value = show.exposure_json(exposure) | {
        "by": [show.grouping_json(exposure.by(dimension)) for dimension in DIMENSIONS]
    }
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return _named(HttpResponse(text, content_type="application/json"), exposure, "json")


@needs("compliance.view")
def exposure_csv(request: HttpRequest) -> HttpResponse:
    """The exposure of a day as CSV: a row per group of every dimension, and the total."""
    try:
        exposure = _measured(request)
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=400, content_type="text/plain; charset=utf-8")
    lines = csv_lines(COLUMNS, _rows(exposure))
    return _named(HttpResponse("".join(lines), content_type=CSV_MEDIA_TYPE), exposure, "csv")


def _measured(request: HttpRequest) -> Exposure:
    known_on = asked_day(request, "known_on") if request.GET.get("known_on") else None
    return measure(asked_day(request), known_on=known_on)


def _rows(exposure: Exposure) -> Iterator[list[Any]]:
    for dimension in DIMENSIONS:
        for group in exposure.by(dimension).groups:
            figures = show.figures_json(group.figures).values()
            yield [dimension, group.key, group.label, group.standing, *figures, " ".join(group.sites)]
    figures = show.figures_json(exposure.total).values()
    yield ["total", "", "", "", *figures, " ".join(row.code for row in exposure.rows)]


def _named(response: HttpResponse, exposure: Exposure, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="exposure-{exposure.as_of}.{ending}"'
    return response


def _segments(day: date, dimension: str) -> list[tuple[str, str, bool]]:
    words = {
        "": _("All"),
        "country": _("Country"),
        "region": _("Region"),
        "programme": _("Programme"),
        "host": _("Host"),
    }
    return [
        (word, door("operator:exposure", as_of=day, by=name or None), name == dimension)
        for name, word in words.items()
    ]


def _steps(day: date, dimension: str) -> list[tuple[str, str]]:
    """The day before, the day after and today."""
    last, one = today(), timedelta(days=1)
    days = [(format_date(day - one), day - one)]
    if day < last:
        days.append((format_date(day + one), day + one))
        if day + one != last:
            days.append((_("Today"), last))
    return [(word, door("operator:exposure", as_of=on, by=dimension or None)) for word, on in days]


def _downloads(day: date) -> list[tuple[str, str]]:
    return [
        ("CSV", door("operator:exposure_csv", as_of=day)),
        ("JSON", door("operator:exposure_json", as_of=day)),
    ]
