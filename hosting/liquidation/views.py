from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hosting.liquidation.checks import faults_of
from hosting.liquidation.course import details_of, is_live, preparers, why_not
from hosting.liquidation.fields import ActForm
from hosting.liquidation.forms import FORMS, OpenForm, record_forms, step_form
from hosting.liquidation.models import CaseStatus, Liquidation, ShareStatus
from hosting.liquidation.page import CasePage, case_page
from hosting.liquidation.reads import allocation_rows, books_of
from kit.accounts.gates import actor, needs
from kit.asof import parse_day
from kit.errors import Refusal
from kit.jobs.verbs import may_stop
from kit.look.doors import door
from kit.money import format_cents
from kit.tabular import CSV_MEDIA_TYPE, csv_lines
from kit.units import count, format_count, format_date

COLUMNS = (
    "line",
    "owner",
    "name",
    "machines",
    "weight",
    "weight_total",
    "amount",
    "amount_cents",
    "rounding_cents",
    "currency",
    "state",
)


@needs("money.view")
def liquidation_page(request: HttpRequest, number: str) -> HttpResponse:
    """A case as of a day: its gates, its money, what every owner gets, and the next step."""
    return _page(request, _case(number))


@needs("money.view")
@require_POST
def liquidation_gate(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one act of a case; a refusal is shown on the form and nothing is changed."""
    case, kind, user = _case(number), FORMS.get(verb), actor(request)
    if kind is None:
        raise Http404
    if not user.may(kind.needs_act):
        return _page(request, case, status=403)
    form = kind(case_page(case, user, _today()), request.POST)
    if form.is_valid():
        try:
            said = form.act(user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            case = _case(number)
        else:
            messages.success(request, said)
            return redirect("operator:liquidation", number=case.number)
    return _page(request, case, form, status=400)


@needs("liquidation.prepare")
def liquidation_open(request: HttpRequest) -> HttpResponse:
    """Open a case for a site."""
    form = OpenForm(request.POST or None, site=request.GET.get("site", ""))
    if request.method == "POST" and form.is_valid():
        try:
            case = form.act(actor(request))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("operator:liquidation", number=case.number)
    context = admin.site.each_context(request) | {"title": _("Open a liquidation"), "form": form}
    return render(request, "hosting/liquidation_open.html", context, status=400 if form.errors else 200)


@needs("money.view")
def liquidation_work(request: HttpRequest, number: str) -> HttpResponse:
    """What a worker does in a case; asked for every two seconds while it works, at the end the page is."""
    case, user = _case(number), actor(request)
    page = case_page(case, user, _today())
    response = render(
        request, "hosting/liquidation_work.html", {"page": page, "may_stop": _may_stop(page, request)}
    )
    if not is_live(case.job):
        response["HX-Refresh"] = "true"
    return response


@needs("money.view")
def liquidation_books(request: HttpRequest, number: str) -> HttpResponse:
    """The books of a case added up again, owner by owner, as one line."""
    case = _case(number)
    books = books_of(case)
    shown = {
        "books": books,
        "entries": format_count(books.entries),
        "postings": format_count(books.postings),
        "faults": faults_of(case),
        "at": timezone.now(),
        "case": case,
    }
    return render(request, "hosting/liquidation_books.html", shown)


@needs("money.view")
def liquidation_csv(request: HttpRequest, number: str) -> HttpResponse:
    """The allocation as CSV, a row per owner."""
    case = _case(number)
    response = HttpResponse("".join(csv_lines(COLUMNS, _csv_rows(case))), content_type=CSV_MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="allocation-{case.number}.csv"'
    return response


def _csv_rows(case: Liquidation) -> Iterator[tuple[Any, ...]]:
    rows = list(allocation_rows(case))
    whole = sum(row[4] for row in rows)
    for line, owner, name, machines, weight, cents, rounding, status in rows:
        amount = format_cents(cents, case.currency)
        yield line, owner, name, machines, weight, whole, amount, cents, rounding, case.currency, status


def _case(number: str) -> Liquidation:
    rows = Liquidation.objects.select_related("site", "prepared_by", "buyer", "job")
    return get_object_or_404(rows, number=number)


def _today() -> date:
    return timezone.now().date()


def _page(
    request: HttpRequest, case: Liquidation, form: ActForm | None = None, status: int = 200
) -> HttpResponse:
    user = actor(request)
    context = admin.site.each_context(request) | {"title": case.number, "case": case}
    try:
        day = _asked_day(request)
        page = case_page(
            case,
            user,
            day,
            is_now=day == _today(),
            status=request.GET.get("state", ""),
            after_line=_asked_line(request),
        )
    except Refusal as refusal:
        shown = context | {"sentence": refusal.message, "day": _today()}
        return render(request, "hosting/liquidation_refused.html", shown, status=400)
    people = preparers(case, page.course.passed)
    step = step_form(page, form)
    refusal_of_step = ""
    if step is not None:
        refusal_of_step = why_not(step.needs_act, user, people, page.course.current) or step.why_not()
    forms = record_forms(page, user, form)
    is_lost = form is not None and form is not step and form not in forms
    shown = {
        "page": page,
        "day": day,
        # A form that has lost its place, for the case went on meanwhile, still says why it was refused.
        "refusals": [said for row in form.errors.values() for said in row] if form and is_lost else [],
        "is_synthetic": case.is_synthetic,
        "step": step,
        "why_not": refusal_of_step,
        "forms": forms,
        "bound": form.verb if form else "",
        "may_stop": _may_stop(page, request),
        "gates": [(row, gate, details_of(gate, case)) for row, gate in page.course.rows],
        "segments": _segments(page),
        "next_url": _next_url(page),
        "is_closed": case.status == CaseStatus.CLOSED,
    }
    return render(request, "hosting/liquidation.html", context | shown, status=status)


def _may_stop(page: CasePage, request: HttpRequest) -> bool:
    job = page.case.job
    return page.is_working and job is not None and may_stop(job, actor(request))


def _asked_day(request: HttpRequest) -> date:
    text = request.GET.get("as_of", "").strip()
    day = parse_day(text) if text else _today()
    if day > _today():
        raise Refusal(
            _("%(day)s has not come yet. Ask for today or an earlier day.") % {"day": format_date(day)}
        )
    return day


def _asked_line(request: HttpRequest) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _address(page: CasePage, **asked: Any) -> str:
    """The page again, with other shares of the allocation."""
    day = None if page.is_now else page.day.isoformat()
    return door("operator:liquidation", page.case.number, as_of=day, **asked) + "#allocation"


def _segments(page: CasePage) -> list[tuple[str, str, str, bool]]:
    """The filters of the allocation: words, count, address, whether it is the one in use."""
    words = {
        ShareStatus.SET_ASIDE: _("Held"),
        ShareStatus.DUE: _("To be paid"),
        ShareStatus.PAID: _("Paid"),
    }
    found = [(_("All"), count(page.owners).text, _address(page), not page.status)]
    for status, word in words.items():
        row = page.of(status)
        number = count(row.owners if row else 0).text
        found.append((word, number, _address(page, state=str(status)), page.status == status))
    return found


def _next_url(page: CasePage) -> str:
    if page.next_line is None:
        return ""
    return _address(page, state=page.status or None, after=page.next_line)
