"""Shipments, what is in them, their papers, and detentions at a border."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Miner, Part
from fleet.sites.models import Site
from kit.documents.models import Document
from kit.jobs.models import Job
from kit.trail.history import tracked


class ShipmentKind(models.TextChoices):
    EXPORT = "export", _("export")
    IMPORT = "import", _("import")
    DOMESTIC = "domestic", _("domestic")
    RMA = "rma", _("RMA, there and back")


class ShipmentStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    CUSTOMS = "customs", _("at customs")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


class ItemState(models.TextChoices):
    PENDING = "pending", _("pending")
    RECEIVED = "received", _("received")
    MISSING = "missing", _("missing")
    KEPT = "kept", _("kept at the border")


class PaperKind(models.TextChoices):
    INVOICE = "invoice", _("commercial invoice")
    PACKING_LIST = "packing_list", _("packing list")
    WAYBILL = "waybill", _("waybill or bill of lading")
    EXPORT_DECLARATION = "export_declaration", _("export declaration")
    CUSTOMS_ENTRY = "customs_entry", _("customs entry")
    ORIGIN = "origin", _("certificate of origin")
    NOTICE = "notice", _("notice of an authority")
    OTHER = "other", _("other")


class NoticeKind(models.TextChoices):
    DETENTION = "detention", _("detention, 19 CFR 151.16")
    SEIZURE = "seizure", _("seizure")
    EXCLUSION = "exclusion", _("exclusion")
    REDELIVERY = "redelivery", _("demand for redelivery")
    OTHER = "other", _("other")


class DetentionOutcome(models.TextChoices):
    PENDING = "pending", _("pending")
    RELEASED = "released", _("released")
    EXCLUDED = "excluded", _("excluded")
    SEIZED = "seized", _("seized")
    EXPORTED = "exported", _("exported again")
    ABANDONED = "abandoned", _("abandoned")


@tracked()
class Shipment(models.Model):
    """Machines and parts on their way from one place to another, with their papers."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ShipmentKind.choices)
    status = models.CharField(
        _("state"), max_length=9, choices=ShipmentStatus.choices, default=ShipmentStatus.PLANNED
    )
    from_site = models.ForeignKey(
        Site,
        verbose_name=_("from the site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    from_party = models.CharField(_("from, if no site"), max_length=200, blank=True)
    to_site = models.ForeignKey(
        Site,
        verbose_name=_("to the site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_party = models.CharField(_("to, if no site"), max_length=200, blank=True)
    carrier = models.CharField(_("carrier"), max_length=120, blank=True)
    reference = models.CharField(_("tracking or RMA number"), max_length=80, blank=True)
    planned_at = models.DateTimeField(_("planned at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    # The last work that was asked for on it; while that lives nobody asks for other work.
    job = models.ForeignKey(
        Job, verbose_name=_("job"), null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.CheckConstraint(
                name="shipment_comes_from_somewhere",
                condition=Q(from_site__isnull=False) | ~Q(from_party=""),
            ),
            models.CheckConstraint(
                name="shipment_goes_somewhere", condition=Q(to_site__isnull=False) | ~Q(to_party="")
            ),
            models.CheckConstraint(
                name="shipment_on_its_way_was_sent",
                condition=~Q(status__in=["sent", "customs", "received"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="received_shipment_has_its_instant",
                condition=~Q(status="received") | Q(received_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="shipment_status")]

    def __str__(self) -> str:
        return self.number

    @property
    def from_place(self) -> str:
        """Where it comes from, in words."""
        return _place(self.from_site, self.from_party)

    @property
    def to_place(self) -> str:
        """Where it goes, in words."""
        return _place(self.to_site, self.to_party)


def _place(site: Site | None, party: str) -> str:
    return ", ".join(filter(None, [site.name if site is not None else "", party]))


class ShipmentPaper(models.Model):
    """A paper of a shipment; its bytes and SHA-256 are the document's."""

    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="papers"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.UniqueConstraint(name="paper_once_per_shipment", fields=["shipment", "document"])
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"


@tracked()
class Detention(models.Model):
    """Goods held at a border: notice, who asked for it, who acts for us, how it ended; fees as written."""

    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="detentions"
    )
    port = models.CharField(_("port"), max_length=120)
    entry_no = models.CharField(_("entry number"), max_length=40, blank=True)
    presented_on = models.DateField(_("presented on"))
    notice = models.CharField(_("kind of notice"), max_length=10, choices=NoticeKind.choices)
    detained_on = models.DateField(_("detained on"), null=True, blank=True)
    notice_on = models.DateField(_("notice of"), null=True, blank=True)
    # The three days follow from those above; verbs keep them so.
    decide_by = models.DateField(_("decision due"), null=True, editable=False)
    notice_by = models.DateField(_("notice due"), null=True, editable=False)
    deemed_excluded_on = models.DateField(_("deemed excluded on"), null=True, editable=False)
    agency = models.CharField(_("agency that asked for it"), max_length=120, blank=True)
    fees = models.CharField(
        _("fees as notified"), max_length=200, blank=True, help_text=_("Text: the books are kept in hosting.")
    )
    counsel = models.CharField(_("counsel"), max_length=200, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=DetentionOutcome.choices, default=DetentionOutcome.PENDING
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("detention")
        verbose_name_plural = _("detentions")
        constraints = [
            models.CheckConstraint(
                name="ended_detention_has_its_day",
                condition=Q(outcome="pending", ended_on__isnull=True)
                | (~Q(outcome="pending") & Q(ended_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment} {self.port} {self.presented_on}"


class ShipmentItem(models.Model):
    """A miner or a part in a shipment, where it ended up, and the detention that holds it."""

    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="items", db_index=False
    )
    miner = models.ForeignKey(
        Miner, verbose_name=_("miner"), null=True, on_delete=models.PROTECT, related_name="shipment_items"
    )
    part = models.ForeignKey(
        Part, verbose_name=_("part"), null=True, on_delete=models.PROTECT, related_name="shipment_items"
    )
    state = models.CharField(_("state"), max_length=8, choices=ItemState.choices, default=ItemState.PENDING)
    detention = models.ForeignKey(
        Detention,
        verbose_name=_("detention"),
        null=True,
        on_delete=models.PROTECT,
        related_name="items",
    )

    class Meta:
        verbose_name = _("item of a shipment")
        verbose_name_plural = _("items of a shipment")
        constraints = [
            models.UniqueConstraint(name="miner_once_per_shipment", fields=["shipment", "miner"]),
            models.UniqueConstraint(name="part_once_per_shipment", fields=["shipment", "part"]),
            models.CheckConstraint(
                name="item_is_a_miner_or_a_part",
                condition=Q(miner__isnull=False, part__isnull=True)
                | Q(miner__isnull=True, part__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.miner or self.part)
