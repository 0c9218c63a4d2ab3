"""What moves many machines at once, as a job: a shipment sent, held and released at customs, received."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleet.miners.moves import refuse_holds
from fleet.miners.rows import may
from fleet.sites.commitment import overcommitment, refuse_overcommitment
from fleet.sites.models import Site
from fleet.workshop import shipments
from fleet.workshop.reads import holds_on
from fleet.workshop.shipping import ItemState, Shipment, ShipmentItem
from fleet.workshop.steps import SHIPMENT_STEPS
from kit.accounts.models import User
from kit.errors import Refusal
from kit.jobs.models import Job
from kit.jobs.verbs import LIVE, enqueue
from kit.jobs.watch import Watch

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KIND = "fleet.shipment"


@dataclass(frozen=True)
class Journey:
    """One kind of work on a shipment: its verb, the job's title, what it says meanwhile and at the end."""

    verb: Callable[..., int]
    title: "_StrPromise"
    says: "_StrPromise"
    ended: "_StrPromise"


JOURNEYS: dict[str, Journey] = {
    "send": Journey(
        shipments.send_shipment,
        _("Send {shipment}"),
        _("Taking machines from their places"),
        _("{shipment} was sent with {items} items."),
    ),
    "hold_at_customs": Journey(
        shipments.hold_at_customs,
        _("Hold {shipment} at customs"),
        _("Writing the customs hold"),
        _("{shipment} is held at customs with {items} machines."),
    ),
    "release_from_customs": Journey(
        shipments.release_from_customs,
        _("Release {shipment} from customs"),
        _("Taking the customs hold away"),
        _("{shipment} goes on; {items} machines are on their way again."),
    ),
    "receive": Journey(
        shipments.receive_shipment,
        _("Receive {shipment}"),
        _("Putting machines down at the site"),
        _("{items} items of {shipment} were received."),
    ),
}


def send_soon(shipment: Shipment, *, by: User | None, at: datetime | None = None) -> Job:
    """Have a planned shipment sent by a job.

    Raises: Refusal at once if a hold stands, naming which and why, or if it is not planned.
    """
    return _soon(shipment, "send", by=by, at=at)


def hold_at_customs_soon(shipment: Shipment, *, by: User | None, at: datetime | None = None) -> Job:
    """Have a job write that a shipment on its way is held at customs.

    Raises: Refusal at once if it is not on its way.
    """
    return _soon(shipment, "hold_at_customs", by=by, at=at)


def release_from_customs_soon(shipment: Shipment, *, by: User | None, at: datetime | None = None) -> Job:
    """Have a job write that customs let a shipment go on.

    Raises: Refusal at once if it is not held there, or a detention of it is pending.
    """
    return _soon(shipment, "release_from_customs", by=by, at=at)


def receive_soon(
    shipment: Shipment,
    *,
    by: User | None,
    site: Site | None = None,
    missing: Collection[str] = (),
    at: datetime | None = None,
    accept_overcommitment: bool = False,
    reason: str = "",
) -> Job:
    """Have a shipment received by a job.

    Raises: Refusal at once if a hold stands, it is not on its way, it goes back through its ticket, or the
        site would hold more than it can carry and that is not accepted with a reason.
    """
    given = {
        "site": site.pk if site is not None else None,
        "missing": list(missing),
        "accept_overcommitment": accept_overcommitment,
        "reason": reason,
    }
    return _soon(shipment, "receive", by=by, at=at, given=given)


def carry_on(job: Job) -> str:
    """Do what a job was asked on its shipment, all of it or nothing, once however often it is started.

    Shape: the outcome is written in the transaction of the work, so a worker killed later than the commit
    leaves it behind for the next one.
    """
    journey, given = JOURNEYS[job.arguments["step"]], _given(job)
    with Watch(job) as watch, transaction.atomic():
        shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=job.arguments["shipment"])
        watch.say(str(journey.says), total=_waiting(shipment).filter(miner__isnull=False).count())
        items = journey.verb(shipment, by=job.created_by, told=watch.count, **given)
        outcome = str(journey.ended).format(shipment=shipment, items=f"{items:,}")
        Job.objects.filter(pk=job.pk).update(outcome=outcome)
    # Only now: while it watched, the other session would have written over it.
    Job.objects.filter(pk=job.pk).update(done=items, total=items)
    return outcome


def _soon(
    shipment: Shipment,
    step: str,
    *,
    by: User | None,
    at: datetime | None,
    given: dict[str, Any] | None = None,
) -> Job:
    may(by, SHIPMENT_STEPS[step].act)
    with transaction.atomic():
        # The row is the lock: of two who ask at once the second finds the first one's job.
        row = Shipment.objects.select_for_update(of=("self",)).select_related("job").get(pk=shipment.pk)
        if row.job is not None and row.job.status in LIVE:
            if _is_same(row.job, step, given or {}):
                return row.job
            raise Refusal(
                gettext("“{job}” is being done. Wait for its end, or stop it.").format(job=row.job.title)
            )
        _check(row, step, given or {})
        arguments = {"shipment": row.pk, "step": step, "at": (at or timezone.now()).isoformat()}
        title = str(JOURNEYS[step].title).format(shipment=row)
        row.job = enqueue(KIND, title, by=by, arguments=arguments | (given or {}))
        row.save(update_fields=["job"])
    shipment.refresh_from_db()
    return row.job


def _is_same(job: Job, step: str, given: dict[str, Any]) -> bool:
    """Whether a job was asked for exactly this; who asks again at another instant asks for the same."""
    asked = {name: value for name, value in job.arguments.items() if name not in ("shipment", "at")}
    return asked == {"step": step} | given


def _check(shipment: Shipment, step: str, given: dict[str, Any]) -> None:
    """Refuse at once what the job would refuse later; the job asks again."""
    if shipment.status not in SHIPMENT_STEPS[step].from_status:
        raise Refusal(
            gettext("{shipment} is “{state}”. Nothing was changed.").format(
                shipment=shipment, state=shipment.get_status_display()
            )
        )
    if step == "send":
        refuse_holds(holds_on(shipment, [shipment.from_site_id, shipment.to_site_id]))
    elif step == "release_from_customs":
        shipments.refuse_pending_detention(shipment)
    elif step == "receive":
        shipments.refuse_of_a_ticket(shipment)
        planned = shipments.arrives_at(shipment)
        if site_id := given["site"] or (planned.pk if planned is not None else None):
            refuse_holds(holds_on(shipment, [site_id]))
            _refuse_too_much(shipment, site_id, given)
        _refuse_strange(shipment, given["missing"])


def _refuse_too_much(shipment: Shipment, site_id: int, given: dict[str, Any]) -> None:
    missing = [serial.strip().upper() for serial in given["missing"]]
    coming = _waiting(shipment).exclude(miner__serial__in=missing).aggregate(watts=Sum("miner__power_w"))
    refuse_overcommitment(
        overcommitment({site_id: coming["watts"] or 0}, {}),
        is_accepted=given["accept_overcommitment"],
        reason=given["reason"],
    )


def _refuse_strange(shipment: Shipment, missing: Collection[str]) -> None:
    wanted = {serial.strip().upper() for serial in missing if serial.strip()}
    known = _waiting(shipment)
    found = {*known.filter(miner__serial__in=wanted).values_list("miner__serial", flat=True)}
    found |= {*known.filter(part__serial__in=wanted).values_list("part__serial", flat=True)}
    if strange := wanted - found:
        raise Refusal(
            gettext("{serials}: not pending in {shipment}. Nothing was received.").format(
                serials=", ".join(sorted(strange)[:5]), shipment=shipment
            ),
            where="missing",
        )


def _waiting(shipment: Shipment) -> Any:
    return ShipmentItem.objects.filter(shipment=shipment, state=ItemState.PENDING)


def _given(job: Job) -> dict[str, Any]:
    given: dict[str, Any] = {"at": parse_datetime(job.arguments["at"])}
    if job.arguments["step"] == "receive":
        key = job.arguments["site"]
        site = Site.objects.get(pk=key) if key is not None else None
        given |= {"site": site}
        given |= {name: job.arguments[name] for name in ("missing", "accept_overcommitment", "reason")}
    return given
