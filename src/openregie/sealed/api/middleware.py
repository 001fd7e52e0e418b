"""Who may call the data origin from where, and how much they may send. Pages pass untouched."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from openregie.sealed.api.problems import problem

Respond = Callable[[HttpRequest], HttpResponseBase]

MOST_BODY_BYTES = 256 * 1024
MOST_DELIVERY_BYTES = 16 * 1024 * 1024
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PROVIDER = "/ontwikkel-oidc/"
_PERSONAL = "/v1/"
_OPEN = "/v1/openapi.json"
_DELIVERIES = "/v1/deliveries"
_MACHINES = frozenset({_DELIVERIES, "/v1/oauth/token"})
"""Called with a secret or a token of their own, never with a cookie: nothing to forge."""


class CorsMiddleware:
    """Lets the client origin, and no other, read answers. The API's description is for everyone."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        if not _is_data(request):
            return self._respond(request)
        preflight = (
            request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        )
        response = (
            HttpResponse(status=HTTPStatus.NO_CONTENT) if preflight else self._respond(request)
        )
        response.headers["Vary"] = "Origin, Cookie"
        if request.path == _OPEN:
            response.headers["Access-Control-Allow-Origin"] = "*"
        elif request.headers.get("Origin") == settings.OPENREGIE.client_origin:
            response.headers["Access-Control-Allow-Origin"] = settings.OPENREGIE.client_origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = "API-Version, Retry-After"
            if preflight:
                response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
                response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Openregie"
                response.headers["Access-Control-Max-Age"] = "600"
        return response


class ForgeryMiddleware:
    """Refuses a call that another site could have made the browser send.

    INVARIANT: what changes something carries a header that only a script of the client origin can
    set, and that origin's name. A navigation never reaches /v1: reading items is logged, so a link
    on another site must not be able to cause it.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        if _is_data(request) and not _is_ours(request):
            return problem(
                HTTPStatus.FORBIDDEN, kind="forged", detail="call this from the client origin"
            )
        return self._respond(request)


class BodyLimitMiddleware:
    """Refuses a body that is longer than any call needs, before it is read."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or let the next one."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = MOST_BODY_BYTES
        if _is_data(request) and request.path == _DELIVERIES:
            most = MOST_DELIVERY_BYTES
        if not length.isdecimal() or int(length) > most:
            detail = f"a body has at most {most} bytes"
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, kind="too-large", detail=detail)
        return self._respond(request)


def _is_data(request: HttpRequest) -> bool:
    return getattr(request, "origin_kind", "") == "data"


def _is_ours(request: HttpRequest) -> bool:
    """Whether the call can only come from our own pages, or cannot do harm."""
    tenant = settings.OPENREGIE
    origin = request.headers.get("Origin")
    if request.path in _MACHINES:
        return True
    if request.path.startswith(_PROVIDER):
        # The picker's form posts to itself; a server calls the token endpoint, without Origin.
        return request.method in _SAFE or origin in {None, "null", tenant.data_origin}
    if request.method in _SAFE:
        navigated = request.headers.get("Sec-Fetch-Mode") == "navigate"
        public = request.path in {_OPEN, "/v1/health"}
        return public or not (request.path.startswith(_PERSONAL) and navigated)
    return bool(origin == tenant.client_origin and request.headers.get("X-Openregie") == "1")
