import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import PartKind
from fleet.miners.models import Miner, MinerStatus, Part
from fleet.sites.models import PowerFeed, Site
from fleet.workshop.faults import CHOICES, Severity
from fleet.workshop.shipping import Shipment
from kit.trail.history import tracked


class TicketStatus(models.TextChoices):
    OPEN = "open", _("open")
    DIAGNOSING = "diagnosing", _("diagnosing")
    WAITING_PARTS = "waiting_parts", _("waiting for parts")
    SENT_OUT = "sent_out", _("sent out")
    REPAIRED = "repaired", _("repaired")
    CLOSED = "closed", _("closed")


class WorkedBy(models.TextChoices):
    EMPLOYEE = "employee", _("employee")
    CONTRACTOR = "contractor", _("contractor")


class Work(models.Model):
    """Who did the work; the number is the one the workforce's records use, kept here as text."""

    work_by = models.CharField(_("work by"), max_length=10, choices=WorkedBy.choices, blank=True)
    worker = models.CharField(_("who worked"), max_length=120, blank=True)
    worker_number = models.CharField(_("worker number"), max_length=40, blank=True)

    class Meta:
        abstract = True


@tracked()
class Ticket(Work):
    """A fault of a miner, a part or a place until it is closed; each has one standing per kind of fault."""

    miner = models.ForeignKey(
        Miner,
        verbose_name=_("miner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    part = models.ForeignKey(
        Part, verbose_name=_("part"), null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    feed = models.ForeignKey(
        PowerFeed,
        verbose_name=_("feed"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    fault = models.CharField(_("fault"), max_length=20, choices=CHOICES)
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity.choices, default=Severity.NORMAL
    )
    status = models.CharField(
        _("state"), max_length=13, choices=TicketStatus.choices, default=TicketStatus.OPEN
    )
    text = models.CharField(_("what was seen"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    rule = models.CharField(_("opened by rule"), max_length=20, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken by"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    # Where the miner was in its life when it went to repair; it decides where it goes back to.
    miner_was = models.CharField(max_length=12, choices=MinerStatus.choices, blank=True, editable=False)
    rma = models.ForeignKey(
        Shipment,
        verbose_name=_("sent out with"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    opened_at = models.DateTimeField(_("opened at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    sent_out_at = models.DateTimeField(_("sent out at"), null=True, blank=True)
    repaired_at = models.DateTimeField(_("repaired at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                name="ticket_on_a_miner_a_part_or_a_place",
                condition=Q(miner__isnull=False) | Q(part__isnull=False) | Q(site__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_standing_ticket_of_a_place",
                fields=["site", "feed", "fault"],
                condition=~Q(status="closed") & Q(miner__isnull=True) & Q(part__isnull=True),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="one_standing_ticket_of_a_miner",
                fields=["miner", "fault"],
                condition=~Q(status="closed") & Q(part__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_standing_ticket_of_a_part",
                fields=["part", "fault"],
                condition=~Q(status="closed") & Q(part__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_ticket_has_its_instant",
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="sent_out_ticket_has_its_shipment",
                condition=~Q(status="sent_out") | Q(rma__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="ticket_status"),
            models.Index(fields=["site", "id"], name="ticket_site"),
        ]

    def __str__(self) -> str:
        return f"T-{self.pk} {self.get_fault_display()}"


class TicketNote(models.Model):
    """One line of a ticket's story; lines are added and never changed."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.PROTECT, related_name="notes"
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    status = models.CharField(_("state"), max_length=13, choices=TicketStatus.choices)
    text = models.CharField(_("text"), max_length=2000)

    class Meta:
        verbose_name = _("line of a ticket")
        verbose_name_plural = _("lines of a ticket")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:80]


class Swap(Work):
    """One part out of a miner and another in, by their serials; never changed."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.PROTECT, related_name="swaps"
    )
    miner = models.ForeignKey(Miner, verbose_name=_("miner"), on_delete=models.PROTECT, related_name="swaps")
    kind = models.CharField(_("kind"), max_length=16, choices=PartKind.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    removed = models.ForeignKey(
        Part, verbose_name=_("taken out"), null=True, on_delete=models.PROTECT, related_name="removals"
    )
    fitted = models.ForeignKey(
        Part, verbose_name=_("put in"), null=True, on_delete=models.PROTECT, related_name="fittings"
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("part swap")
        verbose_name_plural = _("part swaps")
        constraints = [
            models.CheckConstraint(
                name="swap_of_a_part", condition=Q(removed__isnull=False) | Q(fitted__isnull=False)
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.miner}: {self.removed or '–'} → {self.fitted or '–'}"


class Spare(Part):
    """A part in no miner."""

    class Meta:
        proxy = True
        verbose_name = _("spare part")
        verbose_name_plural = _("spare parts")
