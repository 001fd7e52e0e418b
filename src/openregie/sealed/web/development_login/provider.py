"""The embedded provider's memory: its key, its personas, the codes it gave. No Django here."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from openregie.sealed.vault.tenant import LEVELS, LoginProvider, Tenant

CLIENT_ID = "openregie-development"
_CODE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody made up, whom a developer may log in as. `number` counts from 1 in personas.json."""

    number: int
    name: str
    bsn: str = field(repr=False)
    enrolled: bool
    code: str | None
    story_nl: str
    story_en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an authorization request asks; goes through the picker's form and comes back."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    code_challenge: str


@dataclass(frozen=True, slots=True)
class _Given:
    asked: Asked
    bsn: str
    level: str
    ends_at: datetime


@dataclass(slots=True)
class Provider:
    """Signing key, client secret and codes, for as long as the process lives."""

    key: ECKey
    client_secret: str
    codes: dict[str, _Given] = field(default_factory=dict)

    def give_code(self, asked: Asked, persona: Persona, *, level: str, now: datetime) -> str:
        """A code that can be changed into a token once, within a minute."""
        code = secrets.token_urlsafe(24)
        ends_at = now + timedelta(seconds=_CODE_SECONDS)
        self.codes[code] = _Given(asked, persona.bsn, level, ends_at)
        return code

    def take_code(
        self, code: str, *, verifier: str, redirect_uri: str, issuer: str, now: datetime
    ) -> str | None:
        """The id token for a code, or None when the code, its time or its verifier does not fit."""
        given = self.codes.pop(code, None)
        if given is None or now > given.ends_at or redirect_uri != given.asked.redirect_uri:
            return None
        if challenge_of(verifier) != given.asked.code_challenge:
            return None
        claims = {
            "iss": issuer,
            "aud": CLIENT_ID,
            "sub": secrets.token_urlsafe(12),
            "nonce": given.asked.nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=_CODE_SECONDS)).timestamp()),
            "bsn": given.bsn,
            "acr": given.level,
        }
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def public_keys(self) -> dict[str, Any]:
        """The JWK set that checks the tokens."""
        return {"keys": [self.key.as_dict(private=False)]}


_PROVIDERS: dict[str, Provider] = {}


def provider_of(tenant: Tenant) -> Provider:
    """The one provider of this process for this tenant; a new key each start."""
    if tenant.data_origin not in _PROVIDERS:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        _PROVIDERS[tenant.data_origin] = Provider(key, secrets.token_urlsafe(24))
    return _PROVIDERS[tenant.data_origin]


def login_provider(tenant: Tenant) -> LoginProvider:
    """How our own login finds the embedded provider."""
    return LoginProvider(
        issuer=issuer_of(tenant),
        client_id=CLIENT_ID,
        client_secret=provider_of(tenant).client_secret,
    )


def issuer_of(tenant: Tenant) -> str:
    """The embedded provider's name, and where its endpoints are."""
    return f"{tenant.data_origin}/ontwikkel-oidc"


def read_personas(folder: Path) -> list[Persona]:
    """The personas of `demo/personas.json`; none where the file is missing."""
    path = folder / "demo" / "personas.json"
    if not path.exists():
        return []
    said = json.loads(path.read_text(encoding="utf-8"))
    return [_persona(number, one) for number, one in enumerate(said, start=1)]


def _persona(number: int, said: dict[str, Any]) -> Persona:
    return Persona(
        number=number,
        name=said["name"],
        bsn=said["bsn"],
        enrolled=bool(said.get("enrolled")),
        code=said.get("code"),
        story_nl=said.get("story_nl", ""),
        story_en=said.get("story_en", ""),
    )


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier. Source: RFC 7636 section 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii", errors="replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


DEFAULT_LEVEL = LEVELS[2]
