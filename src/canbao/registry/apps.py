"""The register as a Django application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    """Tables, verbs and look-ups of the register."""

    name = "canbao.registry"
    label = "registry"
    verbose_name = "登记库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the application's rights follow every migration."""
        from canbao.registry.rights import grant_rights

        post_migrate.connect(grant_rights, sender=self)
