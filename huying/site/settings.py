"""Django's settings. What differs between deployments comes from the environment (docs/operator has the
list).
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from huying import clock
from huying.site import database
from huying.site.environment import (
    clock_file,
    data_folder,
    database_settings,
    deployment,
    flag,
    secret_key,
    words,
)
from huying.site.rooms import has, rooms

HUYING_DATA: Path = data_folder()
_deployment = deployment(HUYING_DATA)
HUYING_DEMO: bool = flag("HUYING_DEMO", bool(_deployment.get("demo")))
HUYING_HTTPS: bool = flag("HUYING_HTTPS")

DEBUG = flag("HUYING_DEBUG")
SECRET_KEY = secret_key(HUYING_DATA)
# The first key signs; older ones still verify while a key is being changed.
SECRET_KEY_FALLBACKS = words("HUYING_OLD_SECRET_KEYS")
ALLOWED_HOSTS = words("HUYING_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = words("HUYING_ORIGINS")

# --- the demonstration's clock ------------------------------------------------------------------------------

HUYING_CLOCK = os.environ.get("HUYING_CLOCK") or (
    str(clock_file(HUYING_DATA)) if _deployment.get("clock") else ""
)
if HUYING_CLOCK:
    if not HUYING_DEMO:
        raise clock.ClockError(
            "a clock of its own is only for a demonstration, and this is a real deployment"
        )
    clock.install(HUYING_CLOCK)

# --- what it is made of -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    *rooms(),
    "huying.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *has("huying.staff.middleware", "huying.staff.middleware.StaffMiddleware"),
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last, as django-axes asks: it turns a locked-out sign-in into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huying.site.urls"
WSGI_APPLICATION = "huying.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- the database -------------------------------------------------------------------------------------------

# The web signs in as huying_app, migrations as huying_owner; the command sets the address before Django
# starts.
HUYING_THREADS = int(os.environ.get("HUYING_THREADS", "8"))
_pool = int(os.environ.get("HUYING_DATABASE_POOL", HUYING_THREADS + 2))
DATABASES = {
    "default": database_settings(
        os.environ.get("HUYING_DATABASE_URL") or database.url(database.socket_folder(HUYING_DATA)), _pool
    )
}

# --- language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- who may sign in ----------------------------------------------------------------------------------------

if "huying.staff" in INSTALLED_APPS:
    AUTH_USER_MODEL = "staff.Person"
    SESSION_ENGINE = "huying.staff.sessions"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    *has("huying.staff.backends", "huying.staff.backends.PersonBackend"),
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Ten wrong passwords for one name from one address, then half an hour's pause; a right one clears the count.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
if has("huying.staff.throttle"):
    # A resident signs in with a telephone number, which must not stand in the table of tries.
    AXES_USERNAME_CALLABLE = "huying.staff.throttle.name_for_axes"
AXES_LOCKOUT_TEMPLATE = "site/locked.html"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_NEVER_LOCKOUT_GET = True
# Behind a proxy, say how many of them stand before us; else whoever sends X-Forwarded-For is not believed.
AXES_IPWARE_PROXY_COUNT = int(os.environ["HUYING_PROXIES"]) if os.environ.get("HUYING_PROXIES") else None
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if os.environ.get("HUYING_PROXIES") else ["REMOTE_ADDR"]
)

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "huying_session"
CSRF_COOKIE_NAME = "huying_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads it to send the header
CSRF_FAILURE_VIEW = "huying.site.errors.csrf_failure"

# --- what a browser is told ---------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],  # the map draws in a worker, a file of our own
        "manifest-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        # A city's host app may show resident pages in a frame of its own: name it, nobody else may.
        "frame-ancestors": words("HUYING_FRAME_ANCESTORS") or [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HUYING_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True

# --- an outside sign-on, OpenID Connect (docs/operator/sign-on.md) --------------------------------------------

HUYING_OIDC_ISSUER = os.environ.get("HUYING_OIDC_ISSUER", "")
HUYING_OIDC_CLIENT = os.environ.get("HUYING_OIDC_CLIENT", "")
HUYING_OIDC_SECRET = os.environ.get("HUYING_OIDC_SECRET", "")
HUYING_OIDC_RESIDENTS = flag("HUYING_OIDC_RESIDENTS")  # residents without an account get one
HUYING_OIDC_SECOND = words("HUYING_OIDC_SECOND")  # acr or amr values that stand for a second factor

# What a monitoring system sends to read /metrics; without it the page is not there (docs/operator).
HUYING_METRICS_TOKEN = os.environ.get("HUYING_METRICS_TOKEN", "")

# --- messages out of the house (docs/operator/notices.md) ----------------------------------------------------

HUYING_SMS_URL = os.environ.get("HUYING_SMS_URL", "")
HUYING_SMS_SECRET = os.environ.get("HUYING_SMS_SECRET", "")
EMAIL_HOST = os.environ.get("HUYING_MAIL_HOST", "")
HUYING_MAIL = bool(EMAIL_HOST)
EMAIL_PORT = int(os.environ.get("HUYING_MAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("HUYING_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HUYING_MAIL_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and not flag("HUYING_MAIL_PLAIN")
DEFAULT_FROM_EMAIL = os.environ.get("HUYING_MAIL_FROM") or EMAIL_HOST_USER or "huying@localhost"

# --- files and uploads --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("HUYING_STATIC") or HUYING_DATA / "static")
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir() or DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").is_file()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = HUYING_DATA / "files"
# Requests a second that one key of the interfaces may make of one web process (bursts of ten seconds' worth); 0: any.
HUYING_API_RATE = float(os.environ.get("HUYING_API_RATE") or 2000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # form fields without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
# Bodies are measured while they arrive: nobody fills the disk before a view has looked at the first byte.
FILE_UPLOAD_HANDLERS = [
    "huying.files.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}
}

# --- what is written down -----------------------------------------------------------------------------------

# Plain lines on stderr. A path with its query could name a person, so requests are not logged here at all.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "huying.site.logs.NoPerson",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "huying": {"handlers": ["stderr"], "level": os.environ.get("HUYING_LOG", "INFO"), "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "procrastinate": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
SILENCED_SYSTEM_CHECKS: list[str] = []
