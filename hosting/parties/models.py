from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Owner
from kit.provenance import Sourced
from kit.trail.history import tracked


class PartyKind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")


class IdentifierKind(models.TextChoices):
    TAX = "tax", _("tax number")
    REGISTRATION = "registration", _("registration number")
    LEI = "lei", _("LEI")
    OTHER = "other", _("other number")


@tracked()
class Party(Sourced):
    """A person or organisation we deal with: owner, host, buyer, contractor or supplier."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind.choices)
    name = models.CharField(_("name"), max_length=300)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("of residence or registration; blank is unknown")
    )
    owner = models.OneToOneField(
        Owner,
        verbose_name=_("owner label"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="party",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class PartyName(models.Model):
    """Another name a party goes by, and the same name as it is compared."""

    party = models.ForeignKey(Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("name"), max_length=300)
    folded = models.CharField(_("as compared"), max_length=300, db_index=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [models.UniqueConstraint(name="party_name_once", fields=["party", "name"])]

    def __str__(self) -> str:
        return self.name


@tracked()
class PartyIdentifier(models.Model):
    """A number a register gave a party, such as a tax number, with its country."""

    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="identifiers"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=IdentifierKind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    value = models.CharField(_("number"), max_length=80)
    folded = models.CharField(_("as compared"), max_length=80, db_index=True)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(
                name="party_identifier_once", fields=["party", "kind", "country", "folded"]
            )
        ]

    def __str__(self) -> str:
        return self.value


@tracked()
class Wallet(models.Model):
    """A digital-currency address a party is paid to or pays from."""

    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="wallets"
    )
    asset = models.CharField(_("asset"), max_length=8)
    address = models.CharField(_("address"), max_length=120)

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        constraints = [models.UniqueConstraint(name="wallet_once", fields=["asset", "address"])]

    def __str__(self) -> str:
        return f"{self.asset} {self.address}"


@tracked()
class Stake(Sourced):
    """Who owns how much of whom, from when to when; no figure means the share is unknown."""

    holder = models.ForeignKey(
        Party, verbose_name=_("holder"), on_delete=models.PROTECT, related_name="stakes"
    )
    held = models.ForeignKey(
        Party, verbose_name=_("held"), on_delete=models.PROTECT, related_name="stakeholders"
    )
    share_bps = models.PositiveIntegerField(_("share, basis points"), null=True, blank=True)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("stake")
        verbose_name_plural = _("stakes")
        constraints = [
            models.CheckConstraint(
                name="stake_within_the_whole", condition=Q(share_bps__isnull=True) | Q(share_bps__lte=10_000)
            ),
            models.CheckConstraint(name="nobody_holds_themselves", condition=~Q(holder=F("held"))),
            models.CheckConstraint(
                name="stake_days_in_order", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} in {self.held}"


class ClearancePurpose(models.TextChoices):
    BUYER = "buyer", _("buyer")
    PAYEE = "payee", _("payee")
    HOST = "host", _("host")


class Clearance(models.Model):
    """A dated decision that a party may be dealt with for one purpose; compliance writes it."""

    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="clearances"
    )
    purpose = models.CharField(_("purpose"), max_length=8, choices=ClearancePurpose.choices)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=400)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")

    def __str__(self) -> str:
        return f"{self.party}: {self.get_purpose_display()} from {self.from_on}"


class Hold(models.Model):
    """A stop on paying or selling to a party until it is released; compliance writes it."""

    party = models.ForeignKey(Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=400)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_reason = models.CharField(_("reason of release"), max_length=400, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                name="one_open_hold_a_party", fields=["party"], condition=Q(released_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.reason}"
