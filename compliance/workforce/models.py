from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fleet.sites.models import Site
from hosting.parties.models import Party
from kit.provenance import Sourced
from kit.secrets import EncryptedTextField
from kit.trail.history import tracked


class ClockKind(models.TextChoices):
    WORK_AUTHORISATION = "work_authorisation", _("work authorisation")
    ADMIT_UNTIL = "admit_until", _("admit-until (I-94)")
    VISA = "visa", _("visa")
    PASSPORT = "passport", _("passport")
    RECEIPT = "receipt", _("receipt")


@tracked()
class Contractor(Sourced):
    """A firm whose people work on a site; it attests for them, we ask for none of their papers."""

    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="contractors"
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="contractors"
    )
    scope = models.CharField(_("scope"), max_length=200)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    roster_changed_on = models.DateField(_("roster changed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contractor")
        verbose_name_plural = _("contractors")

    def __str__(self) -> str:
        return f"{self.party} at {self.site}"


@tracked()
class Attestation(Sourced):
    """A contractor's signed word that its people may do the work, until a day."""

    contractor = models.ForeignKey(
        Contractor,
        verbose_name=_("contractor"),
        on_delete=models.PROTECT,
        related_name="attestations",
    )
    signed_on = models.DateField(_("signed on"))
    expires_on = models.DateField(_("ends on"))
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [
            models.CheckConstraint(
                name="attestation_days_in_order", condition=Q(expires_on__gt=F("signed_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.contractor} until {self.expires_on}"


@tracked()
class Worker(Sourced):
    """A person who works at a site, by number; everybody passes the same steps, driven by dates."""

    number = models.CharField(_("worker number"), max_length=20, unique=True)
    name = EncryptedTextField(_("name"), blank=True)
    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="workers")
    contractor = models.ForeignKey(
        Contractor,
        verbose_name=_("contractor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="workers",
        help_text=_("blank for our own employees"),
    )
    function = models.CharField(_("function"), max_length=80, blank=True)
    hired_on = models.DateField(_("first day of work"), null=True, blank=True)
    ended_on = models.DateField(_("last day of work"), null=True, blank=True)
    is_reverification_exempt = models.BooleanField(
        _("never to be reverified"),
        default=False,
        help_text=_("recorded once from Form I-9; the reason is not asked and not kept"),
    )
    section1_on = models.DateField(_("Form I-9 section 1 on"), null=True, blank=True)
    section2_on = models.DateField(_("Form I-9 section 2 on"), null=True, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="no_i9_from_contractors_people",
                condition=Q(contractor__isnull=True) | Q(section1_on__isnull=True, section2_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Clock(Sourced):
    """A date on a worker's document, or the date a contractor attested; its number is encrypted."""

    worker = models.ForeignKey(
        Worker, verbose_name=_("worker"), on_delete=models.PROTECT, related_name="clocks"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ClockKind.choices)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    is_duration_of_status = models.BooleanField(_("D/S"), default=False)
    category = models.CharField(_("category code"), max_length=8, blank=True)
    renewal_filed_on = models.DateField(_("renewal filed on"), null=True, blank=True)
    renewal_category = models.CharField(_("category code of the renewal"), max_length=8, blank=True)
    renewal_decided_on = models.DateField(_("renewal decided on"), null=True, blank=True)
    document_number = EncryptedTextField(_("document number"), blank=True)
    is_attested = models.BooleanField(_("attested by the contractor"), default=False)
    superseded_on = models.DateField(_("superseded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.CheckConstraint(
                name="attested_dates_carry_no_number",
                condition=Q(is_attested=False) | Q(document_number=""),
            ),
            models.CheckConstraint(
                name="clock_ends_or_runs_with_status",
                condition=Q(ends_on__isnull=True) | Q(is_duration_of_status=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.get_kind_display()}"
