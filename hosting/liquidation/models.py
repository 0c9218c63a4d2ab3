import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fleet.catalog.models import MinerModel
from fleet.miners.models import Miner
from fleet.sites.models import Site
from hosting.ledger.models import Entry
from hosting.parties.models import Party
from kit.documents.models import Document
from kit.jobs.models import Job
from kit.secrets import EncryptedTextField
from kit.trail.history import tracked

USER = settings.AUTH_USER_MODEL


class CaseStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SCOPED = "scoped", _("scope frozen")
    HELD = "held", _("held")
    REVIEWED = "reviewed", _("reviewed by counsel")
    AUTHORISED = "authorised", _("authority recorded")
    ELECTED = "elected", _("elections closed")
    BUYER_CLEARED = "buyer_cleared", _("buyer cleared")
    VALUED = "valued", _("valued")
    SOLD = "sold", _("sale approved")
    RECEIVED = "received", _("proceeds received")
    ALLOCATED = "allocated", _("distribution allocated")
    STATED = "stated", _("statements issued")
    PAID = "paid", _("paid and recorded")
    CLOSED = "closed", _("closed")


class Basis(models.TextChoices):
    APPRAISED = "appraised", _("appraised value")
    HASHRATE = "hashrate", _("hashrate")
    UNIT = "unit", _("machine")


@tracked()
class Liquidation(models.Model):
    """The orderly sale of a site's machines and the paying out of their owners."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="liquidations"
    )
    status = models.CharField(_("state"), max_length=14, choices=CaseStatus.choices, default=CaseStatus.DRAFT)
    as_of = models.DateField(_("scope as of"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    basis = models.CharField(
        _("basis of shares"), max_length=10, choices=Basis.choices, default=Basis.APPRAISED
    )
    prepared_by = models.ForeignKey(
        USER, verbose_name=_("prepared by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"))
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    authority_ends_on = models.DateField(_("authority ends on"), null=True, blank=True)
    buyer = models.ForeignKey(
        Party, verbose_name=_("cleared buyer"), null=True, on_delete=models.PROTECT, related_name="purchases"
    )
    net_cents = models.BigIntegerField(_("net to owners, cents"), null=True)
    proof_root = models.CharField(_("root of the proof"), max_length=64, blank=True)
    proof_secret = EncryptedTextField(editable=False, blank=True)
    job = models.ForeignKey(Job, verbose_name=_("job"), null=True, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField(_("contains synthetic data"), default=False)

    class Meta:
        verbose_name = _("liquidation")
        verbose_name_plural = _("liquidations")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_liquidation_a_site", fields=["site"], condition=~Q(status="closed")
            ),
            models.CheckConstraint(
                name="allocated_case_has_a_net",
                condition=~Q(status__in=["allocated", "stated", "paid", "closed"]) | Q(net_cents__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Gate(models.Model):
    """A gate that was passed: by whom, when, on what evidence; passed once."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="gates"
    )
    verb = models.CharField(_("gate"), max_length=40)
    passed_on = models.DateField(_("passed on"))
    passed_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    passed_by = models.ForeignKey(
        USER, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="gate_passed_once", fields=["case", "verb"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case} {self.verb}"


class ScopeItem(models.Model):
    """One machine frozen into a case with its owner and its weight."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="items"
    )
    miner = models.ForeignKey(Miner, verbose_name=_("miner"), on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey(MinerModel, verbose_name=_("model"), on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+")
    power_w = models.IntegerField(_("power, W"))
    ghs = models.BigIntegerField(_("hashrate, GH/s"))
    is_exportable = models.BooleanField(_("may leave the country"), null=True)
    appraised_cents = models.BigIntegerField(_("appraised, cents"), null=True)

    class Meta:
        verbose_name = _("machine in scope")
        verbose_name_plural = _("machines in scope")
        constraints = [models.UniqueConstraint(name="miner_once_a_case", fields=["case", "miner"])]

    def __str__(self) -> str:
        return f"{self.case} {self.miner_id}"


class Offer(models.Model):
    """What a buyer offered for the whole lot."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="offers"
    )
    buyer = models.ForeignKey(Party, verbose_name=_("buyer"), on_delete=models.PROTECT, related_name="offers")
    amount_cents = models.BigIntegerField(_("amount, cents"))
    offered_on = models.DateField(_("offered on"))
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(name="offer_above_zero", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(
                name="one_accepted_offer", fields=["case"], condition=Q(accepted_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.buyer} for {self.case}"


class Money(models.Model):
    """A sum that belongs to a case, with its evidence and the entry that booked it."""

    amount_cents = models.BigIntegerField(_("amount, cents"))
    on_day = models.DateField(_("day"))
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)
    entry = models.OneToOneField(Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


class Receipt(Money):
    """Money that came in for a case."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="receipts"
    )
    offer = models.ForeignKey(
        Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="receipts"
    )

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.CheckConstraint(name="receipt_above_zero", condition=Q(amount_cents__gt=0))]


class Cost(Money):
    """A cost of the sale, paid before the owners are."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="costs"
    )
    label = models.CharField(_("what for"), max_length=160)

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [models.CheckConstraint(name="cost_above_zero", condition=Q(amount_cents__gt=0))]


class Reserve(Money):
    """Money set aside before the owners are paid, with the reason."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="reserves"
    )
    label = models.CharField(_("reason"), max_length=160)

    class Meta:
        verbose_name = _("reserve")
        verbose_name_plural = _("reserves")
        constraints = [models.CheckConstraint(name="reserve_above_zero", condition=Q(amount_cents__gt=0))]


class ShareStatus(models.TextChoices):
    DUE = "due", _("to be paid")
    SET_ASIDE = "set_aside", _("set aside, owner held")
    PAID = "paid", _("paid")


class Share(models.Model):
    """What one owner gets: the exact fraction, the cent given or not by rank, and whether it is paid."""

    case = models.ForeignKey(
        Liquidation, verbose_name=_("case"), on_delete=models.PROTECT, related_name="shares"
    )
    party = models.ForeignKey(Party, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="shares")
    line = models.PositiveIntegerField(_("line"))
    machines = models.PositiveIntegerField(_("machines"))
    weight = models.BigIntegerField(_("weight"))
    amount_cents = models.BigIntegerField(_("amount, cents"))
    rounding_cents = models.SmallIntegerField(_("rounding, cents"))
    status = models.CharField(_("state"), max_length=9, choices=ShareStatus.choices)
    entry = models.ForeignKey(Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["case", "line"]
        constraints = [
            models.UniqueConstraint(name="one_share_an_owner", fields=["case", "party"]),
            models.UniqueConstraint(name="one_share_a_line", fields=["case", "line"]),
            models.CheckConstraint(
                name="share_figures_sound",
                condition=Q(amount_cents__gte=0)
                & Q(weight__gte=0)
                & Q(rounding_cents__in=[0, 1])
                & Q(amount_cents__gte=F("rounding_cents")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}-{self.line:04d}"


class Statement(models.Model):
    """The paper that tells one owner how the share was worked out."""

    share = models.OneToOneField(
        Share, verbose_name=_("share"), on_delete=models.PROTECT, related_name="statement"
    )
    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="statement"
    )
    issued_on = models.DateField(_("issued on"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"{self.share}"


class Payout(models.Model):
    """One share paid, once, with the entry that booked it."""

    share = models.OneToOneField(
        Share, verbose_name=_("share"), on_delete=models.PROTECT, related_name="payout"
    )
    paid_on = models.DateField(_("paid on"))
    method = models.CharField(_("method"), max_length=40)
    entry = models.ForeignKey(Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")

    def __str__(self) -> str:
        return f"{self.share}"
