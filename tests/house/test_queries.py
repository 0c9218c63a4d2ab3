"""What every page of the operator asks of the database, where there is something on each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.checklist.models import ChecklistRun
from fleet.sites.models import Rack
from hosting.liquidation.models import Liquidation
from kit.accounts.roles import STAFF_ROLES, acts_of
from kit.documents.models import Document
from kit.jobs.models import Job
from kit.trail.verbs import record
from tests.house.full_house import fill
from tests.house.permission_table import LISTS, LOGGED_IN, PAGES

MOST = 12
DAYS = ("2022-04-19", "2022-04-20", "2025-09-28")
OF_A_DAY = ("operator:overview", "operator:exposure", "operator:exposure_timeline", "operator:site")
# URL name -> what stands for its arguments
ARGUMENTS: dict[str, Callable[[], object]] = {
    "operator:document": lambda: Document.objects.latest("pk").pk,
    "operator:job": lambda: Job.objects.latest("pk").pk,
    "operator:overview_job": lambda: Job.objects.latest("pk").pk,
    "operator:site": lambda: "siberia",
    "operator:site_power": lambda: "siberia",
    "operator:rack": lambda: Rack.objects.filter(slots__miner__isnull=False).first().pk,
    "operator:liquidation": lambda: Liquidation.objects.get().number,
    "operator:liquidation_work": lambda: Liquidation.objects.get().number,
    "operator:liquidation_books": lambda: Liquidation.objects.get().number,
    "operator:liquidation_csv": lambda: Liquidation.objects.get().number,
    "operator:checklist": lambda: ChecklistRun.objects.latest("pk").pk,
}
# URL name -> why no page can be opened there
NOT_PAGES = {
    "home": "sends on to the first page",
    "schema": "the description of the API",
    "operator:document": "a file",
    "operator:job_cancel": "takes what a form sends",
    "operator:overview_job_stop": "takes what a form sends",
    "operator:exposure_csv": "a file",
    "operator:exposure_json": "a file",
    "operator:liquidation_csv": "a file",
    "operator:liquidation_gate": "takes what a form sends",
    "operator:workforce_clock": "takes what a form sends",
    "operator:workforce_attestation": "takes what a form sends",
    "operator:checklist_run": "takes what a form sends",
    "operator:checklist_evidence": "takes what a form sends",
}
# URL name -> most queries, and why so many
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "operator:liquidation_books": (16, "adds every book of a case up again from its entries, when asked to"),
}


@dataclass(frozen=True)
class Page:
    """A page with something on it, and the act that opens it."""

    name: str
    address: str
    act: str


def pages(request: HttpRequest) -> Iterator[Page]:
    """Every page of the operator."""
    for name, act in PAGES.items():
        if name.startswith("portal:") or name in NOT_PAGES:
            continue
        address = reverse(name, args=[ARGUMENTS[name]()] if name in ARGUMENTS else [])
        for asked in ("", *(f"?as_of={day}" for day in DAYS if name in OF_A_DAY)):
            yield Page(name, address + asked, act)
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label_lower
        see, change, add = LISTS[label]
        newest = model_admin.get_queryset(request).order_by("-pk").first()
        assert newest is not None, f"{label} has no row: tests/house/full_house.py fills one in"
        for view, act, key in (
            ("changelist", see, []),
            ("add", add, []),
            ("change", change or see, [newest.pk]),
            ("history", see, [newest.pk]),
        ):
            name = f"admin:{label.replace('.', '_')}_{view}"
            if act is not None:
                yield Page(name, reverse(name, args=key), act)


def cost(client: Client, address: str) -> tuple[int, list[str]]:
    """The status, and what a second request asks where neither session nor figures are remembered."""
    client.get(address)
    cache.delete(SessionStore(client.session.session_key).cache_key)
    record("test.forgotten", None, by=None)
    with CaptureQueriesContext(connection) as found:
        status = client.get(address).status_code
    return status, [query["sql"][:160] for query in found]


@pytest.mark.django_db
def test_no_operator_page_costs_more_than_twelve_queries(cast, as_user, rf) -> None:
    fill(cast)
    request = rf.get("/")
    request.user = cast.admin
    clients = {user.role: as_user(user) for user in vars(cast).values() if user.role in STAFF_ROLES}
    lines, dear = [], []
    for page in pages(request):
        client = next(client for role, client in clients.items() if page.act in (LOGGED_IN, *acts_of(role)))
        status, asked = cost(client, page.address)
        lines.append(f"{len(asked):3}  {page.name:44} {page.address}  {'' if status == 200 else status}")
        # A rack's row leads on to the rack's page, which is in the walk as well.
        if status not in (200, 302) or len(asked) > EXCEPTIONS.get(page.name, (MOST, ""))[0]:
            dear.append("\n  ".join([lines[-1], *asked]))
    print("\n".join(sorted(lines, reverse=True)))
    assert not dear, "\n".join(dear)


def test_every_exception_says_why() -> None:
    assert all(most > MOST and why for most, why in EXCEPTIONS.values())
    assert all(NOT_PAGES.values())
