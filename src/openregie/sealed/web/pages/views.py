"""Frames of the resident's pages. What is in them is opened and drawn by the browser alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

LANGUAGES = {"nl": ("", "Nederlands"), "en": ("/en", "English")}
"""Per language: how its addresses start, and its own name. No cookie is needed to remember it."""

_LEAVE_URL = "https://www.knmi.nl/nederland-nu/weer/verwachtingen"
_PHONE = "14 000"
_DESK = "Stadswinkel, Marktplein 1"
_THEME = "lindestad"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its template, its address below the language's prefix, its place in the menu."""

    template: str
    path: str
    place: str = ""


WELCOME = Page("pages/welcome.html", "welkom/")
MAKE_KEY = Page("pages/make_key.html", "welkom/sleutel/")
DONE = Page("pages/done.html", "welkom/klaar/")
MY = Page("pages/my.html", "mijn/", place="overview")
HELP = Page("pages/help.html", "hulp/", place="help")
OPENNESS = Page("pages/openness.html", "openheid/")
PAGES = (WELCOME, MAKE_KEY, DONE, MY, HELP, OPENNESS)


def show(request: HttpRequest, *, page: Page, language: str) -> HttpResponse:
    """Draw one page in one language."""
    del request
    with translation.override(language):
        text = render_to_string(page.template, _frame(page, language))
    return _answer(text, language=language, status=200)


def show_error(request: HttpRequest, *, status: int) -> HttpResponse:
    """Say that something went wrong, in the language of the address; never what it was about."""
    language = "en" if request.path.startswith("/en/") else "nl"
    with translation.override(language):
        title, sentence = _error_texts(status)
        frame = _frame(WELCOME, language) | {"error_title": title, "error_text": sentence}
        text = render_to_string("pages/error.html", frame)
    return _answer(text, language=language, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 400."""
    del exception
    return show_error(request, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 403."""
    del exception
    return show_error(request, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 404."""
    del exception
    return show_error(request, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Status 500."""
    return show_error(request, status=500)


def _answer(text: str, *, language: str, status: int) -> HttpResponse:
    headers = {"Content-Language": language, "Cache-Control": "no-cache"}
    return HttpResponse(text, status=status, headers=headers)


def _error_texts(status: int) -> tuple[str, str]:
    """A title and one sentence with what the reader can do."""
    if status == 404:  # noqa: PLR2004 - the HTTP status
        return (
            translation.gettext("Deze pagina is er niet"),
            translation.gettext("Misschien klopt het adres niet. Begin gerust opnieuw."),
        )
    return (
        translation.gettext("Dit lukte niet"),
        translation.gettext("Het ligt aan ons, niet aan u. Probeer het straks nog eens."),
    )


def _frame(page: Page, language: str) -> dict[str, object]:
    """What every template may know: the municipality and the page, nothing about the reader."""
    here = settings.OPENREGIE
    prefix, _ = LANGUAGES[language]
    other = next(code for code in LANGUAGES if code != language)
    own = _own_settings(here.folder) if here.folder else {}
    phone = str(own.get("phone", _PHONE))
    theme = _theme(str(own.get("theme", here.tenant)))
    return {
        "language": language,
        "prefix": prefix,
        "place": page.place,
        "other_language": other,
        "other_language_name": LANGUAGES[other][1],
        "other_language_url": f"{LANGUAGES[other][0]}/{page.path}",
        "tenant_name": here.name,
        "tenant_words": here.name.split(" ", 1),
        "synthetic": here.synthetic,
        "data_origin": here.data_origin,
        "login_url": _login_url(f"{prefix}/{MAKE_KEY.path}", language),
        "leave_url": own.get("leave_url", _LEAVE_URL),
        "phone": phone,
        "phone_digits": "".join(character for character in phone if character.isdigit()),
        "desk": own.get("desk", _DESK),
        "theme_style": f"{theme}.css",
        "theme_logo": f"logo-{theme}.svg",
    }


def _login_url(next_path: str, language: str) -> str:
    query = urlencode({"next": next_path, "taal": language})
    return f"{settings.OPENREGIE.data_origin}/inloggen?{query}"


@cache
def _own_settings(folder: Path) -> Mapping[str, Any]:
    """What openregie.json says about pages: `theme`, `phone`, `desk`, `leave_url`; all optional."""
    said = json.loads((folder / "openregie.json").read_text(encoding="utf-8"))
    return dict(said)


def _theme(wanted: str) -> str:
    """The theme that was asked for, where content/themes/ has it."""
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    return wanted if any((folder / f"{wanted}.css").is_file() for folder in folders) else _THEME
