"""Which database a table lives in."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

_SESSIONS = "sessions"


class SessionRouter:
    """Sessions in a file of their own: they come and go, the vault and its log stay."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        """The database a model is read from; None leaves the choice to the default."""
        return _SESSIONS if model.__module__.startswith("django.contrib.sessions") else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Each table in one file and in no other."""
        return (db == _SESSIONS) == (app_label == _SESSIONS)
