"""One address for suppliers' machines: a bearer token instead of a session, never a cookie."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openregie.sealed.api.endpoint import Answer
from openregie.sealed.api.problems import EXPECTED, VERSION, problem, problem_of
from openregie.sealed.api.rates import Rate
from openregie.sealed.suppliers import actions
from openregie.sealed.suppliers.errors import AccountUnknown
from openregie.sealed.suppliers.models import Account
from openregie.sealed.vault.actions import Vault

_log = logging.getLogger("openregie.api")
SUPPLIER_CALLS = Rate(burst=30, per_minute=60)
STRANGERS = Rate(burst=30, per_minute=30)
_BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class SupplierCall:
    """One call of a supplier's machine, as a handler sees it."""

    vault: Vault
    account: Account
    now: datetime
    request: HttpRequest


Handler = Callable[[SupplierCall], Answer]


@dataclass(frozen=True, slots=True)
class SupplierEndpoint:
    """One address below /v1/ with its methods.

    INVARIANT: nothing here looks at a session, so that a page on another site has nothing to
    borrow from a browser.
    """

    path: str
    methods: Mapping[str, Handler]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        handle = self.methods.get(str(request.method))
        if handle is None:
            return not_allowed(self.methods)
        account = _account(request)
        name = account.client_id if account else str(request.META.get("REMOTE_ADDR"))
        if wait := (SUPPLIER_CALLS if account else STRANGERS).wait_seconds(name):
            return too_often(wait)
        if account is None:
            detail = "ask for a token at /v1/oauth/token"
            refusal = problem(HTTPStatus.UNAUTHORIZED, kind="log-in", detail=detail)
            refusal.headers["WWW-Authenticate"] = 'Bearer realm="openregie"'
            return refusal
        vault = Vault(settings.OPENREGIE.tenant, settings.OPENREGIE.dir)
        try:
            return written(handle(SupplierCall(vault, account, timezone.now(), request)))
        except EXPECTED as error:
            _log.info("%s %s refused: %s", request.method, self.path, type(error).__name__)
            return problem_of(error)


def not_allowed(methods: Iterable[str]) -> HttpResponse:
    """The refusal of a method that an address does not have."""
    refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, kind="method")
    refusal.headers["Allow"] = ", ".join(sorted(methods))
    return refusal


def too_often(wait_seconds: int) -> HttpResponse:
    """The refusal of a caller who must wait."""
    refusal = problem(HTTPStatus.TOO_MANY_REQUESTS, kind="too-often", detail="wait a little")
    refusal.headers["Retry-After"] = str(wait_seconds)
    return refusal


def written(answer: Answer) -> HttpResponse:
    """An answer as it leaves: JSON, not to be kept."""
    text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, status=answer.status.value, content_type="application/json")
    response.headers["API-Version"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


def _account(request: HttpRequest) -> Account | None:
    said = request.headers.get("Authorization", "")
    if not said.startswith(_BEARER):
        return None
    try:
        return actions.account_of(said.removeprefix(_BEARER))
    except AccountUnknown:
        return None
