from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit.accounts.roles import ROLE_NAMES, STAFF_ROLES, acts_of


class User(AbstractUser):
    """A person who logs in, with exactly one role; what the role may do is a row of the role table."""

    role = models.CharField(_("role"), max_length=24, choices=list(ROLE_NAMES.items()), blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                name="staff_have_a_staff_role",
                condition=Q(is_staff=False) | Q(role__in=sorted(STAFF_ROLES)),
            )
        ]

    def may(self, act: str) -> bool:
        """Whether this user's role includes the act; an inactive user may do nothing."""
        return self.is_active and act in acts_of(self.role)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A key for the API, kept as a digest; whoever reads the database cannot use it."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    starts_with = models.CharField(_("starts with"), max_length=8, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_with}…)"

    @property
    def is_live(self) -> bool:
        """Whether it still opens the API."""
        return self.ended_at is None and (self.expires_at is None or self.expires_at > timezone.now())
