from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HostingConfig(AppConfig):
    verbose_name = _("Hosting")
    name = "hosting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load this storey's kinds of job and filters, in the web process too: there they are asked for."""
        from hosting import tasks  # noqa: F401
        from hosting.contracts import filters  # noqa: F401
