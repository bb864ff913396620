"""The office as a Django application."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Pages, templates and local assets."""

    name = "canbao.office"
    label = "office"
    verbose_name = "业务办公"
