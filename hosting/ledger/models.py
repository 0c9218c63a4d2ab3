import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hosting.parties.models import Party

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class AccountKind(models.TextChoices):
    ASSET = "asset", _("asset")
    LIABILITY = "liability", _("liability")
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")


class Account(models.Model):
    """A place where money is, is owed, is earned or is spent, in one currency."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=9, choices=AccountKind.choices)
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(name="account_with_currency", fields=["id", "currency"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Entry(models.Model):
    """One booking, balanced per currency, made once under its key and never changed."""

    key = models.CharField(_("key"), max_length=120, unique=True)
    on_day = models.DateField(_("day"))
    memo = models.CharField(_("memo"), max_length=300)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("booked at"), auto_now_add=True)
    digest = models.CharField(_("SHA-256 of its lines"), max_length=64, default="", editable=False)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="entry_subject")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.on_day} {self.memo}"


class Posting(models.Model):
    """One line of an entry: debit above zero, credit below; the party is whom the line concerns."""

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="postings"
    )
    account = models.ForeignKey(
        Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="postings"
    )
    party = models.ForeignKey(
        Party, verbose_name=_("party"), null=True, on_delete=models.PROTECT, related_name="postings"
    )
    amount_cents = models.BigIntegerField(_("amount, cents"))
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [models.CheckConstraint(name="posting_not_zero", condition=~Q(amount_cents=0))]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_cents} {self.currency}"


class EntryCheck(models.Model):
    """An entry whose balance is still to be checked when its transaction commits; always empty afterwards."""

    entry_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.entry_id}"
