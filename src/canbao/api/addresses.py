"""The addresses of machines and phones."""

from django.urls import path

from canbao.api import phone_app
from canbao.api.interface import api
from canbao.api.partners.interface import api as partners
from canbao.api.partners.problems import nothing_there
from canbao.api.watching.health import live, ready
from canbao.api.watching.metrics import metrics

urlpatterns = [
    path("api/v1/", partners.urls),
    path("api/v1/<path:rest>", nothing_there, name="exchange_nothing"),
    path("api/", api.urls),
    path("metrics", metrics, name="metrics"),
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("mobile/", phone_app.page, name="phone_app"),
    path("mobile/worker.js", phone_app.worker, name="phone_app_worker"),
    path("mobile/manifest.webmanifest", phone_app.manifest, name="phone_app_manifest"),
]
