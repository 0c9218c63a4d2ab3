from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from fleet.miners.models import Miner
from fleet.sites.models import Site
from hosting.parties.models import Party
from kit.provenance import Sourced
from kit.trail.history import tracked


class SiteRole(models.TextChoices):
    HOST = "host", _("host")
    LANDLORD = "landlord", _("landlord")
    POWER = "power", _("power supplier")
    CONTRACTOR = "contractor", _("contractor on the premises")


class ContractKind(models.TextChoices):
    CAPACITY = "capacity", _("capacity we take from a host")
    HOSTING = "hosting", _("hosting we give a customer")


class EnquiryStatus(models.TextChoices):
    OPEN = "open", _("open")
    OFFERED = "offered", _("offered")
    WON = "won", _("contracted")
    DECLINED = "declined", _("declined")


@tracked()
class SiteParty(Sourced):
    """What part a party plays at a site, from when to when."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="sites")
    role = models.CharField(_("role"), max_length=10, choices=SiteRole.choices)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("party at a site")
        verbose_name_plural = _("parties at sites")
        constraints = [
            models.UniqueConstraint(name="site_party_once", fields=["site", "party", "role", "from_on"]),
            models.CheckConstraint(
                name="site_party_days_in_order", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}, {self.get_role_display()} at {self.site}"


@tracked()
class Enquiry(Sourced):
    """Somebody asks to have machines hosted; what they did not say is unknown."""

    name = models.CharField(_("name"), max_length=200)
    party = models.ForeignKey(Party, verbose_name=_("party"), null=True, blank=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT)
    received_on = models.DateField(_("received on"))
    machines = models.PositiveIntegerField(_("machines"), null=True, blank=True)
    wanted_w = models.BigIntegerField(_("wanted, W"), null=True, blank=True)
    status = models.CharField(
        _("state"), max_length=8, choices=EnquiryStatus.choices, default=EnquiryStatus.OPEN
    )
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_on", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.received_on}"


@tracked()
class Contract(Sourced):
    """Power contracted at a site, either taken from a host or given to a customer."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ContractKind.choices)
    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="contracts"
    )
    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="contracts")
    contracted_w = models.BigIntegerField(_("contracted, W"), null=True, blank=True)
    rate_microcents_kwh = models.BigIntegerField(
        _("rate, millionths of a cent per kWh"), null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="contract_watts_positive", condition=Q(contracted_w__isnull=True) | Q(contracted_w__gt=0)
            ),
            models.CheckConstraint(
                name="contract_days_in_order", condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Placement(models.Model):
    """A miner under a customer's contract from one instant to another; a miner's placements never overlap."""

    miner = models.ForeignKey(
        Miner, verbose_name=_("miner"), on_delete=models.PROTECT, related_name="placements"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="placements"
    )
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.CheckConstraint(
                name="placement_ends_after_it_begins",
                condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")),
            ),
            ExclusionConstraint(
                name="placements_do_not_overlap",
                expressions=[
                    ("miner", RangeOperators.EQUAL),
                    (
                        Func("from_at", "to_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.miner} under {self.contract}"


class Membership(models.Model):
    """A log-in that may see a customer's pages."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="memberships"
    )
    party = models.ForeignKey(
        Party, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="members"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(name="membership_once", fields=["user", "party"])]

    def __str__(self) -> str:
        return f"{self.user} for {self.party}"
