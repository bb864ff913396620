"""The api as a Django application: it owns no tables, and the phone's files are its static ones."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What machines and phones ask."""

    name = "canbao.api"
    label = "api"
    verbose_name = "接口"
