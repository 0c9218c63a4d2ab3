from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the kinds of job this storey does, in the web process too: there they are asked for."""
        from compliance import tasks  # noqa: F401
