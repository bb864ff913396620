"""The register as a Django application."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Tables, verbs and look-ups of the register."""

    name = "canbao.registry"
    label = "registry"
    verbose_name = "登记库"
    default_auto_field = "django.db.models.BigAutoField"
