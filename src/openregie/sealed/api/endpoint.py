"""One address of /v1: which methods, for whom, and how an answer or an error leaves."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openregie.sealed.api.problems import EXPECTED, VERSION, problem, problem_of
from openregie.sealed.api.rates import Rate
from openregie.sealed.vault import signed_in
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.errors import Malformed
from openregie.sealed.vault.signed_in import SignedIn

_log = logging.getLogger("openregie.api")


class Needs(StrEnum):
    """Who may call."""

    NOBODY = "nobody"
    LOGIN = "login"
    FRESH_LOGIN = "fresh login"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a handler sees it. `who` is None only where nobody needs to be logged in."""

    vault: Vault
    who: SignedIn | None
    now: datetime
    query: Mapping[str, str]
    body: Any
    path: Mapping[str, str]

    @property
    def resident(self) -> SignedIn:
        """Who is logged in; the endpoint demanded it."""
        if self.who is None:
            raise Malformed("nobody is logged in")
        return self.who


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body; no body for None."""

    status: HTTPStatus
    body: Any = None


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Method:
    """What one method of an address does, and for whom."""

    handle: Handler
    needs: Needs = Needs.LOGIN


READS = Rate(burst=120, per_minute=240)
CHANGES = Rate(burst=30, per_minute=30)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address below /v1/ with its methods."""

    path: str
    methods: Mapping[str, Method]

    def __call__(self, request: HttpRequest, **path: str) -> HttpResponse:
        """Answer one request."""
        method = self.methods.get(str(request.method))
        if method is None:
            refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, kind="method")
            refusal.headers["Allow"] = ", ".join(sorted(self.methods))
            return refusal
        now = timezone.now()
        who = signed_in.find(request.session, now=now)
        refused = _refuse(method, who, now) or _too_often(request, who)
        if refused is not None:
            return refused
        tenant = settings.OPENREGIE
        try:
            vault = Vault(tenant.tenant, tenant.dir, tenant.recovery_hours)
            call = Call(vault, who, now, request.GET.dict(), _body(request), path)
            answer = method.handle(call)
        except EXPECTED as error:
            _log.info("%s %s refused: %s", request.method, self.path, type(error).__name__)
            return problem_of(error)
        return _write(answer)


def _refuse(method: Method, who: SignedIn | None, now: datetime) -> HttpResponse | None:
    if method.needs is Needs.NOBODY:
        return None
    if who is None:
        return problem(HTTPStatus.UNAUTHORIZED, kind="log-in", detail="log in first, at /inloggen")
    if method.needs is Needs.FRESH_LOGIN and not who.is_fresh(now=now):
        minutes = signed_in.FRESH_MINUTES
        detail = f"keys change only within {minutes} minutes of logging in; log in again"
        return problem(HTTPStatus.FORBIDDEN, kind="log-in-again", detail=detail)
    return None


def _too_often(request: HttpRequest, who: SignedIn | None) -> HttpResponse | None:
    rate = READS if request.method == "GET" else CHANGES
    wait = rate.wait_seconds(who.mailbox if who else str(request.META.get("REMOTE_ADDR")))
    if not wait:
        return None
    refusal = problem(HTTPStatus.TOO_MANY_REQUESTS, kind="too-often", detail="wait a little")
    refusal.headers["Retry-After"] = str(wait)
    return refusal


def _body(request: HttpRequest) -> Any:
    """The JSON of a POST. Raises Malformed."""
    if request.method != "POST":
        return None
    if request.content_type != "application/json":
        raise Malformed("header `Content-Type`: must be application/json")
    try:
        return json.loads(request.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("body: not JSON") from error


def _refuse_constant(_name: str) -> None:
    raise ValueError("not JSON")


def _write(answer: Answer) -> HttpResponse:
    text = "" if answer.body is None else json.dumps(answer.body, separators=(",", ":"))
    response = HttpResponse(text, status=answer.status.value)
    if answer.body is None:
        del response.headers["Content-Type"]
    else:
        response.headers["Content-Type"] = "application/json"
    response.headers["API-Version"] = VERSION
    return response
