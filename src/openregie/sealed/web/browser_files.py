"""The files a browser gets: which folders are served, and the hash of the import map."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import Storage

_SERVED = frozenset(
    {".js", ".css", ".svg", ".png", ".woff2", ".ico", ".webmanifest", ".webp", ".txt"}
)
_KEPT_IN = frozenset({"tests", "node_modules"})


class BrowserFinder(FileSystemFinder):
    """Serves scripts, styles, fonts and pictures, and nothing else of the folders they are in."""

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """Each path that may be served, with its storage."""
        for path, storage in super().list(ignore_patterns):
            parts = Path(path).parts
            if Path(path).suffix in _SERVED and not _KEPT_IN & set(parts):
                yield path, storage


@cache
def importmap_text(folder: Path) -> str:
    """The import map exactly as it is put in a page; an empty map where the file is missing."""
    path = folder / "importmap.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"imports": {}}
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c")


@cache
def importmap_hash(folder: Path) -> str:
    """The import map's hash as script-src wants it: 'sha256-...'."""
    digest = hashlib.sha256(importmap_text(folder).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def integrity(folder: Path, path: str) -> str:
    """The integrity of one served file: sha384-...; empty where there is no such file."""
    try:
        digest = hashlib.sha384((folder / path).read_bytes()).digest()
    except FileNotFoundError:
        return ""
    return f"sha384-{base64.b64encode(digest).decode()}"


def browser_folder() -> Path:
    """Where the browser's own files are."""
    return Path(settings.BROWSER_DIR)
