"""Shipments moved by jobs: seen, stopped, refused with the reason, done once whatever kills the worker."""

import signal

import pytest
from django.utils import timezone

from fleet.miners.models import Miner, Stay
from fleet.miners.verbs import place_hold, register_miner, release_hold, stock_part
from fleet.workshop import journeys, verbs
from fleet.workshop.shipping import Shipment, ShipmentItem
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import Cancelled, cancel, run
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.fleet.conftest import LONG_AGO
from tests.real_worker import comes_true, forget_rings, ring, worker

MANY = 12_000


@pytest.fixture
def miners(fleet) -> list[Miner]:
    return [
        register_miner(f"SN-{n}", fleet.s19, site=fleet.bratsk, status="stored", at=LONG_AGO, by=None)
        for n in range(1, 4)
    ]


@pytest.fixture
def shipment(fleet, miners, monkeypatch) -> Shipment:
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    spare = stock_part("psu", "P-1", fleet.bratsk, by=None)
    return verbs.plan_shipment(
        "S-1",
        "export",
        miners=[miner.pk for miner in miners],
        parts=[spare.pk],
        from_site=fleet.bratsk,
        to_site=fleet.pecos,
        by=None,
    )


def done(job: Job, shipment: Shipment) -> tuple[str, str, str]:
    run(job.pk)
    job.refresh_from_db()
    shipment.refresh_from_db()
    return job.status, job.outcome, shipment.status


def test_a_shipment_is_sent_held_released_and_received_by_jobs(shipment, cast):
    by = cast.technician
    job = verbs.send_soon(shipment, by=by)
    assert (shipment.job, shipment.status, job.title) == (job, "planned", "Send S-1")
    assert done(job, shipment) == ("done", "S-1 was sent with 4 items.", "sent")
    assert TrailEntry.objects.get(verb="shipment.sent").actor == by
    job = verbs.hold_at_customs_soon(shipment, by=by)
    assert done(job, shipment) == ("done", "S-1 is held at customs with 3 machines.", "customs")
    job = verbs.release_from_customs_soon(shipment, by=by)
    assert done(job, shipment) == ("done", "S-1 goes on; 3 machines are on their way again.", "sent")
    job = verbs.receive_soon(shipment, missing=["sn-2"], by=by)
    assert done(job, shipment) == ("done", "3 items of S-1 were received.", "received")
    assert (job.done, job.total) == (3, 3)
    assert ShipmentItem.objects.get(miner__serial="SN-2").state == "missing"
    assert check_trail().holds


def test_a_stay_ends_when_it_was_asked_for_and_not_when_a_worker_came(shipment, miners):
    asked_at = timezone.now()
    done(verbs.send_soon(shipment, at=asked_at, by=None), shipment)
    assert (miners[0].stays.get().to_at, shipment.sent_at) == (asked_at, asked_at)


def test_who_asks_twice_gets_the_same_job_and_other_work_waits(shipment):
    job = verbs.send_soon(shipment, by=None)
    assert verbs.send_soon(shipment, by=None) == job
    assert Job.objects.count() == 1
    with pytest.raises(Refusal, match=r"“Send S-1” is being done\. Wait for its end"):
        verbs.receive_soon(shipment, by=None)
    done(job, shipment)
    with pytest.raises(Refusal, match="S-1 is “sent”"):
        verbs.send_soon(shipment, by=None)


def test_what_is_missing_is_not_lost_to_a_job_that_was_asked_for_something_else(shipment):
    done(verbs.send_soon(shipment, by=None), shipment)
    job = verbs.receive_soon(shipment, by=None)
    assert verbs.receive_soon(shipment, by=None) == job
    with pytest.raises(Refusal, match="is being done"):
        verbs.receive_soon(shipment, missing=["SN-1"], by=None)


def test_holds_are_named_at_once_each_with_its_reason(shipment, miners, fleet):
    holds = [
        place_hold(miners[0], reason="seizure notice", by=None),
        place_hold(miners[2], reason="dispute", authority="Irkutsk court", by=None),
        place_hold(fleet.pecos, reason="lease ended", by=None),
    ]
    with pytest.raises(Refusal) as refused:
        verbs.send_soon(shipment, by=None)
    said = str(refused.value)
    told = ("SN-1 is on hold since", "seizure notice.", "SN-3 is", "dispute (Irkutsk court)", "Pecos is")
    assert all(words in said for words in told), said
    assert said.endswith("Nothing was moved.")
    assert not Job.objects.exists()
    for hold in holds:
        release_hold(hold, by=None)
    assert done(verbs.send_soon(shipment, by=None), shipment)[0] == "done"


def test_of_many_holds_the_first_are_named_and_the_others_counted(fleet, monkeypatch):
    several = [
        register_miner(f"SH-{n}", fleet.s19, site=fleet.bratsk, status="stored", at=LONG_AGO, by=None)
        for n in range(7)
    ]
    for miner in several:
        place_hold(miner, reason="dispute", by=None)
    plan = {"miners": [miner.pk for miner in several], "from_site": fleet.bratsk, "to_site": fleet.pecos}
    shipment = verbs.plan_shipment("S-7", "domestic", by=None, **plan)
    with pytest.raises(Refusal, match=r"SH-4 is on hold .* There are 2 more\. Nothing was moved"):
        verbs.send_soon(shipment, by=None)


def test_a_hold_placed_after_it_was_asked_for_fails_the_job_with_the_reason(shipment, miners):
    job = verbs.send_soon(shipment, by=None)
    place_hold(miners[1], reason="blocked pending counsel", by=None)
    status, outcome, standing = done(job, shipment)
    assert (status, standing) == ("failed", "planned")
    assert "SN-2 is on hold" in outcome
    assert "blocked pending counsel" in outcome
    assert Miner.objects.filter(status="stored").count() == 3


def test_what_is_elsewhere_by_itself_is_refused_before_a_job_is_made(shipment, fleet, cast):
    done(verbs.send_soon(shipment, by=None), shipment)
    with pytest.raises(Refusal, match="SN-9: not pending in S-1"):
        verbs.receive_soon(shipment, missing=["SN-9"], by=None)
    place_hold(fleet.bratsk, reason="lease ended", by=None)  # it has left there
    hold = place_hold(fleet.pecos, reason="inspection", by=None)
    with pytest.raises(Refusal, match="Pecos is on hold"):
        verbs.receive_soon(shipment, by=None)
    release_hold(hold, by=None)
    with pytest.raises(Refusal, match="may not do this"):
        verbs.receive_soon(shipment, by=cast.auditor)
    assert done(verbs.receive_soon(shipment, by=None), shipment)[2] == "received"


def test_a_job_that_waits_is_stopped_and_the_shipment_can_be_sent_again(shipment):
    job = verbs.send_soon(shipment, by=None)
    cancel(job, by=None)
    assert done(job, shipment)[::2] == ("cancelled", "planned")
    assert done(verbs.send_soon(shipment, by=None), shipment)[::2] == ("done", "sent")


def test_a_job_stopped_in_the_middle_leaves_every_machine_where_it_was(shipment, monkeypatch):
    job = verbs.send_soon(shipment, by=None)

    def stop(self, done: int) -> None:
        raise Cancelled

    monkeypatch.setattr(journeys.Watch, "count", stop)
    status, outcome, standing = done(job, shipment)
    assert (status, standing) == ("cancelled", "planned")
    assert "nothing half done" in outcome
    assert set(Miner.objects.values_list("status", flat=True)) == {"stored"}
    assert Stay.objects.filter(to_at__isnull=True).count() == 3


def test_a_worker_killed_after_the_commit_repeats_nothing(shipment):
    job = verbs.send_soon(shipment, by=None)
    done(job, shipment)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, finished_at=None)  # before it could say so
    assert done(job, shipment) == ("done", "S-1 was sent with 4 items.", "sent")
    assert TrailEntry.objects.filter(verb="shipment.sent").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same_for_any_number_of_miners(
    count, miners, fleet, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    plan = {"from_site": fleet.bratsk, "to_site": fleet.pecos}
    shipment = verbs.plan_shipment(
        "S-2", "domestic", miners=[row.pk for row in miners[:count]], by=None, **plan
    )
    with django_assert_num_queries(7):
        verbs.send_soon(shipment, by=None)


@pytest.mark.processes
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_nine_in_the_middle_is_followed_by_one_that_sends_all(
    fleet, cast, tmp_path, monkeypatch
):
    forget_rings()
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    shipment = _large(fleet)
    job = verbs.send_soon(shipment, by=cast.technician)
    ring(job)
    log = tmp_path / "worker.log"
    with worker(log) as killed:
        comes_true(lambda: Job.objects.get(pk=job.pk).done > 0, log)
        killed.send_signal(signal.SIGKILL)
        killed.wait(20)
    assert Job.objects.get(pk=job.pk).status == "running", "the worker was too fast"
    assert Shipment.objects.get(pk=shipment.pk).status == "planned"
    assert not Miner.objects.exclude(status="stored").exists()
    with worker(log):
        comes_true(lambda: Job.objects.get(pk=job.pk).status not in ("queued", "running"), log)
    job.refresh_from_db()
    shipment.refresh_from_db()
    assert (job.status, job.outcome) == ("done", f"S-1 was sent with {MANY:,} items.")
    assert (shipment.status, job.total) == ("sent", MANY)
    assert Miner.objects.filter(status="in_transit", site__isnull=True).count() == MANY
    assert Stay.objects.filter(to_at__isnull=True).count() == 0
    assert TrailEntry.objects.filter(verb="shipment.sent").count() == 1
    assert check_trail().holds


def _large(fleet) -> Shipment:
    given = {"model": fleet.s19, "site": fleet.bratsk, "status": "stored", "power_w": 3_250, "ghs": 95_000}
    made = Miner.objects.bulk_create(Miner(serial=f"SN-{n:06}", **given) for n in range(MANY))
    stays = {"site": fleet.bratsk, "model": fleet.s19, "power_w": 3_250, "ghs": 95_000, "from_at": LONG_AGO}
    Stay.objects.bulk_create(Stay(miner=miner, **stays) for miner in made)
    keys = [miner.pk for miner in made]
    return verbs.plan_shipment(
        "S-1", "domestic", miners=keys, from_site=fleet.bratsk, to_site=fleet.pecos, by=None
    )
