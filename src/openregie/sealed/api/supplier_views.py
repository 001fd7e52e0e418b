"""What a supplier's machine may do: get a token, deliver ciphertext, see what became of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openregie.sealed.api.endpoint import Answer
from openregie.sealed.api.supplier_endpoint import (
    STRANGERS,
    SupplierCall,
    not_allowed,
    too_often,
    written,
)
from openregie.sealed.suppliers import actions
from openregie.sealed.suppliers.claims import parse_claims
from openregie.sealed.suppliers.errors import AccountUnknown
from openregie.sealed.suppliers.models import Delivery
from openregie.sealed.suppliers.states import RECEIVED, State, read_states
from openregie.sealed.vault.errors import Malformed
from openregie.sealed.vault.models import HandOver

_MOST_SHOWN = 200
_RUNS_SHOWN = 100
_QUERY = frozenset({"stream", "coversFrom", "coversUntil", "attests"})


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Client credentials for a bearer token. Source: RFC 6749, sections 2.3.1, 4.4 and 5."""

    path: str
    methods: tuple[str, ...] = ("POST",)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if request.method != "POST":
            return not_allowed(self.methods)
        if wait := STRANGERS.wait_seconds(str(request.META.get("REMOTE_ADDR"))):
            return too_often(wait)
        if request.POST.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", HTTPStatus.BAD_REQUEST)
        try:
            token = actions.token_for(*_credentials(request))
        except AccountUnknown:
            return _refused("invalid_client", HTTPStatus.UNAUTHORIZED)
        body = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": actions.TOKEN_SECONDS,
        }
        return written(Answer(HTTPStatus.OK, body))


def deliver(call: SupplierCall) -> Answer:
    """Keep one encrypted file for the run; the same file again is the same delivery."""
    query = call.request.GET
    if set(query) - _QUERY:
        raise Malformed("query: knows stream, coversFrom, coversUntil and attests alone")
    if call.request.content_type != "application/octet-stream":
        raise Malformed("header `Content-Type`: must be application/octet-stream")
    claims = parse_claims(
        query.get("stream", ""),
        query.get("coversFrom", ""),
        query.get("coversUntil", ""),
        query.getlist("attests"),
        today=timezone.localdate(call.now),
    )
    # read() and not .body: Django's own limit is for forms; BodyLimitMiddleware holds this one.
    data = call.request.read()
    kept, known = actions.receive(call.vault, call.account, claims, data, now=call.now)
    status = HTTPStatus.OK if known else HTTPStatus.CREATED
    return Answer(status, {**_told(kept, _states(call, [kept])), "log": kept.receipt})


def deliveries(call: SupplierCall) -> Answer:
    """The account's own deliveries, newest first, with what became of them."""
    found = list(call.account.deliveries.order_by("-received_at")[:_MOST_SHOWN])
    states = _states(call, found)
    return Answer(HTTPStatus.OK, {"deliveries": [_told(one, states) for one in found]})


def _states(call: SupplierCall, found: list[Delivery]) -> dict[str, State]:
    runs = HandOver.objects.order_by("-number").values_list("number", flat=True)[:_RUNS_SHOWN]
    return read_states(call.vault.folder, runs, frozenset(one.delivery_id for one in found))


def _told(one: Delivery, states: Mapping[str, State]) -> dict[str, Any]:
    return {
        "id": one.delivery_id,
        "stream": one.stream,
        "deliveredOn": one.manifest["delivered_on"],
        "sha256": one.sha256,
        "sizeBytes": one.size_bytes,
        **states.get(one.delivery_id, RECEIVED).to_json(),
    }


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Client and secret: from HTTP Basic, or from the form."""
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(said, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client), unquote_plus(secret)


def _refused(error: str, status: HTTPStatus) -> HttpResponse:
    response = written(Answer(status, {"error": error}))
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="openregie"'
    return response
