"""Where a resident lands after logging in. No Django here."""

from __future__ import annotations

from urllib.parse import urlsplit

HOME = "/mijn/"


def safe_next(wanted: str) -> str:
    """A path on the client origin; anything else becomes the home page (no open redirect)."""
    if not wanted.isprintable() or "\\" in wanted:
        return HOME
    parts = urlsplit(wanted)
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_path and not parts.scheme and not parts.netloc else HOME
