from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "fleet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the registry of jobs which function does which kind of the fleet's work."""
        from fleet import tasks  # noqa: F401
