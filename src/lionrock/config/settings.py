"""Django's settings, made from `environment.py`; nothing is decided here that a site would change."""

from __future__ import annotations

import getpass
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from lionrock.config.environment import environment
from lionrock.config.mail import MailServer, Security
from lionrock.database import parameters
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.openid.reading import read_providers
from lionrock.operations import logs
from lionrock.people.resolving import read_resolver

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parents[1]
_env = environment()


def _secret_key(home: Path) -> str:
    """Return the key kept in the home, made on first use; a guessable default does not exist."""
    file = home / "secret-key"
    try:
        if not file.exists():
            home.mkdir(parents=True, exist_ok=True)
            _make_key(file)
        return file.read_text()
    except OSError as wrong:
        raise Unavailable(
            "config.home.unusable",
            message(
                gettext_noop(
                    "The home {folder} cannot be used: {reason} ({place}). Let user {user} write there, or set "
                    "LIONROCK_HOME to another folder."
                ),
                folder=home,
                reason=wrong.strerror,
                place=wrong.filename,
                user=getpass.getuser(),
            ),
        ) from wrong


def _make_key(file: Path) -> None:
    """Make the file whole or not at all: two first commands agree, and a killed one leaves no empty key."""
    with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".secret-key-") as made, suppress(FileExistsError):
        made.write(secrets.token_urlsafe(48))
        made.flush()
        os.link(made.name, file)


SECRET_KEY = _env.secret_key or _secret_key(_env.home)
SECRET_KEY_FALLBACKS = _env.secret_key_fallbacks
DEBUG = _env.debug
ALLOWED_HOSTS = _env.allowed_hosts

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    "lionrock.web",
    "lionrock.database",
    "lionrock.audit",
    "lionrock.people",
    "lionrock.openid",
    "lionrock.identity",
    "lionrock.notices",
    "lionrock.controls",
    "lionrock.ledger",
    "lionrock.sites",
    "lionrock.screening",
    "lionrock.supply",
    "lionrock.calls",
    "lionrock.applications",
    "lionrock.intake",
    "lionrock.review",
    "lionrock.assurance",
    "lionrock.awards",
    "lionrock.allocations",
    "lionrock.committee",
    "lionrock.outcomes",
    "lionrock.custody",
    "lionrock.concerns",
    "lionrock.charging",
    "lionrock.metering",
    "lionrock.jobs",
    "lionrock.planning",
    "lionrock.usage",
    "lionrock.statements",
    "lionrock.receivables",
    "lionrock.finance",
    "lionrock.oversight",
    "lionrock.public",
    "lionrock.api",
    "lionrock.operations",
    "lionrock.config",
]

MIDDLEWARE = [
    "lionrock.operations.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lionrock.operations.away.Reachable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lionrock.web.middleware.TextsAsKept",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lionrock.identity.middleware.Guard",
    "lionrock.people.middleware.OneEdition",
    "lionrock.web.middleware.ContentPolicy",
    "lionrock.web.middleware.ProductErrors",
    "lionrock.identity.middleware.Supporting",
    "lionrock.notices.middleware.ReadOnOpening",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lionrock.web.context.languages",
                "lionrock.config.places.navigation",
                "lionrock.identity.context.support",
                "lionrock.notices.context.bell",
            ],
        },
    }
]

ROOT_URLCONF = "lionrock.config.urls"
WSGI_APPLICATION = "lionrock.config.wsgi.application"
DATABASES = {"default": parameters(_env.home, _env.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lionrock.people.passwords.OwnWords"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:sign_in"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hant", _("Traditional Chinese")),
    ("zh-hans", _("Simplified Chinese")),
]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["lionrock.web.formats"]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

SESSION_ENGINE = "lionrock.identity.sessions"
SESSION_COOKIE_AGE = _env.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not _env.insecure_http
SESSION_COOKIE_NAME = "sessionid" if _env.insecure_http else "__Host-sessionid"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = not _env.insecure_http
CSRF_COOKIE_NAME = "csrftoken" if _env.insecure_http else "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "language" if _env.insecure_http else "__Host-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not _env.insecure_http
FILE_UPLOAD_HANDLERS = [
    "lionrock.web.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20  # a form of thirty pages in Chinese, with room to spare
SECURE_HSTS_SECONDS = 0 if _env.insecure_http else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not _env.insecure_http
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

_mail = MailServer.parse(_env.mail_url) if _env.mail_url else None
EMAIL_HOST = _mail.host if _mail else ""
EMAIL_PORT = _mail.port if _mail else 0
EMAIL_HOST_USER = _mail.user if _mail else ""
EMAIL_HOST_PASSWORD = _mail.password if _mail else ""
EMAIL_USE_TLS = _mail is not None and _mail.security is Security.STARTTLS
EMAIL_USE_SSL = _mail is not None and _mail.security is Security.TLS
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _env.mail_from or ""

LIONROCK_MAIL = _mail is not None
LIONROCK_PORTAL_URL = _env.portal_url
LIONROCK_TIME_ZONE = _env.time_zone
LIONROCK_HOME = _env.home
LIONROCK_RULEBOOK = _env.rulebook
LOGGING = logs.settings_of(_env.log_format)
LIONROCK_METRICS_NETWORKS = _env.metrics_networks
LIONROCK_METRICS_TOKEN = _env.metrics_token
LIONROCK_RESOLVERS = [read_resolver(each) for each in _env.resolvers]
LIONROCK_PROVIDERS = read_providers(_env.providers, plain_http=_env.insecure_http) if _env.providers else {}
LIONROCK_SCANNER = _env.scanner
LIONROCK_SESSION_IDLE_MINUTES = _env.session_idle_minutes
LIONROCK_SIGN_IN_DAYS = _env.sign_in_days
LIONROCK_PROOF_MINUTES = _env.proof_minutes
LIONROCK_SECOND_FACTOR_ROLES = frozenset(_env.second_factor_roles)
LIONROCK_WEBHOOK_NETWORKS = _env.webhook_networks
