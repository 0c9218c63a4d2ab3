from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from fleet.miners.models import Miner, MoveHold, Part
from fleet.workshop.models import Spare, Swap, Ticket, TicketNote, TicketStatus
from fleet.workshop.shipping import (
    Detention,
    DetentionOutcome,
    ItemState,
    PaperKind,
    Shipment,
    ShipmentItem,
    ShipmentPaper,
)


@dataclass(frozen=True)
class SpareStock:
    """Spares of one kind and model on the shelf of one site; a part under a ticket is there and not free.

    Shape: no site is a part whose place nobody told, or one on its way.
    """

    kind: str
    model: str
    site: str
    on_shelf: int
    under_ticket: int

    @property
    def free(self) -> int:
        """How many may be fitted."""
        return self.on_shelf - self.under_ticket


@dataclass(frozen=True)
class StoryLine:
    """One line of what happened under a ticket."""

    at: datetime
    by: str
    status: str
    text: str

    @property
    def word(self) -> str:
        """The state the ticket was in, in words."""
        return str(TicketStatus(self.status).label)


@dataclass(frozen=True)
class Paper:
    """One paper of a shipment; the document has the bytes."""

    id: int
    kind: str
    added_at: datetime
    document_id: int
    filename: str
    sha256: str

    @property
    def kind_word(self) -> str:
        """The kind, in words."""
        return str(PaperKind(self.kind).label)


def spares() -> QuerySet[Spare]:
    """Parts in no miner, each with `is_under_ticket`, in one query."""
    standing = Ticket.objects.filter(part=OuterRef("pk")).exclude(status=TicketStatus.CLOSED)
    return Spare.objects.filter(miner__isnull=True).annotate(is_under_ticket=Exists(standing))


def spare_stock(site_code: str = "") -> list[SpareStock]:
    """Spares counted by kind, model and site, in one query."""
    rows = spares()
    if site_code:
        rows = rows.filter(shelf__code=site_code)
    groups = (
        rows.order_by()
        .values("kind", "model__name", "shelf__code")
        .annotate(on_shelf=Count("pk"), held=Count("pk", filter=Q(is_under_ticket=True)))
        .order_by("kind", "model__name", "shelf__code")
    )
    return [
        SpareStock(
            row["kind"], row["model__name"] or "", row["shelf__code"] or "", row["on_shelf"], row["held"]
        )
        for row in groups
    ]


def story_of(ticket: Ticket) -> list[StoryLine]:
    """What happened under a ticket, oldest first, in one query."""
    lines = TicketNote.objects.filter(ticket=ticket).select_related("by")
    return [StoryLine(line.at, str(line.by or ""), line.status, line.text) for line in lines]


def swaps_of(miner_serial: str) -> QuerySet[Swap]:
    """The parts swapped in a miner, newest first."""
    return (
        Swap.objects.filter(miner__serial=miner_serial)
        .select_related("miner", "removed", "fitted", "by")
        .order_by("-id")
    )


def items_of(shipment_id: int) -> list[dict[str, Any]]:
    """What is in a shipment and where each item ended up, in one query."""
    items = ShipmentItem.objects.filter(shipment_id=shipment_id).order_by("id")
    names = ("miner", "part_kind", "part", "state", "detention")
    rows = items.values_list("miner__serial", "part__kind", "part__serial", "state", "detention_id")
    return [dict(zip(names, row, strict=True)) for row in rows]


def first_items(shipment_id: int, at_most: int) -> QuerySet[ShipmentItem]:
    """The first items of a shipment with what they are, those that simply arrived behind the others."""
    plain = Case(When(state=ItemState.RECEIVED, then=1), default=0)
    rows = ShipmentItem.objects.filter(shipment_id=shipment_id).select_related("miner__model", "part__model")
    return rows.order_by(plain, "id")[:at_most]


def states_of(shipment_id: int) -> dict[str, int]:
    """How many items of a shipment ended up in each state."""
    rows = ShipmentItem.objects.filter(shipment_id=shipment_id).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def parts_in(miner_id: int | None) -> QuerySet[Part]:
    """The parts that sit in a miner, by kind and position."""
    return Part.objects.filter(miner_id=miner_id or 0).select_related("model").order_by("kind", "position")


def holds_on(shipment: Shipment, site_ids: Collection[int | None]) -> QuerySet[MoveHold]:
    """Holds not released that stop a shipment: on a machine that waits in it, where one stands, or on a site.

    Shape: what a pending detention holds is not touched and stops nothing.
    """
    waiting = ShipmentItem.objects.filter(shipment=shipment, state=ItemState.PENDING, miner__isnull=False)
    free = waiting.exclude(detention__outcome=DetentionOutcome.PENDING)
    miners = Miner.objects.filter(pk__in=free.values("miner"))
    stopped = Q(miner__in=miners) | Q(site__in=miners.filter(site__isnull=False).values("site"))
    stopped |= Q(site__in=[key for key in site_ids if key is not None])
    return (
        MoveHold.objects.filter(stopped, released_at__isnull=True)
        .select_related("site", "miner")
        .order_by("id")
    )


def detentions() -> QuerySet[Detention]:
    """Detentions, each with `units`: how many items it held, in one query."""
    held = ShipmentItem.objects.filter(detention=OuterRef("pk")).order_by().values("detention")
    return Detention.objects.annotate(units=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0))


def papers_of(shipment_id: int) -> list[Paper]:
    """The papers of a shipment with name and SHA-256, without their bytes."""
    rows = ShipmentPaper.objects.filter(shipment_id=shipment_id).order_by("id")
    return [
        Paper(*row)
        for row in rows.values_list(
            "id", "kind", "added_at", "document_id", "document__filename", "document__sha256"
        )
    ]
