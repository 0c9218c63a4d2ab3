from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.provenance import Confidence


class ListSource(models.Model):
    """A published list of restricted parties and the authority that publishes it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    authority = models.CharField(_("authority"), max_length=200)

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ListVersion(models.Model):
    """One edition of a list as it was loaded, with the hash of the file it came from."""

    source = models.ForeignKey(
        ListSource, verbose_name=_("list"), on_delete=models.PROTECT, related_name="versions"
    )
    published_on = models.DateField(_("published on"))
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)
    filename = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    entries = models.PositiveIntegerField(_("entries"))
    is_excerpt = models.BooleanField(_("excerpt"), default=False)

    class Meta:
        verbose_name = _("edition of a list")
        verbose_name_plural = _("editions of lists")
        ordering = ["source", "-published_on"]
        constraints = [models.UniqueConstraint(name="one_edition_a_day", fields=["source", "published_on"])]

    def __str__(self) -> str:
        return f"{self.source} of {self.published_on}"


class ListedParty(models.Model):
    """A party as a list names it, from the day it was listed to the day it was removed."""

    source = models.ForeignKey(
        ListSource, verbose_name=_("list"), on_delete=models.PROTECT, related_name="parties"
    )
    uid = models.CharField(_("number on the list"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=400)
    programmes = ArrayField(models.CharField(max_length=60), verbose_name=_("programmes"), default=list)
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    measure = models.CharField(_("what it restricts"), max_length=200, blank=True)
    listed_on = models.DateField(_("listed on"))
    delisted_on = models.DateField(_("removed on"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    citation = models.CharField(_("citation"), max_length=300, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence.choices, default=Confidence.HIGH)

    class Meta:
        verbose_name = _("listed party")
        verbose_name_plural = _("listed parties")
        ordering = ["source", "uid"]
        constraints = [
            models.UniqueConstraint(name="listed_once_a_period", fields=["source", "uid", "listed_on"]),
            models.CheckConstraint(
                name="listing_days_in_order",
                condition=Q(delisted_on__isnull=True) | Q(delisted_on__gt=F("listed_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListedName(models.Model):
    """A name or alias of a listed party, as printed and as compared."""

    listed = models.ForeignKey(ListedParty, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=400)
    folded = models.CharField(_("as compared"), max_length=400, db_index=True)
    is_alias = models.BooleanField(_("alias"), default=False)

    class Meta:
        verbose_name = _("listed name")
        verbose_name_plural = _("listed names")

    def __str__(self) -> str:
        return self.name


class ListedIdentifier(models.Model):
    """A number of a listed party, as printed and as compared."""

    listed = models.ForeignKey(ListedParty, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=12)
    country = models.CharField(_("country"), max_length=2, blank=True)
    value = models.CharField(_("number"), max_length=120)
    folded = models.CharField(_("as compared"), max_length=120, db_index=True)

    class Meta:
        verbose_name = _("listed identifier")
        verbose_name_plural = _("listed identifiers")

    def __str__(self) -> str:
        return self.value


class ListedAddress(models.Model):
    """An address of a listed party, as printed."""

    listed = models.ForeignKey(ListedParty, on_delete=models.CASCADE, related_name="addresses")
    text = models.CharField(_("address"), max_length=500)
    country = models.CharField(_("country"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("listed address")
        verbose_name_plural = _("listed addresses")

    def __str__(self) -> str:
        return self.text
