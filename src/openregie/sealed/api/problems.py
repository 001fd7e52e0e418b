"""Errors as the NL API Design Rules want them: problem+json, and never a value from data."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpResponse

from openregie.envelope.errors import AgeRefused, CustodyError, EnvelopeError
from openregie.sealed.log.errors import LogError
from openregie.sealed.suppliers import errors as door
from openregie.sealed.vault import errors

VERSION = "1.0.0"
MEDIA_TYPE = "application/problem+json"

STATUS_OF: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (errors.Malformed, HTTPStatus.BAD_REQUEST, "malformed"),
    (errors.NotEnrolled, HTTPStatus.NOT_FOUND, "not-enrolled"),
    (errors.AlreadyEnrolled, HTTPStatus.CONFLICT, "already-enrolled"),
    (errors.WrapUnknown, HTTPStatus.NOT_FOUND, "wrap-unknown"),
    (errors.LastWrap, HTTPStatus.CONFLICT, "last-wrap"),
    (errors.Held, HTTPStatus.LOCKED, "held"),
    (errors.VaultError, HTTPStatus.INTERNAL_SERVER_ERROR, "vault"),
    (door.NotAllowed, HTTPStatus.FORBIDDEN, "stream-not-yours"),
    (door.SaidOtherwise, HTTPStatus.CONFLICT, "said-otherwise"),
    (door.ClaimsRefused, HTTPStatus.BAD_REQUEST, "malformed"),
    (AgeRefused, HTTPStatus.UNPROCESSABLE_ENTITY, "not-encrypted"),
    (CustodyError, HTTPStatus.SERVICE_UNAVAILABLE, "keys-missing"),
    (EnvelopeError, HTTPStatus.BAD_REQUEST, "malformed"),
    (LogError, HTTPStatus.INTERNAL_SERVER_ERROR, "log"),
)
"""The one place where our errors become a status. First match wins."""
EXPECTED = tuple({kind for kind, _, _ in STATUS_OF})


def problem(status: HTTPStatus, *, kind: str = "", detail: str = "") -> HttpResponse:
    """A problem: `type` is a name a program can act on, `detail` a sentence for its maker."""
    said = {
        "type": f"urn:openregie:problem:{kind}" if kind else "about:blank",
        "status": status.value,
        "title": status.phrase,
        "detail": detail or status.description or status.phrase,
    }
    response = HttpResponse(json.dumps(said), status=status.value, content_type=MEDIA_TYPE)
    response.headers["API-Version"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_of(error: Exception) -> HttpResponse:
    """The problem that one of our errors stands for. A fault of ours says nothing about itself."""
    for kind, status, name in STATUS_OF:
        if isinstance(error, kind):
            detail = str(error) if status < HTTPStatus.INTERNAL_SERVER_ERROR else ""
            return problem(status, kind=name, detail=detail)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR)
