"""Log in through OpenID Connect, with the claims that brokers of DigiD give. No Django here.

Source: OpenID Connect Core 1.0 section 3.1; RFC 7636 (PKCE); Logius, DigiD levels of assurance.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from openregie.sealed.vault.tenant import LEVELS, LoginProvider
from openregie.terms import Bsn, is_bsn

ALGORITHMS = ["RS256", "PS256", "ES256"]
_TIMEOUT_SECONDS = 5
_LEEWAY_SECONDS = 30


class LoginRefused(Exception):
    """A login that did not end well; `reason` chooses the text, and is never a value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Started:
    """A login under way, kept in the session until the resident comes back."""

    state: str
    nonce: str
    verifier: str

    def to_json(self) -> dict[str, str]:
        """As kept in the session."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a login says. Lives for one request: the BSN becomes a mailbox and is forgotten."""

    bsn: Bsn
    level_of_assurance: str


def start(provider: LoginProvider, *, redirect_uri: str) -> tuple[str, Started]:
    """The address to send the resident to, and what to remember. Raises LoginRefused."""
    started = Started(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
    )
    with _client(provider, redirect_uri) as client:
        endpoints = _discover(provider, client)
        url, _ = client.create_authorization_url(
            endpoints["authorization_endpoint"],
            state=started.state,
            nonce=started.nonce,
            code_verifier=started.verifier,
        )
    return str(url), started


def finish(
    provider: LoginProvider,
    answer: Mapping[str, str],
    *,
    started: Started,
    redirect_uri: str,
    now: datetime,
) -> Identity:
    """Who came back, from the query of the callback. Raises LoginRefused."""
    if not secrets.compare_digest(answer.get("state", ""), started.state):
        raise LoginRefused("expired")
    if "error" in answer or "code" not in answer:
        raise LoginRefused("cancelled" if answer.get("error") == "access_denied" else "provider")
    try:
        with _client(provider, redirect_uri) as client:
            endpoints = _discover(provider, client)
            token = client.fetch_token(
                endpoints["token_endpoint"],
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=started.verifier,
                timeout=_TIMEOUT_SECONDS,
            )
            keys = _get(client, endpoints["jwks_uri"])
    except (AuthlibBaseError, ValueError) as error:
        raise LoginRefused("provider") from error
    except RequestException as error:
        raise LoginRefused("provider") from error
    claims = _verified(str(token.get("id_token", "")), keys, provider, started.nonce, now)
    return identity_from(claims, provider)


def identity_from(claims: Mapping[str, Any], provider: LoginProvider) -> Identity:
    """BSN and level from checked claims. Raises LoginRefused: represents, level or no_bsn.

    INVARIANT: nobody enters for somebody else until mandates exist.
    """
    if claims.get("represents"):
        raise LoginRefused("represents")
    bsn = _at(claims, provider.bsn_claim)
    if not isinstance(bsn, str) or not is_bsn(bsn):
        raise LoginRefused("no_bsn")
    said = str(_at(claims, provider.level_claim) or "")
    level = (provider.levels or {}).get(said, said)
    if level not in LEVELS or LEVELS.index(level) < LEVELS.index(provider.minimum_level):
        raise LoginRefused("level")
    return Identity(Bsn(bsn), level)


def _verified(
    token: str, keys: Any, provider: LoginProvider, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of an id token whose signature, issuer, audience, time and nonce were checked."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise LoginRefused("forged") from error
    if (
        isinstance(claims["aud"], list)
        and claims.get("azp", provider.client_id) != provider.client_id
    ):
        raise LoginRefused("forged")
    return claims


def _client(provider: LoginProvider, redirect_uri: str) -> OAuth2Session:
    client = OAuth2Session(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        scope=provider.scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    # A proxy for the outside world must not be asked for this machine itself.
    client.trust_env = urlsplit(provider.issuer).hostname not in {"localhost", "127.0.0.1", "::1"}
    return client


def _discover(provider: LoginProvider, client: OAuth2Session) -> Mapping[str, str]:
    """The provider's endpoints. The document must name the very issuer we were told to trust."""
    try:
        said = _get(client, f"{provider.issuer}/.well-known/openid-configuration")
    except (RequestException, ValueError) as error:
        raise LoginRefused("provider") from error
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if said.get("issuer") != provider.issuer or not all(
        isinstance(said.get(n), str) for n in needed
    ):
        raise LoginRefused("provider")
    return {name: said[name] for name in needed}


def _get(client: OAuth2Session, url: str) -> dict[str, Any]:
    answer = client.get(url, timeout=_TIMEOUT_SECONDS, withhold_token=True)
    answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the callers turn ValueError into one refusal
    return said


def _at(claims: Mapping[str, Any], path: Sequence[str]) -> object:
    """The value at a path of nested claims; None where the path ends early."""
    value: object = claims
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
