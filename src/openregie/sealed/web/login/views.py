"""Login and logout. INVARIANT: a BSN lives in one function here, nowhere else in this zone."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openregie.envelope import mailbox
from openregie.sealed.api.rates import Rate
from openregie.sealed.vault import keyring, signed_in
from openregie.sealed.vault.signed_in import SignedIn
from openregie.sealed.vault.tenant import LoginProvider
from openregie.sealed.web.development_login import provider as embedded
from openregie.sealed.web.login import openid
from openregie.sealed.web.login.landing import HOME, safe_next
from openregie.sealed.web.login.openid import LoginRefused, Started

_log = logging.getLogger("openregie.login")
_PENDING = "login_under_way"
LOGINS = Rate(burst=20, per_minute=60)
"""Logins that one address may start: each makes a session."""
_STATUS = {"too_often": 429, "provider": 502, "forged": 400, "expired": 400}


@require_GET
def log_in(request: HttpRequest) -> HttpResponse:
    """Send the resident to the provider; remember state, nonce and verifier in the session."""
    if LOGINS.wait_seconds(str(request.META.get("REMOTE_ADDR"))):
        return _refused(request, LoginRefused("too_often"))
    try:
        url, started = openid.start(_provider(), redirect_uri=_redirect_uri())
    except LoginRefused as refusal:
        return _refused(request, refusal)
    if request.session.session_key:
        request.session.flush()
    request.session[_PENDING] = {
        **started.to_json(),
        "next": safe_next(request.GET.get("next", "")),
        "taal": request.GET.get("taal", ""),
    }
    return HttpResponseRedirect(url)


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """The provider's answer: check it, and put the mailbox in a new session."""
    pending = request.session.pop(_PENDING, None)
    if pending is None:
        return _refused(request, LoginRefused("expired"))
    started = Started(pending["state"], pending["nonce"], pending["verifier"])
    try:
        who = _identify(request, started)
    except LoginRefused as refusal:
        request.session.flush()
        return _refused(request, refusal)
    request.session.cycle_key()
    signed_in.keep(request.session, who)
    return HttpResponseRedirect(settings.OPENREGIE.client_origin + safe_next(pending["next"]))


def _identify(request: HttpRequest, started: Started) -> SignedIn:
    """The resident as a mailbox. The BSN ends here."""
    now = timezone.now()
    answer = {
        name: request.GET.get(name, "")
        for name in ("state", "code", "error")
        if name in request.GET
    }
    identity = openid.finish(
        _provider(), answer, started=started, redirect_uri=_redirect_uri(), now=now
    )
    secret = keyring.tenant_secret(settings.OPENREGIE.dir)
    return SignedIn(
        mailbox=mailbox.mailbox_of(identity.bsn, tenant_secret=secret),
        level_of_assurance=identity.level_of_assurance,
        signed_in_at=now,
        seen_at=now,
    )


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Forget the session, here and in the browser."""
    request.session.flush()
    response = HttpResponse(status=204)
    response.headers["Clear-Site-Data"] = '"cookies"'
    return response


def _provider() -> LoginProvider:
    """The embedded provider in development, the configured one everywhere else."""
    tenant = settings.OPENREGIE
    if tenant.development_login and tenant.provider is None:
        return embedded.login_provider(tenant)
    if tenant.provider is None:
        raise LoginRefused("provider")
    return tenant.provider


def _redirect_uri() -> str:
    return f"{settings.OPENREGIE.data_origin}/inloggen/terug"


def _refused(request: HttpRequest, refusal: LoginRefused) -> HttpResponse:
    """A plain page that says why, and leads back; only the reason's name is logged."""
    _log.warning("login refused: %s", refusal.reason)
    again = f"/inloggen?{urlencode({'next': HOME})}"
    context = {"reason": refusal.reason, "again": again}
    return render(request, "login/refused.html", context, status=_STATUS.get(refusal.reason, 403))
