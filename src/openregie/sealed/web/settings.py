"""Settings of the sealed zone: all of it follows from one tenant folder, OPENREGIE_DIR.

Without OPENREGIE_DIR nothing can be served; the module still imports, for type checks and tests.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from openregie.sealed.vault import tenant as tenants
from openregie.sealed.vault.tenant import Tenant

_ROOT = Path(__file__).resolve().parents[4]
_HERE = Path(__file__).resolve().parent
_DIR = os.environ.get("OPENREGIE_DIR", "")

OPENREGIE: Tenant = (
    tenants.read_tenant(
        Path(_DIR),
        client_origin=os.environ.get("OPENREGIE_CLIENT_ORIGIN", ""),
        data_origin=os.environ.get("OPENREGIE_DATA_ORIGIN", ""),
    )
    if _DIR
    else tenants.nowhere()
)


def _secret_key() -> str:
    """The tenant's own key for session signatures; without one, sessions end with the process."""
    kept = Path(_DIR) / "custody" / "web.key"
    return (
        kept.read_text(encoding="utf-8").strip()
        if _DIR and kept.exists()
        else secrets.token_urlsafe(48)
    )


def _sqlite(name: str, *, synchronous: str) -> dict[str, Any]:
    """One SQLite file. Writers start with BEGIN IMMEDIATE: a busy database waits, not fails."""
    start = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA secure_delete=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(_DIR) / "sealed" / name) if _DIR else ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": start},
    }


DEBUG = False
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = ["*"]  # OriginMiddleware admits exactly two hosts and answers 400 to all others
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [_HERE / "locale"]
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "openregie.sealed.web.wsgi.application"

# The log stands in the vault's file: an act and its log entry commit together or not at all.
DATABASES = {
    "default": _sqlite("db.sqlite3", synchronous="FULL"),
    "sessions": _sqlite("sessions.sqlite3", synchronous="NORMAL"),
}
DATABASE_ROUTERS = ["openregie.sealed.web.routers.SessionRouter"]

INSTALLED_APPS = [
    "django.contrib.sessions",
    "openregie.sealed.log",
    "openregie.sealed.vault",
    "openregie.sealed.suppliers",
    "openregie.sealed.web",
]

MIDDLEWARE = [
    "openregie.sealed.web.middleware.OriginMiddleware",
    "openregie.sealed.web.middleware.SecurityHeadersMiddleware",
    "openregie.sealed.web.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openregie.sealed.api.middleware.CorsMiddleware",
    "openregie.sealed.api.middleware.ForgeryMiddleware",
    "openregie.sealed.api.middleware.BodyLimitMiddleware",
    "openregie.sealed.web.middleware.DataSessionMiddleware",
    "openregie.sealed.web.middleware.IdleMiddleware",
    "openregie.sealed.web.middleware.LanguageMiddleware",
]
ROOT_URLCONF = "openregie.sealed.web.data_urls"
CLIENT_URLCONF = "openregie.sealed.web.client_urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            _HERE / "templates",
            _HERE / "login" / "templates",
            _HERE / "development_login" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "openregie.sealed.web.context_processors.tenant",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    folder for folder in (_ROOT / "browser", _ROOT / "content" / "themes") if folder.is_dir()
]
BROWSER_DIR = _ROOT / "browser"
# Stable names: what a file must contain is said by its integrity hash, not by its name.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_FINDERS = ["openregie.sealed.web.browser_files.BrowserFinder"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-openregie" if OPENREGIE.is_secure else "openregie"
SESSION_COOKIE_SECURE = OPENREGIE.is_secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 15 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

# Logs carry counts and ids only: a request's path, body or exception text is never written.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"values": {"()": "openregie.sealed.web.quiet_log.NoValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["values"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "openregie": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
