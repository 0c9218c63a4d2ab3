from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HostingConfig(AppConfig):
    verbose_name = _("Hosting")
    name = "hosting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the kinds of job this storey does, in the web process too: there they are asked for."""
        from hosting import tasks  # noqa: F401
