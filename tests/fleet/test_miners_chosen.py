"""What is done with miners chosen in a list: shown, then done by a job to exactly those, or not at all."""

import signal
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fleet.miners import chosen, rows
from fleet.miners.chosen import act_soon, choose, forget_choices
from fleet.miners.models import Choice, Miner, Stay
from fleet.miners.verbs import place_hold, register_miner, set_status
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import Cancelled, cancel, run
from kit.trail.models import TrailEntry
from kit.trail.reads import check_trail
from tests.fleet.conftest import LONG_AGO, Fleet
from tests.real_worker import comes_true, forget_rings, ring, worker

MANY = 12_000
LIST = reverse("admin:fleet_miner_changelist")


@pytest.fixture
def miners(fleet, monkeypatch) -> list[Miner]:
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    given = {"owner": fleet.dana, "site": fleet.bratsk, "status": "offline", "at": LONG_AGO}
    return [register_miner(f"SN-{n}", fleet.s19, by=None, **given) for n in range(1, 6)]


@pytest.fixture
def choice(miners) -> Choice:
    return choose(Miner.objects.filter(serial__in=["SN-1", "SN-2", "SN-3"]), by=None)


def done(job: Job) -> tuple[str, str]:
    run(job.pk)
    job.refresh_from_db()
    return job.status, job.outcome


def test_each_act_is_done_by_a_job_to_exactly_the_chosen(choice, miners, fleet, cast):
    by, keys = cast.fleet_manager, [miner.pk for miner in miners[:3]]
    assert choice.machines == 3
    assert Choice.objects.get(pk=choice.pk).miner_ids == keys
    job = act_soon(choice, "move", fleet.pecos, by=by, reason="cheaper power")
    assert job.title == "Move miners to Pecos (3)"
    assert Miner.objects.filter(site=fleet.pecos).count() == 0
    assert done(job) == ("done", "Moved to Pecos: 3 of 3 miners.")
    assert (job.done, job.total) == (3, 3)

    def acted(name, to):
        return done(act_soon(choose(Miner.objects.filter(pk__in=keys), by=by), name, to, by=by))

    assert acted("set_state", "in_transit") == ("done", "Set to “in transit”: 3 of 3 miners.")
    assert acted("receive", fleet.bratsk) == ("done", "Received at Bratsk: 3 of 3 miners.")
    assert acted("transfer", fleet.olga) == ("done", "Given to C-002 Olga: 3 of 3 miners.")
    assert acted("end", "sold") == ("done", "Marked “sold”: 3 of 3 miners.")
    assert Miner.objects.filter(status="sold", owner=fleet.olga, site=None).count() == 3
    verbs = TrailEntry.objects.filter(actor=by, detail__machines=3).order_by("pk")
    expected = ["moved", "state_set", "received", "transferred", "ended"]
    assert [entry.verb for entry in verbs] == [f"miners.{verb}" for verb in expected]
    assert check_trail().holds


def test_a_choice_is_what_was_shown_whatever_its_filter_finds_later(miners, fleet):
    choice = choose(Miner.objects.filter(status="offline"), by=None)
    set_status([miners[0].pk], "mining", by=None)
    register_miner("SN-9", fleet.s19, site=fleet.bratsk, status="offline", by=None)
    assert done(act_soon(choice, "move", fleet.pecos, by=None))[0] == "done"
    assert Miner.objects.filter(site=fleet.pecos).count() == 5
    assert Miner.objects.get(serial="SN-9").site == fleet.bratsk


def test_those_that_are_so_already_stay_and_are_not_counted(choice, miners):
    set_status([miners[0].pk], "mining", by=None)
    assert done(act_soon(choice, "set_state", "mining", by=None))[1] == "Set to “mining”: 2 of 3 miners."


def test_a_stretch_is_written_after_the_other_and_one_act_is_recorded(miners, fleet, monkeypatch):
    monkeypatch.setattr(rows, "AT_A_TIME", 2)
    told: list[int] = []
    monkeypatch.setattr(chosen.Watch, "count", lambda self, count: told.append(count))
    done(act_soon(choose(Miner.objects.all(), by=None), "move", fleet.pecos, by=None))
    assert told == [2, 2, 1]
    entry = TrailEntry.objects.get(verb="miners.moved")
    assert entry.detail["serials"] == ["SN-1", "SN-2", "SN-3", "SN-4", "SN-5"]
    assert Stay.objects.filter(site=fleet.pecos, to_at=None).count() == 5


def test_what_can_be_told_at_once_is_refused_at_once(choice, miners, fleet, cast):
    with pytest.raises(Refusal, match="may not do this"):
        act_soon(choice, "transfer", fleet.olga, by=cast.technician)
    with pytest.raises(Refusal, match="SN-1, SN-2, SN-3: cannot go from “offline” to “ordered”"):
        act_soon(choice, "set_state", "ordered", by=None)
    with pytest.raises(Refusal, match="SN-1, SN-2, SN-3: offline, not under way"):
        act_soon(choice, "receive", fleet.pecos, by=None)
    fleet.pecos.energized_w = 9_000
    fleet.pecos.save()
    with pytest.raises(Refusal, match=r"Pecos has 9.* energized .* too much"):
        act_soon(choice, "move", fleet.pecos, by=None)
    with pytest.raises(Refusal, match="needs a reason"):
        act_soon(choice, "move", fleet.pecos, by=None, accept_overcommitment=True)
    place_hold(miners[2], reason="seizure notice", by=None)
    for name, to in (("move", fleet.pecos), ("set_state", "in_transit"), ("end", "scrapped")):
        with pytest.raises(Refusal, match=r"SN-3 is on hold since .* seizure notice"):
            act_soon(choice, name, to, by=None)
    assert not Job.objects.exists()
    assert done(act_soon(choice, "end", "sold", by=None))[0] == "done"


def test_of_many_that_may_not_the_first_are_named_and_the_others_counted(miners, fleet):
    register_miner("SN-6", fleet.s19, site=fleet.bratsk, status="offline", by=None)
    with pytest.raises(Refusal, match="SN-1, SN-2, SN-3, SN-4, SN-5 and 1 more: cannot go"):
        act_soon(choose(Miner.objects.all(), by=None), "set_state", "ordered", by=None)


def test_a_hold_placed_after_it_was_asked_for_fails_the_job_and_it_may_be_asked_again(
    choice, miners, fleet, cast
):
    job = act_soon(choice, "move", fleet.pecos, by=None)
    hold = place_hold(miners[1], reason="blocked pending counsel", by=None)
    status, outcome = done(job)
    assert (status, "blocked pending counsel" in outcome) == ("failed", True)
    assert not Miner.objects.filter(site=fleet.pecos).exists()
    type(hold).objects.update(released_at=timezone.now())
    again = act_soon(choice, "move", fleet.pecos, by=None)
    assert again != job
    assert done(again)[0] == "done"


def test_who_asks_twice_gets_the_same_job_and_who_asks_for_something_else_chooses_anew(choice, fleet):
    job = act_soon(choice, "move", fleet.pecos, by=None)
    assert act_soon(choice, "move", fleet.pecos, by=None) == job
    with pytest.raises(Refusal, match=r"“Move miners to Pecos \(3\)” was asked .* Choose them anew"):
        act_soon(choice, "end", "sold", by=None)
    done(job)
    assert act_soon(choice, "move", fleet.pecos, by=None) == job
    run(job.pk)
    assert Stay.objects.filter(site=fleet.pecos).count() == 3
    assert TrailEntry.objects.filter(verb="miners.moved").count() == 1


def test_a_job_stopped_in_the_middle_leaves_every_machine_as_it_was(miners, fleet, monkeypatch, cast):
    monkeypatch.setattr(rows, "AT_A_TIME", 2)
    choice = choose(Miner.objects.all(), by=cast.technician)
    job = act_soon(choice, "move", fleet.pecos, by=cast.technician)

    def stop(self, count: int) -> None:
        raise Cancelled

    monkeypatch.setattr(chosen.Watch, "count", stop)
    assert done(job)[0] == "cancelled"
    assert Stay.objects.filter(to_at=None, site=fleet.bratsk).count() == 5
    waiting = act_soon(choice, "move", fleet.pecos, by=cast.technician)
    cancel(waiting, by=cast.technician)  # without the act, for it is their own
    assert done(waiting)[0] == "cancelled"


def test_none_and_too_many_are_refused_and_nothing_is_kept(miners, monkeypatch):
    with pytest.raises(Refusal, match="No miner was chosen"):
        choose(Miner.objects.none(), by=None)
    monkeypatch.setattr(chosen, "MOST", 4)
    with pytest.raises(Refusal, match="More than 4 miners: narrow the list"):
        choose(Miner.objects.all(), by=None)
    assert not Choice.objects.exists()


def test_a_choice_is_forgotten_after_a_day_unless_a_job_is_at_it(miners, fleet):
    _old, asked, ended = (choose(Miner.objects.all(), by=None) for _n in range(3))
    act_soon(asked, "move", fleet.pecos, by=None)
    cancel(act_soon(ended, "move", fleet.pecos, by=None), by=None)
    assert forget_choices(timezone.now()) == 0
    assert forget_choices(timezone.now() + timedelta(days=2)) == 2
    assert Choice.objects.get() == asked


@pytest.mark.parametrize("count", [1, 5])
def test_choosing_asking_and_doing_cost_the_same_for_any_number(
    count, miners, fleet, django_assert_num_queries
):
    with django_assert_num_queries(5):
        choice = choose(Miner.objects.filter(serial__lte=f"SN-{count}"), by=None)
    with django_assert_num_queries(11):
        job = act_soon(choice, "move", fleet.pecos, by=None)
    with django_assert_num_queries(36):
        run(job.pk)


def _page(choice: Choice, name: str) -> str:
    return reverse("admin:fleet_miner_chosen", args=[choice.pk, name])


def test_the_page_shows_what_is_touched_and_leads_to_the_job_and_back(
    miners, fleet, cast, as_user, django_assert_max_num_queries
):
    client = as_user(cast.technician)
    place_hold(miners[1], reason="seizure notice", by=None)
    query = "?status__exact=offline"
    chosen_all = {"action": "set_state", "_selected_action": [miners[0].pk], "select_across": "1"}
    answer = client.post(LIST + query, chosen_all)
    choice = Choice.objects.get()
    assert answer["Location"] == _page(choice, "set_state")
    with django_assert_max_num_queries(12):
        shown = client.get(answer["Location"]).content.decode()
    for words in ("5 miners", "of 1 owner", "16.3", "seizure notice", f'href="{LIST}{query}"'):
        assert words in shown
    assert "_selected_action" not in shown
    answer = client.post(_page(choice, "set_state"), {"status": "mining", "reason": "power is back"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("operator:job", args=[job.pk])
    assert "miner_ids" not in job.arguments
    assert done(job) == ("done", "Set to “mining”: 5 of 5 miners.")
    shown = client.get(answer["Location"]).content.decode()
    assert "Set to “mining”: 5 of 5 miners." in shown
    assert f'href="{LIST}{query}"' in shown


def test_the_page_says_why_not_and_asks_again(choice, miners, fleet, cast, as_user):
    Choice.objects.update(created_by=cast.fleet_manager)
    fleet.pecos.energized_w = 9_000
    fleet.pecos.save()
    client, page, given = as_user(cast.fleet_manager), _page(choice, "move"), {"site": fleet.pecos.pk}
    assert "too much" in client.post(page, given).content.decode()
    assert not Job.objects.exists()
    given |= {"accept_overcommitment": "on", "reason": "two are off"}
    assert client.post(page, given).status_code == 302
    assert done(Job.objects.get())[0] == "done"
    assert TrailEntry.objects.get(verb="miners.moved").detail["overcommitted"]


def test_a_choice_is_its_makers_and_an_act_needs_its_role(choice, miners, fleet, cast, as_user):
    assert as_user(cast.fleet_manager).get(_page(choice, "move")).status_code == 404
    Choice.objects.update(created_by=cast.technician)
    client = as_user(cast.technician)
    assert client.get(_page(choice, "move")).status_code == 200
    assert client.get(_page(choice, "export")).status_code == 404
    said = client.post(_page(choice, "transfer"), {"owner": "C-002"}).content.decode()
    assert "may not do this" in said
    offered = client.get(LIST).content.decode()
    assert 'value="move"' in offered
    assert 'value="transfer"' not in offered
    assert as_user(cast.auditor).get(_page(choice, "move")).status_code == 404


@pytest.mark.processes
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_nine_in_the_middle_is_followed_by_one_that_moves_all(
    fleet, cast, tmp_path, monkeypatch
):
    forget_rings()
    monkeypatch.setattr("kit.jobs.verbs.ring", lambda job_id: None)
    _many(fleet)
    choice = choose(Miner.objects.filter(status="stored"), by=cast.technician)
    job = act_soon(choice, "move", fleet.pecos, by=cast.technician)
    ring(job)
    log = tmp_path / "worker.log"
    with worker(log) as killed:
        comes_true(lambda: Job.objects.get(pk=job.pk).done > 0, log)
        killed.send_signal(signal.SIGKILL)
        killed.wait(20)
    assert Job.objects.get(pk=job.pk).status == "running", "the worker was too fast"
    assert not Miner.objects.exclude(site=fleet.bratsk).exists()
    with worker(log):
        comes_true(lambda: Job.objects.get(pk=job.pk).status not in ("queued", "running"), log)
    job.refresh_from_db()
    assert (job.status, job.outcome) == ("done", "Moved to Pecos: 12,000 of 12,000 miners.")
    assert Miner.objects.filter(site=fleet.pecos).count() == MANY
    assert Stay.objects.filter(to_at=None, site=fleet.pecos).count() == MANY
    assert Stay.objects.count() == 2 * MANY
    assert TrailEntry.objects.filter(verb="miners.moved").count() == 1
    assert check_trail().holds


def _many(fleet: Fleet) -> None:
    given = {"model": fleet.s19, "site": fleet.bratsk, "status": "stored", "power_w": 3_250, "ghs": 95_000}
    made = Miner.objects.bulk_create(Miner(serial=f"SN-{n:06}", **given) for n in range(MANY))
    stays = {"site": fleet.bratsk, "model": fleet.s19, "power_w": 3_250, "ghs": 95_000, "from_at": LONG_AGO}
    Stay.objects.bulk_create(Stay(miner=miner, **stays) for miner in made)
