"""A database with something on every page: the founding incidents, a sold site, and a day in the workshop."""

from datetime import date, time

import orjson
from django.utils import timezone

from compliance.checklist.templates import TEMPLATES
from compliance.checklist.verbs import record_evidence, run_checklist
from compliance.findings.verbs import run_findings
from compliance.reports.models import ReportSchedule
from compliance.reports.verbs import make_report, save_schedule
from compliance.scenarios.verbs import load_seeds
from fleet.catalog.models import PartModel
from fleet.imports.verbs import plan, receive
from fleet.miners.models import Miner
from fleet.miners.verbs import fit_part, place_hold, register_miner
from fleet.queries.verbs import ask_export
from fleet.sites.models import Site
from fleet.telemetry.verbs import enter_curtailment, keep_partitions, take_readings
from fleet.workshop import verbs as workshop
from hosting.contracts.verbs import add_member
from kit.accounts.tokens import issue_token
from kit.jobs.verbs import run
from tests.conftest import Cast
from tests.hosting.story import tell

RAIDED, DAY = "lonestar-pyote", date(2025, 9, 28)


def fill(cast: Cast) -> None:
    """Write it all: a few thousand miners, every workflow somewhere on its way."""
    load_seeds(scale=1_000)
    story = tell(finance=cast.finance, approver=cast.approver, officer=cast.compliance_officer)
    story.upto("pay_out")
    add_member(cast.customer, story.owners[0], by=None)
    issue_token(cast.admin, name="meter", by=None)
    _workshop(cast)
    _papers(cast)


def _workshop(cast: Cast) -> None:
    site = Site.objects.get(code=RAIDED)
    first = Miner.objects.filter(site=site).select_related("model").first()
    assert first is not None
    PartModel.objects.create(maker=first.model.maker, kind="hashboard", name="BHB")
    for n in range(3):
        miner, other = (
            register_miner(f"{mark}-{n}", first.model, site=site, status="offline", by=None)
            for mark in ("FH", "FS")
        )
        fit_part(miner, "hashboard", f"HB-{n}", by=None)
        ticket = workshop.open_ticket(miner, "fan", by=None)
        workshop.take_ticket(ticket, by=cast.technician)
        workshop.swap_part(ticket, "hashboard", old=f"HB-{n}", new=f"NB-{n}", by=None)
        shipment = workshop.plan_shipment(
            f"S-{n}", "import", miners=[other.pk], from_party="Seller", to_site=site, by=None
        )
        workshop.send_shipment(shipment, by=None)
        workshop.open_detention(shipment, port="LA", presented_on=DAY, by=None)
    place_hold(site, reason="raid", by=None)
    lines = b"serial,model,site\nFH-0,,lonestar-pyote\nFH-1,nothing,\n"
    plan(receive("miners.csv", [lines], by=cast.admin), by=cast.admin)
    run(ask_export("miners", "", "csv", by=cast.admin).job_id)
    keep_partitions()
    now = timezone.now()
    take_readings(orjson.dumps([["FH-0", int(now.timestamp()), 95_000, 3_250, 70, 3]]), by=None)
    enter_curtailment(site, by=None, from_at=now, reason="grid", source="ERCOT call")


def _papers(cast: Cast) -> None:
    site, officer = Site.objects.get(code=RAIDED), cast.compliance_officer
    for template in TEMPLATES:
        run_checklist(template.code, site, DAY, by=officer)
    run_findings(by=officer)
    run(make_report("compliance", DAY, by=officer).pk)
    save_schedule(
        ReportSchedule(kind="compliance", title="Weekly", frequency="weekly", at_time=time(6)), by=officer
    )
    record_evidence("post-raid", "management", site, "Binder seen", on_day=DAY, by=officer)
