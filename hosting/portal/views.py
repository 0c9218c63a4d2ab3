from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from fleet.miners.models import Miner
from hosting.liquidation.models import Statement
from hosting.portal.agreements import agreements_of
from hosting.portal.dealings import CaseLine, cases_of, notices_of
from hosting.portal.figures import key_figures
from hosting.portal.frame import shown
from hosting.portal.machines import first_machines_of, holding_of, machine_of, machines_of
from hosting.portal.reckoning import checked_lines
from hosting.portal.scope import Customer, page
from kit.documents.views import as_download

HOME_ROWS = 8  # of miners; of sales, contracts and papers a few, the rest is on their own pages
HOME_FEW = 3


@page
def home(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What happened to my machines, my share, my machines, my papers."""
    holding = holding_of(customer)
    cases = cases_of(customer)
    stated = [line for case in cases for line in case.shares if line.statement]
    checked = checked_lines(customer, origin=_origin(request), pk=stated[0].pk) if stated else []
    return shown(
        request,
        customer,
        "portal/home.html",
        title=gettext("Home"),
        place="home",
        is_synthetic=any(case.is_synthetic for case in cases),
        now=timezone.now(),
        notices=notices_of(customer, cases),
        cases=cases[:HOME_FEW],
        figures=key_figures(holding),
        holding=holding,
        machines=first_machines_of(customer, rows=HOME_ROWS),
        checked=checked[0] if checked else None,
        agreements=agreements_of(customer)[:HOME_FEW],
        papers=stated[:HOME_FEW],
    )


def _plain(text: str) -> str:
    """What a person can have typed; the database refuses a zero byte with an error."""
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@page
def miners(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The customer's machines by serial, fifty at a time, found by a piece of the serial."""
    fragment = _plain(request.GET.get("serial", "")).upper()
    after = _plain(request.GET.get("after", ""))
    found = machines_of(customer, fragment=fragment, after=after)
    kept = {"serial": fragment} if fragment else {}
    first = f"?{urlencode(kept)}" if kept else reverse("portal:miners")
    return shown(
        request,
        customer,
        "portal/miners.html",
        title=gettext("Miners"),
        place="miners",
        fragment=fragment,
        machines=found,
        next_url=f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
        first_url=first if after else "",
    )


@page
def miner(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """One machine: where it was, what it is made of, under which contract."""
    try:
        machine = machine_of(customer, pk)
    except Miner.DoesNotExist:
        raise Http404 from None
    return shown(
        request,
        customer,
        "portal/miner.html",
        title=machine.line.serial,
        place="miners",
        is_synthetic=machine.is_synthetic,
        machine=machine,
    )


@page
def liquidation(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The cases that hold machines of the customer."""
    cases = cases_of(customer)
    return shown(
        request,
        customer,
        "portal/liquidation.html",
        title=gettext("Liquidation"),
        place="liquidation",
        is_synthetic=any(case.is_synthetic for case in cases),
        cases=cases,
        notices=notices_of(customer, cases),
    )


@page
def case(request: HttpRequest, customer: Customer, number: str) -> HttpResponse:
    """One case as far as it concerns the customer, with every line of theirs worked out."""
    found = _case_or_404(customer, number)
    return shown(
        request,
        customer,
        "portal/case.html",
        title=found.number,
        place="liquidation",
        is_synthetic=found.is_synthetic,
        case=found,
        notices=notices_of(customer, [found]),
        checked=checked_lines(customer, origin=_origin(request), case=found.pk),
    )


def _case_or_404(customer: Customer, number: str) -> CaseLine:
    found = cases_of(customer, number=_plain(number))
    if not found:
        raise Http404
    return found[0]


@page
def check(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """The page on which the browser recomputes the proof of one line."""
    found = checked_lines(customer, origin=_origin(request), pk=pk)
    if not found:
        raise Http404
    checked = found[0]
    return shown(
        request,
        customer,
        "portal/check.html",
        title=gettext("Check it yourself"),
        place="liquidation",
        is_synthetic=checked.is_synthetic,
        checked=checked,
    )


@page
def papers(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The customer's statements, newest first."""
    found = customer.statements().select_related("document", "share__case", "share__party")
    found = found.defer("document__content", "document__sources").order_by("-issued_on", "-pk")
    return shown(
        request,
        customer,
        "portal/papers.html",
        title=gettext("Papers"),
        place="papers",
        papers=found,
    )


@page
def paper(request: HttpRequest, customer: Customer, pk: int) -> HttpResponse:
    """The stored bytes of a statement."""
    try:
        statement = customer.statements().select_related("document").get(pk=pk)
    except Statement.DoesNotExist:
        raise Http404 from None
    return as_download(statement.document)


@page
def account(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Who is logged in, for whom, who else may, and the way out."""
    return shown(
        request,
        customer,
        "portal/account.html",
        title=gettext("Account"),
        place="account",
        members=customer.members()
        .select_related("user", "party")
        .order_by("party__number", "user__username"),
    )
