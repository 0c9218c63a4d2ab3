"""An operator's whole job on the founding incidents: each step says what it found and whether it holds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from datetime import time as time_of_day
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from compliance.checklist.verbs import run_checklist
from compliance.exposure.reads import measure
from compliance.exposure.values import Exposure
from compliance.findings.models import Finding
from compliance.findings.verbs import run_findings
from compliance.reports.models import Report, ReportSchedule
from compliance.reports.verbs import make_report, save_schedule
from compliance.scenarios import compass_siberia, lonestar_dream, siberian_sale
from compliance.scenarios.seedfiles import folder
from fleet.imports.models import BatchStatus
from fleet.imports.verbs import apply, plan, receive
from fleet.miners.summaries import Capacity
from fleet.sites.models import Site
from hosting.liquidation.checks import check_ledger
from hosting.liquidation.models import CaseStatus, Liquidation, Share, Statement
from kit.accounts.models import User
from kit.documents.models import Document
from kit.jobs.models import Job
from kit.trail.reads import check_trail
from kit.units import format_count, format_money, format_power

BEFORE, AFTER = date(2022, 4, 19), date(2022, 4, 20)
EVE_OF_THE_RAID = date(2025, 9, 28)
IMPORT_FILE = "imports/pyote-september-2025.csv"
PATIENCE_S = 900
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """One step of the main job: what it was, what it found, and whether it held."""

    step: str
    found: str
    holds: bool


class Stuck(Exception):
    """A job did not end in time; is a worker running?"""


def do_main_job(tell: Tell) -> list[Outcome]:
    """Do every step, telling how far it is; a second time each finds its work done.

    Raises: Refusal as the steps do; Stuck if no worker takes a job.
    """
    people = {user.role: user for user in User.objects.filter(is_synthetic=True)}
    steps: tuple[tuple[str, Callable[[dict[str, User], Tell], list[Outcome]]], ...] = (
        ("Fleet", _fleet),
        ("Exposure", _exposure),
        ("Findings and checklist", _checklist),
        ("Liquidation", _liquidation),
        ("Reports", _reports),
        ("Books", _books),
    )
    outcomes = []
    for number, (name, step) in enumerate(steps, start=1):
        tell(f"[{number}/{len(steps)}] {name}")
        outcomes += step(people, tell)
    return outcomes


def _fleet(people: dict[str, User], tell: Tell) -> list[Outcome]:
    content = (folder() / IMPORT_FILE).read_bytes()
    batch = plan(receive(Path(IMPORT_FILE).name, [content], by=people["admin"]), by=people["admin"])
    found = f"{batch.creates} new, {batch.updates} changed, {batch.same} same, {batch.refused} refused"
    adds_up = batch.creates + batch.updates + batch.same + batch.refused == batch.lines > 0
    batch = apply(batch, token=batch.token, by=people["admin"])
    total = Capacity.objects.aggregate(machines=Sum("machines"), watts=Sum("power_w"))
    sites = Site.objects.count()
    fleet = f"{format_count(total['machines'])} machines, {format_power(total['watts'])}, {sites} sites"
    return [
        Outcome("Inventory", fleet, (total["machines"] or 0) > 0),
        Outcome("Import, dry run then applied", found, adds_up and batch.status == BatchStatus.APPLIED),
    ]


def _exposure(people: dict[str, User], tell: Tell) -> list[Outcome]:
    before, after = measure(BEFORE), measure(AFTER)
    site = compass_siberia.SITE
    return [
        Outcome(f"Siberia on {BEFORE}", _at_site(before, site), "BitRiver" not in _reasons(before, site)),
        Outcome(f"Siberia on {AFTER}", _at_site(after, site), _blocked_as_told(after, site)),
        Outcome(
            "Designated parties known",
            f"{len(before.designated)} on {BEFORE}, {len(after.designated)} on {AFTER}",
            len(before.designated) == 0 and len(after.designated) == 11,
        ),
    ]


def _at_site(exposure: Exposure, code: str) -> str:
    row = next(row for row in exposure.rows if row.code == code)
    figures = row.figures
    owners = format_count(figures.owners)
    return f"{row.standing}: {format_power(figures.contracted_w)} contracted, {owners} owners"


def _reasons(exposure: Exposure, code: str) -> str:
    return " ".join(reason.sentence for row in exposure.rows if row.code == code for reason in row.reasons)


def _blocked_as_told(exposure: Exposure, code: str) -> bool:
    row = next(row for row in exposure.rows if row.code == code)
    named = [reason for reason in row.reasons if reason.standing == "blocked"]
    told = row.figures.contracted_w == 12_000_000 and row.figures.owners == 2_000
    return told and any("14024" in reason.authority and reason.source for reason in named)


def _checklist(people: dict[str, User], tell: Tell) -> list[Outcome]:
    officer = people["compliance_officer"]
    run_findings(by=officer)
    site = Site.objects.get(code=lonestar_dream.SITE)
    run = run_checklist("post-raid", site, EVE_OF_THE_RAID, by=officer)
    items = run.result["items"]
    states = ", ".join(f"{item['title']}: {item['state']}" for item in items)
    standing = Finding.objects.filter(resolved_at__isnull=True)
    blocked = standing.filter(standing="blocked").count()
    return [
        Outcome("Open findings today", f"{standing.count()}, {blocked} blocked pending counsel", blocked > 0),
        Outcome(f"Post-raid checklist on {EVE_OF_THE_RAID}", states, len(items) == 4),
    ]


def _liquidation(people: dict[str, User], tell: Tell) -> list[Outcome]:
    case = siberian_sale.sell(finance=people["finance"], approver=people["approver"])
    job = siberian_sale.distribute(case, finance=people["finance"])
    _wait(job, tell)
    case = Liquidation.objects.get(pk=case.pk)
    shares = Share.objects.filter(case=case)
    paid_out = shares.aggregate(sum=Sum("amount_cents"))["sum"]
    aside = shares.filter(status="set_aside")
    statements = Statement.objects.filter(share__case=case).count()
    currency = case.currency
    return [
        Outcome(
            f"Liquidation {case.number}",
            f"net {format_money(case.net_cents, currency)} over {format_count(shares.count())} owners",
            paid_out == case.net_cents and case.status not in (CaseStatus.RECEIVED, CaseStatus.ALLOCATED),
        ),
        Outcome("Owner on hold", f"{aside.count()} share set aside, not paid", aside.count() == 1),
        Outcome("Statements", format_count(statements), statements == shares.count()),
    ]


def _reports(people: dict[str, User], tell: Tell) -> list[Outcome]:
    outcomes = [Outcome("Report made by itself", _schedule(people["compliance_officer"]), True)]
    for day in (AFTER, EVE_OF_THE_RAID):
        report = Report.objects.filter(as_of=day, made_by=people["compliance_officer"]).first()
        if report is None:
            _wait(make_report("compliance", day, by=people["compliance_officer"]), tell)
            report = Report.objects.filter(as_of=day).latest("pk")
        path = _export(report.document)
        outcomes.append(Outcome(f"Compliance report as of {day}", str(path), path.stat().st_size > 0))
    first = Statement.objects.select_related("document").order_by("pk").first()
    if first is not None:
        outcomes.append(Outcome("A customer's statement", str(_export(first.document)), True))
    return outcomes


def _schedule(officer: User) -> str:
    """The schedule beat looks at; made once, edited in the admin afterwards."""
    schedule = ReportSchedule.objects.filter(kind="compliance").first()
    if schedule is None:
        new = ReportSchedule(
            kind="compliance",
            title="Compliance, weekly",
            frequency="weekly",
            at_time=time_of_day(6),
            time_zone="America/Chicago",
        )
        schedule = save_schedule(new, by=officer)
    return f"{schedule.title}, next {schedule.next_due_at:%Y-%m-%d %H:%M} UTC"


def _export(document: Document) -> Path:
    folder_ = Path(settings.VAR) / "reports"
    folder_.mkdir(exist_ok=True)
    path = folder_ / document.filename
    path.write_bytes(bytes(document.content))
    return path


def _books(people: dict[str, User], tell: Tell) -> list[Outcome]:
    ledger, trail = check_ledger(), check_trail()
    entries = f"{format_count(ledger.entries)} entries, {format_count(ledger.postings)} postings re-added"
    return [
        Outcome("Ledger", entries, not ledger.faults),
        Outcome("Trail", f"{format_count(trail.length)} entries, {trail.head[:16]}…", trail.holds),
    ]


def _wait(job: Job, tell: Tell) -> None:
    """Follow a job until it ends, telling its progress."""
    deadline, told = time.monotonic() + PATIENCE_S, ""
    while True:
        job.refresh_from_db()
        line = f"      {job.title}: {job.done:,} / {job.total:,} {job.message}"
        if line != told:
            tell(line)
            told = line
        if job.finished_at is not None:
            if job.status != "done":
                raise Stuck(f"{job.title} ended as “{job.status}”: {job.outcome}")
            return
        if time.monotonic() > deadline:
            raise Stuck(f"{job.title} did not end in {PATIENCE_S} s. Is a worker running?")
        time.sleep(0.5)
