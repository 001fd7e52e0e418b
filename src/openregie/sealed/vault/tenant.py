"""One municipality: what `DIR/openregie.json` says, read once when the process starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openregie.sealed.vault.errors import TenantUnusable

DIGID_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
LEVELS = (
    DIGID_CLASS + "PasswordProtectedTransport",
    DIGID_CLASS + "MobileTwoFactorContract",
    DIGID_CLASS + "Smartcard",
    DIGID_CLASS + "SmartcardPKI",
)
"""Levels of assurance of DigiD, low to high (Basis, Midden, Substantieel, Hoog). Source: Logius."""

RECOVERY_HOURS = 72
"""New keys of someone who had keys before wait this long, so that a takeover can be noticed."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class LoginProvider:
    """The broker that stands between us and DigiD, as `openregie.json` describes it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    bsn_claim: tuple[str, ...] = ("bsn",)
    level_claim: tuple[str, ...] = ("acr",)
    levels: Mapping[str, str] | None = None
    minimum_level: str = LEVELS[1]
    scope: str = "openid"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality's settings. `folder` is None where no tenant is chosen."""

    folder: Path | None
    tenant: str
    name: str
    synthetic: bool
    development: bool
    client_origin: str
    data_origin: str
    provider: LoginProvider | None = None
    recovery_hours: int = RECOVERY_HOURS
    trusted_proxy: str | None = None

    @property
    def development_login(self) -> bool:
        """Whether a persona may be picked instead of logging in.

        INVARIANT: never outside development, never beside real residents, never on a public host.
        """
        return self.development and self.synthetic and self.is_local

    @property
    def is_local(self) -> bool:
        """Whether both origins are this very machine."""
        hosts = {_host_of(self.client_origin), _host_of(self.data_origin)}
        return hosts <= _LOOPBACK

    @property
    def is_secure(self) -> bool:
        """Whether cookies may carry `__Host-` and `Secure`."""
        return all(o.startswith("https://") for o in (self.client_origin, self.data_origin))

    @property
    def dir(self) -> Path:
        """The tenant folder. Raises TenantUnusable where none was chosen."""
        if self.folder is None:
            raise TenantUnusable(
                "no tenant folder: set OPENREGIE_DIR to the folder `openregie init` made"
            )
        return self.folder


def nowhere() -> Tenant:
    """No tenant at all: enough to import the settings, nothing can be served."""
    return Tenant(
        folder=None,
        tenant="none",
        name="",
        synthetic=False,
        development=False,
        client_origin="http://localhost:8000",
        data_origin="http://localhost:8001",
    )


def read_tenant(folder: Path, *, client_origin: str = "", data_origin: str = "") -> Tenant:
    """Read `openregie.json`. In development the origins given win over those in the file.

    Raises TenantUnusable.
    """
    path = folder / "openregie.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TenantUnusable(
            f"{path}: cannot be read as JSON; make the folder with `openregie init`"
        ) from error
    if not isinstance(said, dict) or said.get("v") != 1:
        raise TenantUnusable(f"{path}: `v` must be 1; make the folder with `openregie init`")
    development = said.get("development") is True
    origins = {"client": "http://localhost:8000", "data": "http://localhost:8001"}
    origins |= said.get("origins", {})
    if development:
        given = {"client": client_origin, "data": data_origin}
        origins |= {name: origin for name, origin in given.items() if origin}
    return Tenant(
        folder=folder,
        tenant=_text(said, "tenant", path),
        name=_text(said, "name", path),
        synthetic=said.get("synthetic") is True,
        development=development,
        client_origin=origins["client"],
        data_origin=origins["data"],
        provider=_provider(said["login"], folder) if "login" in said else None,
        recovery_hours=_recovery_hours(said, path, development=development),
        trusted_proxy=_text(said, "trusted_proxy", path) if "trusted_proxy" in said else None,
    )


def _provider(said: Mapping[str, Any], folder: Path) -> LoginProvider:
    """The provider's settings; its secret stands in a file of custody, never in openregie.json."""
    place = folder / "openregie.json"
    secret = folder / "custody" / str(said.get("client_secret_file", "login.secret"))
    minimum = said.get("minimum_level", LEVELS[1])
    if minimum not in LEVELS:
        raise TenantUnusable(
            f"{place}: `login.minimum_level` must be one of the four DigiD classes"
        )
    try:
        client_secret = secret.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise TenantUnusable(
            f"{secret}: the login provider's client secret is missing; put it there"
        ) from error
    return LoginProvider(
        issuer=_text(said, "issuer", place).rstrip("/"),
        client_id=_text(said, "client_id", place),
        client_secret=client_secret,
        bsn_claim=tuple(said.get("bsn_claim", ["bsn"])),
        level_claim=tuple(said.get("level_claim", ["acr"])),
        levels=said.get("levels"),
        minimum_level=minimum,
        scope=said.get("scope", "openid"),
    )


def _recovery_hours(said: Mapping[str, Any], place: Path, *, development: bool) -> int:
    """How long new keys wait after old ones. INVARIANT: under 72 hours in development only."""
    hours = said.get("recovery_hours", RECOVERY_HOURS)
    least = 0 if development else RECOVERY_HOURS
    if type(hours) is not int or hours < least:
        raise TenantUnusable(f"{place}: `recovery_hours` must be a whole number from {least}")
    return hours


def _text(said: Mapping[str, Any], key: str, place: Path) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value:
        raise TenantUnusable(f"{place}: `{key}` must be text")
    return value


def _host_of(origin: str) -> str:
    netloc = urlsplit(origin).netloc
    return netloc[: netloc.index("]") + 1] if netloc.startswith("[") else netloc.split(":")[0]
