"""Settings of the sealed zone (placeholder until the sealed zone lands)."""

SECRET_KEY = "not-a-secret"  # noqa: S105 - replaced per tenant
INSTALLED_APPS: list[str] = []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
