"""A made-up tenant in a temporary folder, residents with real keys, calls from both origins."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from openregie.envelope import custody, returns
from openregie.envelope.mailbox import mailbox_of
from openregie.envelope.suites import suite_named
from openregie.envelope.vault_keys import VaultKeys, keys_payload
from openregie.sealed.api import endpoint
from openregie.sealed.vault import signed_in
from openregie.sealed.vault.actions import Vault
from openregie.sealed.vault.signed_in import SignedIn
from openregie.sealed.vault.tenant import LEVELS, Tenant, read_tenant
from openregie.sealed.web.login.views import LOGINS
from openregie.terms import Mailbox

CLIENT = "http://localhost:8000"
DATA = "http://localhost:8001"
ANNA_BSN = "999990019"
BRAM_BSN = "999990020"


@pytest.fixture(scope="session")
def tenant_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of one tenant: made once, copied never; tests only read them."""
    folder = tmp_path_factory.mktemp("tenant")
    custody.create(folder, tenant="lindestad", teams=["debt_team"], sources=["population"])
    return folder


@pytest.fixture
def tenant(tenant_keys: Path, tmp_path: Path, settings: Any) -> Tenant:
    """A development tenant of made-up residents, with an inbox of its own."""
    for name in ("custody", "public"):
        (tmp_path / name).symlink_to(tenant_keys / name)
    said = {"v": 1, "tenant": "lindestad", "name": "Gemeente Lindestad"}
    flags = {"synthetic": True, "development": True}
    (tmp_path / "openregie.json").write_text(json.dumps({**said, **flags}))
    settings.OPENREGIE = read_tenant(tmp_path, client_origin=CLIENT, data_origin=DATA)
    endpoint.READS.forget()
    endpoint.CHANGES.forget()
    LOGINS.forget()
    return settings.OPENREGIE


@pytest.fixture
def vault(tenant: Tenant) -> Vault:
    """The vault of the tenant."""
    return Vault(tenant.tenant, tenant.dir)


@dataclass
class Someone:
    """A resident with keys on their own device, and a browser that is logged in."""

    tenant: Tenant
    bsn: str
    suite: str = "s1"
    epoch: int = 1
    keys: VaultKeys = field(init=False)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.keys = VaultKeys.generate(suite_named(self.suite), epoch=self.epoch)
        self.client = Client(raise_request_exception=False)

    @property
    def mailbox(self) -> Mailbox:
        secret = custody.load_tenant_secret(self.tenant.dir)
        return mailbox_of(self.bsn, tenant_secret=secret)

    def log_in(self, *, ago: timedelta = timedelta(0)) -> None:
        now = timezone.now()
        session = self.client.session
        signed_in.keep(session, SignedIn(self.mailbox, LEVELS[2], now - ago, now))
        session.save()

    def sealed_return(self, stream: str, payload: dict[str, Any]) -> dict[str, Any]:
        run = custody.load_run_public(self.tenant.dir)
        return returns.seal_return(
            payload,
            tenant=self.tenant.tenant,
            stream=stream,
            mailbox=self.mailbox,
            to=run.kem["s0" if self.suite == "s0" else "s1"],
            signer=self.keys.signer,
        )

    def keys_return(self, action: str = "enrol") -> dict[str, Any]:
        payload = keys_payload(
            self.keys.public(),
            mailbox=self.mailbox,
            action=action,
            at="2026-11-05",
            subject_check={"birthYear": 1980, "initials": "A."},
        )
        return self.sealed_return("keys", payload)

    def wrap(self, wrap_id: str = "code-1", kind: str = "code") -> dict[str, Any]:
        return self.keys.wrap(bytes(32), mailbox=self.mailbox, wrap_id=wrap_id, kind=kind)

    def enrolment(self) -> dict[str, Any]:
        return {
            **self.keys.public().to_json(),
            "wraps": [self.wrap()],
            "return": self.keys_return(),
            "assistedBy": None,
        }

    def get(self, path: str, **headers: str) -> Any:
        said = {"Host": "localhost:8001", "Origin": CLIENT, **headers}
        return self.client.get(path, headers=said)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        said = {"Host": "localhost:8001", "Origin": CLIENT, "X-Openregie": "1", **headers}
        return self.client.post(path, json.dumps(body), "application/json", headers=said)

    def delete(self, path: str, **headers: str) -> Any:
        said = {"Host": "localhost:8001", "Origin": CLIENT, "X-Openregie": "1", **headers}
        return self.client.delete(path, headers=said)

    def enrol(self) -> Any:
        self.log_in()
        return self.post("/v1/enrolments", self.enrolment())


@pytest.fixture
def anna(tenant: Tenant) -> Someone:
    return Someone(tenant, ANNA_BSN)


@pytest.fixture
def bram(tenant: Tenant) -> Someone:
    return Someone(tenant, BRAM_BSN)


@pytest.fixture
def now() -> datetime:
    return timezone.now()
