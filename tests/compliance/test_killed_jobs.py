"""A worker is killed with -9 while four jobs are about to commit; the next one does each of them once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from compliance.findings.models import Finding
from compliance.reports import verbs as reports
from compliance.reports.models import Report
from compliance.screening.verbs import screen_parties
from fleet.imports import verbs as imports
from fleet.imports.models import ImportBatch
from fleet.miners.models import Miner, Stay
from fleet.queries.models import Export, ExportPiece
from fleet.queries.verbs import ask_export
from kit.documents.models import Document
from kit.jobs import verbs as jobs
from kit.jobs.models import Job
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.compliance.conftest import World
from tests.real_worker import comes_true, database_url, forget_rings, ring, worker

NEW = 300
# What the last statement of each job needs: all before it is written, and nothing of it committed.
IN_THE_WAY = (
    "lock table fleet_stay, compliance_report, compliance_finding in share mode",
    "select from fleet_export for no key update",
)
WAITING = """
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""


@contextmanager
def held_up() -> Iterator[None]:
    """Nobody else gets past what is in the way."""
    with psycopg.connect(database_url()) as holder:
        for statement in IN_THE_WAY:
            holder.execute(statement)
        yield
        holder.rollback()


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def asked(world: World) -> list[Job]:
    """An import, an export, a report and a run of the rules, none of them begun."""
    lines = (
        "".join(f"NEW-{n:04},S19 Pro,corsicana,3250\n" for n in range(NEW)) + "C1,S19 Pro,corsicana,3100\n"
    )
    batch = imports.receive("many.csv", [b"serial,model,site,power_w\n", lines.encode()], by=None)
    batch = imports.plan(batch, by=None)
    assert (batch.creates, batch.updates, batch.refused) == (NEW, 1, 0), batch.problems
    arguments = {"batch": batch.pk, "token": batch.token}
    return [
        jobs.enqueue("fleet.apply_import", "import", by=None, arguments=arguments),
        Job.objects.get(pk=ask_export("miners", "site=bratsk", "csv", by=None).job_id),
        reports.make_report("compliance", timezone.now().date(), by=None),
        jobs.enqueue("compliance.run_findings", "rules", by=None),
    ]


@pytest.mark.processes
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_import_export_report_and_findings_survive_their_killed_worker_and_end_once(
    world, sdn_list, tmp_path, monkeypatch
):
    forget_rings()
    monkeypatch.setattr(jobs, "ring", lambda job_id: None)  # another installation's worker must not hear it
    screen_parties(by=None)
    four = asked(world)
    log = tmp_path / "worker.log"
    for job in four:
        ring(job)

    with held_up(), worker(log, at_once=4) as killed:
        comes_true(lambda: waiting() == 4, log)
        killed.send_signal(signal.SIGKILL)
        killed.wait(20)
        comes_true(lambda: waiting() == 0, log)  # the database gives up what nobody waits for
    nothing_is_half_done(world)

    with worker(log, at_once=4):
        for job in four * 2:  # rung for twice, done once
            ring(job)
        running = Job.objects.filter(status__in=["queued", "running"])
        comes_true(lambda: not running.exists(), log)
    for job in Job.objects.all():
        assert (job.status, job.attempts) == ("done", 2), job.outcome
    the_import_is_done_once(world)
    the_export_is_whole()
    the_report_is_kept_once()
    every_finding_is_there_once()
    assert check_trail().holds


def nothing_is_half_done(world: World) -> None:
    assert set(Job.objects.values_list("status", flat=True)) == {"running"}
    assert Miner.objects.count() == Stay.objects.count() == 7
    assert Miner.objects.get(serial="C1").power_w == world.model.power_w
    assert ImportBatch.objects.get().status == "planned"
    for kept in (ExportPiece, Document, Report, Finding):
        assert not kept.objects.exists(), kept


def the_import_is_done_once(world: World) -> None:
    assert Miner.objects.filter(serial__startswith="NEW-", site=world.texas).count() == NEW
    assert Stay.objects.filter(miner__serial__startswith="NEW-", to_at=None).count() == NEW
    assert list(
        Stay.objects.filter(miner__serial="C1").order_by("from_at").values_list("power_w", flat=True)
    ) == [
        world.model.power_w,
        3_100,
    ]
    assert TrailEntry.objects.filter(verb="import.applied").count() == 1


def the_export_is_whole() -> None:
    export = Export.objects.get()
    content = b"".join(bytes(piece.content) for piece in export.pieces.order_by("number"))
    assert (export.rows, export.size, export.sha256) == (5, len(content), sha256(content).hexdigest())
    assert content.count(b"\r\n") == export.rows + 1


def the_report_is_kept_once() -> None:
    report = Report.objects.get()
    document = Document.objects.get()
    assert report.document == document
    assert sha256(bytes(document.content)).hexdigest() == document.sha256
    assert TrailEntry.objects.filter(verb="report.made").count() == 1


def every_finding_is_there_once() -> None:
    found = list(Finding.objects.values_list("rule", "subject_kind", "subject_key"))
    assert len(found) == len(set(found))
    assert "listed-host" in {rule for rule, _kind, _key in found}
