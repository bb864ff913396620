"""Django's settings: what runs where, and how safely. What differs between machines is in the environment."""

from __future__ import annotations

import os
from pathlib import Path

from canbao.registry.connecting import django_database

STATE = Path(os.environ.get("CANBAO_STATE", "canbao-state")).absolute()
"""Where the program keeps what is its own: the private database server, the spool of uploads, keys."""

PROFILE = os.environ.get("CANBAO_PROFILE", "guangdong_2017")
"""The reading of the guidance by which the province judges."""

ADMISSION_LANES = int(os.environ.get("CANBAO_ADMISSION_LANES", "2"))
"""How many ranges of a package are admitted at once; as many as the database server has cores to spare."""

AUDIT_ANCHORS = tuple(Path(place) for place in os.environ.get("CANBAO_AUDIT_ANCHORS", "").split(":") if place)
"""Folders, beside our own, that get every checkpoint of the audit log: on another host, in other hands."""

MAP_FOLDER = Path(os.environ["CANBAO_MAP"]).absolute() if os.environ.get("CANBAO_MAP") else None
"""Approved base maps, one a city: `440600.json`, GeoJSON whose features have their county's `code`. We have none."""

TSA_URL = os.environ.get("CANBAO_TSA_URL", "")
"""A time-stamping authority (RFC 3161) for evidence containers; without one they bear our own clock's time."""
TSA_CERTIFICATE = Path(os.environ.get("CANBAO_TSA_CERTIFICATE") or STATE / "tsa.pem").absolute()
"""The authority's root certificate and whatever lies between (PEM): an answer from anybody else is not believed."""

DEBUG = False
SECRET_KEY = os.environ.get("CANBAO_SECRET_KEY", "")
SECRET_KEY_FALLBACKS = os.environ.get("CANBAO_SECRET_KEY_FALLBACKS", "").split()
"""Earlier secrets, with blanks between: what they signed is still believed, so that nobody is signed out."""
DATA_KEYS = Path(os.environ.get("CANBAO_DATA_KEYS") or STATE / "data-keys").absolute()
"""The folder with the keys that seal secrets in the database; never in the database, nor in its backups."""
ALLOWED_HOSTS = os.environ.get("CANBAO_HOSTS", "127.0.0.1,localhost").split(",")
PUBLIC_ADDRESS = os.environ.get("CANBAO_PUBLIC_ADDRESS") or f"https://{ALLOWED_HOSTS[0]}"
"""Where residents reach the page on which they fill in their own forms; printed on letters."""
IS_TRIAL = os.environ.get("CANBAO_TRIAL") == "1"
"""A trial on one's own machine: no TLS, no second factor asked. Never with real people's data."""
HAS_DEMO_ACCOUNTS = os.environ.get("CANBAO_DEMO_ACCOUNTS") == "1"
"""Whether the sign-in page of a trial offers the accounts that `canbao demo` makes."""
PROXIES = frozenset(filter(None, os.environ.get("CANBAO_PROXIES", "127.0.0.1,::1").split(",")))
"""The addresses of our own proxies: what they say in X-Forwarded-For about where a request comes from is believed."""
METRICS_FROM = tuple(filter(None, os.environ.get("CANBAO_METRICS_FROM", "127.0.0.1,::1").split(",")))
"""The addresses, or networks (10.0.0.0/24), that are told figures at /metrics; for all others there is no such page."""
LOG_IS_JSON = os.environ.get("CANBAO_LOG") == "json"
"""Whether the log on the screen is a JSON object a line, with one for each request of another system."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_htmx",
    "procrastinate.contrib.django",
    "canbao.registry.apps.RegistryConfig",
    "canbao.survey.apps.SurveyConfig",
    "canbao.office.apps.OfficeConfig",
    "canbao.api.apps.ApiConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "canbao.api.compressing.CompressedForPhones",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "canbao.office.headers.SafeHeaders",
    "canbao.api.partners.telling.OneLineEach",
    "canbao.office.maintenance.Maintenance",
    "canbao.office.request_size.BoundedRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "canbao.office.sessions.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "canbao.urls"
WSGI_APPLICATION = "canbao.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "canbao.office.shell.shell",
            ]
        },
    }
]
DATABASES = {
    "default": django_database("app", os.environ, STATE),
    "owner": django_database("owner", os.environ, STATE),
}
AUTH_USER_MODEL = "registry.Officer"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

GUESSES_FROM_SOURCE = int(os.environ.get("CANBAO_GUESSES_FROM_SOURCE", "100"))
"""Failures in half an hour from one network; an office of some hundred people may share one address."""
GUESSES_IN_ALL = int(os.environ.get("CANBAO_GUESSES_IN_ALL", "3000"))
"""Failures in half an hour from everywhere."""
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
OTP_TOTP_ISSUER = "参保登记"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "without_persons": {
            "()": "canbao.office.server_log.WithoutPersons",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
        "json": {"()": "canbao.office.server_log.WithoutPersonsInJson"},
    },
    "handlers": {
        "screen": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_IS_JSON else "without_persons",
            "level": "WARNING",
        },
        "requests": {"class": "logging.StreamHandler", "formatter": "json", "level": "INFO"},
    },
    "root": {"handlers": ["screen"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "canbao.exchange": {"handlers": ["requests"] if LOG_IS_JSON else [], "level": "INFO"},
    },
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_NAME = "session" if IS_TRIAL else "__Host-session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 15 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not IS_TRIAL
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
KNOWN_COOKIE_NAME = "known" if IS_TRIAL else "__Host-known"
CSRF_COOKIE_NAME = "csrf" if IS_TRIAL else "__Host-csrf"
CSRF_COOKIE_SECURE = not IS_TRIAL
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if IS_TRIAL else 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
SPOOL = STATE / "spool"
FILE_UPLOAD_TEMP_DIR = SPOOL if SPOOL.is_dir() else None
"""Uploads on their way lie where they will be kept, and what a killed server leaves of them is found there."""
DROP = Path(os.environ["CANBAO_DROP"]) if os.environ.get("CANBAO_DROP") else None
"""The folder in which other systems drop files of rows; without it none is looked for."""
PRINTS_KEPT_DAYS = 3
"""Days for which printed papers lie ready to be fetched."""
PRINT_FONTS = tuple(Path(folder) for folder in filter(None, os.environ.get("CANBAO_FONTS", "").split(os.pathsep)))
"""Folders of fonts of an installation's own, for characters that ours lack."""
SECOND_FACTOR_REQUIRED = not IS_TRIAL

# Signing in through the province's own system; docs/guide/sign-in.zh.md says what each of them is.
OIDC_IS_ON = bool(os.environ.get("CANBAO_OIDC_CLIENT_ID"))
OIDC_USERNAME_CLAIM = os.environ.get("CANBAO_OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_RP_CLIENT_ID = os.environ.get("CANBAO_OIDC_CLIENT_ID", "")
OIDC_RP_CLIENT_SECRET = os.environ.get("CANBAO_OIDC_CLIENT_SECRET", "")
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get("CANBAO_OIDC_AUTHORIZATION_URL", "")
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("CANBAO_OIDC_TOKEN_URL", "")
OIDC_OP_USER_ENDPOINT = os.environ.get("CANBAO_OIDC_USER_URL", "")
OIDC_OP_JWKS_ENDPOINT = os.environ.get("CANBAO_OIDC_KEYS_URL", "")
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
if OIDC_IS_ON:
    AUTHENTICATION_BACKENDS.append("canbao.office.sign_in.oidc.UsernameBackend")
