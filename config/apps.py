from django.apps import AppConfig


class PitheadConfig(AppConfig):
    """The wiring of the house; it owns no rows."""

    name = "config"
    verbose_name = "Pithead"
