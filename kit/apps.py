from django.apps import AppConfig


class KitConfig(AppConfig):
    verbose_name = "System"
    name = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kit.accounts import openapi  # noqa: F401 - known to drf-spectacular once imported
