"""The embedded provider's endpoints. Every one of them is 404 outside development."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openregie.sealed.vault.tenant import LEVELS
from openregie.sealed.web.development_login import provider as embedded

View = Callable[..., HttpResponse]


def only_in_development(view: View) -> View:
    """INVARIANT: no embedded login beside real residents or on a public host."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.OPENREGIE.development_login:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_in_development
@require_GET
def configuration(_request: HttpRequest) -> HttpResponse:
    """The discovery document. Source: OpenID Connect Discovery 1.0 section 4."""
    issuer = embedded.issuer_of(settings.OPENREGIE)
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/inloggen",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": list(LEVELS),
        }
    )


@only_in_development
@require_GET
def keys(_request: HttpRequest) -> HttpResponse:
    """The public key that checks the tokens."""
    return JsonResponse(embedded.provider_of(settings.OPENREGIE).public_keys())


@only_in_development
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest) -> HttpResponse:
    """The authorization endpoint: shows the personas, and sends the picked one back with a code.

    The form posts the persona's number, so that no BSN stands in a page or an address.
    """
    asked = _asked(request.GET if request.method == "GET" else request.POST)
    if asked is None:
        return HttpResponse(status=400, content_type="text/plain", content="Unknown client.")
    personas = embedded.read_personas(settings.OPENREGIE.dir)
    if request.method == "GET":
        context = {
            "personas": personas,
            "asked": asked,
            "levels": _levels(),
            "level": embedded.DEFAULT_LEVEL,
        }
        return render(request, "development_login.html", context)
    if request.POST.get("cancel"):
        return _back(asked, {"error": "access_denied"})
    picked = next((one for one in personas if str(one.number) == request.POST.get("persona")), None)
    level = request.POST.get("level", embedded.DEFAULT_LEVEL)
    if picked is None or level not in LEVELS:
        return HttpResponse(
            status=400, content_type="text/plain", content="Pick one of the personas."
        )
    provider = embedded.provider_of(settings.OPENREGIE)
    return _back(
        asked, {"code": provider.give_code(asked, picked, level=level, now=timezone.now())}
    )


@only_in_development
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint: a code for an id token, to the one client that knows the secret."""
    provider = embedded.provider_of(settings.OPENREGIE)
    expected = base64.b64encode(f"{embedded.CLIENT_ID}:{provider.client_secret}".encode()).decode()
    said = request.headers.get("Authorization", "")
    if not secrets.compare_digest(said.encode(), f"Basic {expected}".encode()):
        return JsonResponse({"error": "invalid_client"}, status=401)
    id_token = provider.take_code(
        request.POST.get("code", ""),
        verifier=request.POST.get("code_verifier", ""),
        redirect_uri=request.POST.get("redirect_uri", ""),
        issuer=embedded.issuer_of(settings.OPENREGIE),
        now=timezone.now(),
    )
    if id_token is None:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    access = secrets.token_urlsafe(16)
    return JsonResponse(
        {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": id_token}
    )


def _levels() -> list[dict[str, str]]:
    """The four levels, with the names DigiD gives them."""
    names = ("Basis", "Midden", "Substantieel", "Hoog")
    return [{"value": value, "name": name} for value, name in zip(LEVELS, names, strict=True)]


def _asked(said: Any) -> embedded.Asked | None:
    """The request, if it comes from our own login; the redirect is never taken on trust."""
    names = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
    asked = embedded.Asked(**{name: said.get(name, "") for name in names})
    ours = f"{settings.OPENREGIE.data_origin}/inloggen/terug"
    fits = (
        asked.client_id == embedded.CLIENT_ID
        and asked.redirect_uri == ours
        and asked.code_challenge
    )
    return asked if fits else None


def _back(asked: embedded.Asked, answer: dict[str, str]) -> HttpResponse:
    query = urlencode({**answer, "state": asked.state})
    return HttpResponseRedirect(f"{asked.redirect_uri}?{query}")
