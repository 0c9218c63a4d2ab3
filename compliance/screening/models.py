from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.lists.models import ListedParty
from hosting.parties.models import Party


class MatchBasis(models.TextChoices):
    IDENTIFIER = "identifier", _("same identifier")
    NAME = "name", _("same name")
    ALIAS = "alias", _("same alias")


class MatchStatus(models.TextChoices):
    OPEN = "open", _("to be decided")
    CONFIRMED = "confirmed", _("same party")
    DISMISSED = "dismissed", _("another party")


class Match(models.Model):
    """A party of ours that may be a listed party, with what agrees and what was decided."""

    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="matches"
    )
    listed = models.ForeignKey(
        ListedParty, verbose_name=_("listed party"), on_delete=models.PROTECT, related_name="matches"
    )
    basis = models.CharField(_("basis"), max_length=10, choices=MatchBasis.choices)
    agrees_on = models.CharField(_("agrees on"), max_length=400)
    status = models.CharField(_("state"), max_length=9, choices=MatchStatus.choices, default=MatchStatus.OPEN)
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(name="one_match_a_pair", fields=["party", "listed"])]

    def __str__(self) -> str:
        return f"{self.party} / {self.listed}"


class Decision(models.Model):
    """What a person decided about a match, and why."""

    match = models.ForeignKey(
        Match, verbose_name=_("match"), on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(_("decision"), max_length=9, choices=MatchStatus.choices)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.match}: {self.get_outcome_display()}"
