"""What is done with many miners chosen in a list, as a job: moved, received, set, given away, ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.miners import life, moves
from fleet.miners.models import Choice, Miner, MinerStatus, Owner
from fleet.miners.rows import may
from fleet.sites.models import Site
from kit.accounts.models import User
from kit.errors import Refusal
from kit.jobs.models import Job, JobStatus
from kit.jobs.verbs import LIVE, enqueue
from kit.jobs.watch import Watch

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KIND = "fleet.chosen"
MOST = 500_000  # miners of one choice
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Work:
    """One kind of work on chosen miners: the act it needs, its verb, its check, what it is pointed at.

    Shape: `check` refuses by a set of miners what the verb would refuse. Where machines arrive at a site both
        are told whether more than it can carry is accepted; what is pointed at nothing is given a state.
    """

    needs: str
    verb: Callable[..., int]
    check: Callable[..., Any]
    towards: type[Site] | type[Owner] | None
    title: "_StrPromise"
    ended: "_StrPromise"

    @property
    def arrives(self) -> bool:
        return self.towards is Site


WORKS: dict[str, Work] = {
    "move": Work(
        "miners.move",
        moves.move_miners,
        moves.check_move,
        Site,
        _("Move miners to {to} ({count})"),
        _("Moved to {to}: {changed} of {count} miners."),
    ),
    "receive": Work(
        "miners.move",
        moves.receive_miners,
        moves.check_receipt,
        Site,
        _("Receive miners at {to} ({count})"),
        _("Received at {to}: {changed} of {count} miners."),
    ),
    "set_state": Work(
        "miners.move",
        life.set_status,
        life.check_status,
        None,
        _("Set miners to “{to}” ({count})"),
        _("Set to “{to}”: {changed} of {count} miners."),
    ),
    "transfer": Work(
        "fleet.edit",
        life.transfer_ownership,
        life.check_transfer,
        Owner,
        _("Give miners to {to} ({count})"),
        _("Given to {to}: {changed} of {count} miners."),
    ),
    "end": Work(
        "miners.move",
        life.end_stays,
        life.check_end,
        None,
        _("Mark miners “{to}” ({count})"),
        _("Marked “{to}”: {changed} of {count} miners."),
    ),
}


def choose(miners: QuerySet[Miner], *, by: User | None, query: str = "") -> Choice:
    """Keep which miners a list shows now; their keys stay in the database.

    Shape: `query` is that of the list's address, so that one comes back to it.

    Raises: Refusal for none, or more than can be changed at once.
    """
    with transaction.atomic():
        choice = Choice.objects.create(miner_ids=[], query=query, created_by=by)
        keys = miners.order_by("pk").values("pk")[: MOST + 1]
        Choice.objects.filter(pk=choice.pk).update(miner_ids=ArraySubquery(keys))
        choice = choices().get(pk=choice.pk)
        if not choice.machines:
            raise Refusal(gettext("No miner was chosen."))
        if choice.machines > MOST:
            raise Refusal(
                gettext("More than {most} miners: narrow the list, or change them by an import.").format(
                    most=f"{MOST:,}"
                )
            )
    return choice


def choices() -> QuerySet[Choice]:
    """Choices with their jobs, their many keys left where they are."""
    return Choice.objects.select_related("job").defer("miner_ids")


def miners_of(choice: Choice) -> QuerySet[Miner]:
    """The miners of a choice, as a set to be asked about."""
    keys = RawSQL("select unnest(miner_ids) from fleet_choice where id = %s", [choice.pk])
    return Miner.objects.filter(pk__in=keys).order_by("pk")


def act_soon(
    choice: Choice,
    name: str,
    to: Site | Owner | str,
    *,
    by: User | None,
    at: datetime | None = None,
    reason: str = "",
    accept_overcommitment: bool = False,
    back: str = "",
) -> Job:
    """Have a job do one kind of work on exactly the miners of a choice.

    Shape: `to` is the site, the owner or the state; `back` the address the job's page leads back to.

    Raises: Refusal at once as the verb would refuse, or if something else was asked of the same choice.
    """
    work = WORKS[name]
    may(by, work.needs)
    given: dict[str, Any] = {"work": name, "to": to if isinstance(to, str) else to.pk, "reason": reason}
    if work.arrives:
        given["accept_overcommitment"] = accept_overcommitment
    with transaction.atomic():
        # The row is the lock: of two who ask at once the second finds the first one's job.
        row = choices().select_for_update(of=("self",)).get(pk=choice.pk)
        if row.job is not None and row.job.status in (*LIVE, JobStatus.DONE):
            if given.items() <= row.job.arguments.items():
                return row.job
            raise Refusal(
                gettext("“{job}” was asked for these miners. Choose them anew.").format(job=row.job.title)
            )
        accepting = {"accept_overcommitment": accept_overcommitment, "reason": reason}
        work.check(miners_of(row), to, **(accepting if work.arrives else {}))
        given |= {"choice": row.pk, "at": (at or timezone.now()).isoformat(), "back": back}
        title = str(work.title).format(count=f"{row.machines:,}", to=_named(to))[:200]
        job = enqueue(KIND, title, by=by, arguments=given)
        Choice.objects.filter(pk=row.pk).update(job=job)
    return job


def carry_on(job: Job) -> str:
    """Do what a job was asked with the miners of its choice, all of it or nothing.

    Shape: the outcome is written in the transaction of the work, so a worker killed later than the commit
        leaves it behind for the next one.
    """
    work, asked = WORKS[job.arguments["work"]], job.arguments
    to = asked["to"] if work.towards is None else work.towards.objects.get(pk=asked["to"])
    given = {name: asked[name] for name in ("reason", "accept_overcommitment") if name in asked}
    with Watch(job) as watch, transaction.atomic():
        keys = Choice.objects.values_list("miner_ids", flat=True).get(pk=asked["choice"])
        watch.say(job.title, total=len(keys))
        at = parse_datetime(asked["at"])
        changed = work.verb(keys, to, by=job.created_by, at=at, told=watch.count, **given)
        counts = {"changed": f"{changed:,}", "count": f"{len(keys):,}"}
        outcome = str(work.ended).format(to=_named(to), **counts)
        Job.objects.filter(pk=job.pk).update(outcome=outcome)
    # Only now: while it watched, the other session would have written over it.
    Job.objects.filter(pk=job.pk).update(done=len(keys), total=len(keys))
    return outcome


def forget_choices(now: datetime) -> int:
    """Drop the choices of yesterday and before that no job works on; what was done is in the trail."""
    old = Choice.objects.filter(created_at__lt=now - KEPT_FOR).exclude(job__status__in=LIVE)
    return old.delete()[0]


def _named(to: Site | Owner | str) -> str:
    return str(MinerStatus(to).label if isinstance(to, str) else to)
