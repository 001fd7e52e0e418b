"""Around every request: which origin, which headers, which language, and when a session is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

from openregie.sealed.vault import signed_in
from openregie.sealed.web import browser_files

Respond = Callable[[HttpRequest], HttpResponseBase]

_STILL = ("/v1/runs/latest", "/v1/session", "/v1/health", "/v1/openapi.json", "/v1/public-keys")
"""Calls a page makes by itself: they must not keep a forgotten session alive."""
_PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(self), payment=(), usb=(), browsing-topics=()"
)


class OriginMiddleware:
    """Chooses the client's pages or the data by Host, before anything else looks at the request.

    INVARIANT: the client origin never reaches a session, a login or the database.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        host = request.META.get("HTTP_HOST", "").lower()
        if host == urlsplit(settings.OPENREGIE.client_origin).netloc:
            request.origin_kind = "client"  # type: ignore[attr-defined]  # our own mark on the request
            request.urlconf = settings.CLIENT_URLCONF
        elif host == urlsplit(settings.OPENREGIE.data_origin).netloc:
            request.origin_kind = "data"  # type: ignore[attr-defined]  # our own mark on the request
        else:
            return HttpResponseBadRequest("Unknown host.", content_type="text/plain")
        return self._respond(request)


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages, scripts and styles for slow phones.

    INVARIANT: the client origin only. What it serves holds nothing of anybody, so that its length
    can tell nothing; answers of the data origin are never compressed (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress, where a browser takes it."""
        if origin_kind(request) != "client":
            return response
        return super().process_response(request, response)


class SecurityHeadersMiddleware:
    """Says what a browser may do with each answer; strictest first."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        response = self._respond(request)
        on_client = origin_kind(request) == "client"
        for name, value in _headers(on_client=on_client).items():
            response.headers.setdefault(name, value)
        if not on_client and not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        if isinstance(response, HttpResponse):  # so that the connection may stay open
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


def _headers(*, on_client: bool) -> dict[str, str]:
    """The security headers of one origin."""
    headers = {
        "Content-Security-Policy": client_policy() if on_client else data_policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin" if on_client else "same-site",
        "Permissions-Policy": _PERMISSIONS,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if settings.OPENREGIE.is_secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


def client_policy() -> str:
    """Content-Security-Policy of the pages: own files only, and one place to talk to."""
    data = settings.OPENREGIE.data_origin
    importmap = browser_files.importmap_hash(browser_files.browser_folder())
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {importmap}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "manifest-src 'self'",
            f"connect-src {data}",
            f"form-action {data}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def data_policy() -> str:
    """Content-Security-Policy of the data origin: no script; its forms lead back to the client."""
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"form-action 'self' {settings.OPENREGIE.client_origin}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


class LanguageMiddleware:
    """The data origin's few pages speak Dutch, or what `?taal=` said when the login started.

    Pages on the client origin have their language in their address and choose for themselves.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        session = getattr(request, "session", None)
        pending = session.get("login_under_way", {}) if session is not None else {}
        known = {code for code, _ in settings.LANGUAGES}
        choices = (request.GET.get("taal"), pending.get("taal"))
        language = next((choice for choice in choices if choice in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            return self._respond(request)


class DataSessionMiddleware(SessionMiddleware):
    """Sessions on the data origin only."""

    def process_request(self, request: HttpRequest) -> None:
        """Attach the session, unless this is a page."""
        if origin_kind(request) == "data":
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Save the session, unless this is a page."""
        if not hasattr(request, "session"):
            return response
        return super().process_response(request, response)  # type: ignore[arg-type]  # any response will do


class IdleMiddleware:
    """Ends a session that was left alone, and notes that a living one was used."""

    def __init__(self, respond: Respond, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self._respond = respond
        self._clock = clock

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        session = getattr(request, "session", None)
        if session is not None and settings.SESSION_COOKIE_NAME in request.COOKIES:
            signed_in.touch(session, now=self._clock(), counts=request.path not in _STILL)
        return self._respond(request)


def origin_kind(request: HttpRequest) -> str:
    """Either `client` or `data`; empty for an unknown host."""
    return getattr(request, "origin_kind", "")
