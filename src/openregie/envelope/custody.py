"""The keys of one tenant on disk: who may hold which, one file each.

Secrets lie in DIR/custody (folders 0700, files 0600), public halves in DIR/public. In a real
tenant the run's keys and the tenant secret are closed in locked.json, which two organisations open
together (`custody_locked`, docs/custody.md), and the others go to the parties they belong to.
Source: docs/specs/envelope.md section 8.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openregie.envelope import age, base64url
from openregie.envelope.errors import CustodyError, CustodyLocked, EnvelopeError
from openregie.envelope.keys import PrivateKey, PublicKey, RandomBytes, Signer, VerifyKey
from openregie.envelope.mailbox import SECRET_BYTES
from openregie.envelope.suites import S0, S1, SignatureAlgorithm, suite_named

VERSION = 1
LOCKED = "locked.json"
"""In DIR/custody. INVARIANT: once it is there it counts, and a plain run.json no longer does."""
RUN = "run.json"
TENANT_SECRET = "tenant.secret"  # noqa: S105 - the name of a file
RUN_SUITES = (S1, S0)
"""Suites in which a browser may seal a return to the run."""


@dataclass(frozen=True, slots=True)
class RunKeys:
    """What the run holds: opens returns and deliveries, signs what it seals.

    `age_identity` has one identity a line, as age's own identity files: the first is to whom
    deliveries are encrypted now, the others open what lies there from before a rotation. `earlier`
    are keys of before a rotation by kid.
    """

    tenant: str
    kem: Mapping[str, PrivateKey]
    signers: Mapping[SignatureAlgorithm, Signer]
    age_identity: str = field(repr=False)
    earlier: Mapping[str, PrivateKey] = field(default_factory=dict)

    def key_for(self, sealed: Mapping[str, Any]) -> PrivateKey:
        """Key that a return names by its suite and kid. Raises UnknownSuite, CustodyError."""
        name = suite_named(sealed.get("suite")).name
        before = self.earlier.get(str(sealed.get("kid")))
        if before is not None and before.suite.name == name:
            return before
        if name not in self.kem:
            raise CustodyError(f"run keys: no key of suite {name}; returns use s1 or s0")
        return self.kem[name]

    def signer_for(self, key: PublicKey) -> Signer:
        """Signer that fits a resident's suite."""
        return self.signers[key.suite.signature]

    @property
    def age_recipient(self) -> str:
        """To whom deliveries are encrypted."""
        return age.recipient_of(self.age_identity)

    def public(self) -> RunPublic:
        """The public halves."""
        return RunPublic(
            self.tenant,
            {name: key.public for name, key in self.kem.items()},
            {algorithm: signer.verify_key for algorithm, signer in self.signers.items()},
            self.age_recipient,
        )


@dataclass(frozen=True, slots=True)
class RunPublic:
    """The run's public halves: seal returns to `kem`, verify items with `verify`."""

    tenant: str
    kem: Mapping[str, PublicKey]
    verify: Mapping[SignatureAlgorithm, VerifyKey]
    age_recipient: str


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a run needs, in memory."""

    keys: RunKeys
    tenant_secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogKey:
    """The log's signing key: the checkpoint's origin and an Ed25519 signer."""

    origin: str
    signer: Signer


def create(
    directory: Path,
    *,
    tenant: str,
    teams: Sequence[str],
    sources: Sequence[str],
    random_bytes: RandomBytes = os.urandom,
) -> RunKeys:
    """Make and store every key of a tenant; `sources` are source kinds.

    With a seeded `random_bytes` the same keys come out: synthetic tenants only.
    Raises CustodyError when there are keys already: they are never overwritten.
    """
    custody, public = directory / "custody", directory / "public"
    if custody.exists():
        raise CustodyError("custody: there are keys here already; choose another folder")
    for folder in (custody, custody / "teams", custody / "sources"):
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)
    for folder in (public, public / "teams", public / "sources"):
        folder.mkdir(parents=True, exist_ok=True)
    run = new_run(tenant, random_bytes)
    _write_secret(custody / RUN, run_to_json(run))
    _write(public / "run.json", run_public_to_json(run.public()))
    secret = base64url.encode(random_bytes(SECRET_BYTES))
    _write_secret(custody / TENANT_SECRET, {"v": VERSION, "tenant": tenant, "secret": secret})
    _write_log_key(custody / "log.key", public / "log.pub", tenant, random_bytes)
    _write_pair(custody, public, "print-house.json", random_bytes)
    for team in sorted(teams):
        _write_pair(custody, public, f"teams/{team}.json", random_bytes)
    for kind in sorted(sources):
        _write_pair(custody, public, f"sources/{kind}.json", random_bytes)
    return run


def load_run(directory: Path) -> RunKeys:
    """The run's private keys. Raises CustodyError."""
    path = _unlocked_path(directory, RUN)
    value = _read(path)
    try:
        return run_from_json(value)
    except (EnvelopeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(path) from error


def run_from_json(value: Mapping[str, Any]) -> RunKeys:
    """The run's keys from the JSON of run.json. Raises EnvelopeError, KeyError and the like."""
    kem = {key["suite"]: PrivateKey.from_json(key) for key in value["kem"]}
    signers = {
        SignatureAlgorithm(name): Signer.from_bytes(
            SignatureAlgorithm(name), base64url.decode(text, place="field `signing`")
        )
        for name, text in value["signing"].items()
    }
    return RunKeys(value["tenant"], kem, signers, value["age"])


def load_run_public(directory: Path) -> RunPublic:
    """The run's public halves. Raises CustodyError."""
    path = directory / "public" / RUN
    value = _read(path)
    try:
        return run_public_from_json(value)
    except (EnvelopeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(path) from error


def run_public_from_json(value: Mapping[str, Any]) -> RunPublic:
    """The run's public halves from the JSON of public/run.json. Raises EnvelopeError, KeyError."""
    kem = {name: PublicKey.from_json(suite_named(name), key) for name, key in value["kem"].items()}
    verify = {
        SignatureAlgorithm(name): VerifyKey.from_text(SignatureAlgorithm(name), text)
        for name, text in value["verify"].items()
    }
    return RunPublic(value["tenant"], kem, verify, value["age"])


def load_tenant_secret(directory: Path) -> bytes:
    """The secret that makes mailboxes. Raises CustodyError."""
    path = _unlocked_path(directory, TENANT_SECRET)
    try:
        return base64url.decode(_read(path).get("secret"), place="field `secret`")
    except EnvelopeError as error:
        raise _unreadable(path) from error


def load_unlocked(directory: Path) -> Unlocked:
    """What a run needs, from a folder that is not locked. Raises CustodyError, CustodyLocked."""
    return Unlocked(load_run(directory), load_tenant_secret(directory))


def load_log_key(directory: Path) -> LogKey:
    """The log's signing key. Raises CustodyError."""
    path = directory / "custody" / "log.key"
    value = _read(path)
    try:
        seed = base64url.decode(value["privateKey"], place="field `privateKey`")
        return LogKey(value["origin"], Signer.from_bytes(SignatureAlgorithm.ED25519, seed))
    except (EnvelopeError, KeyError) as error:
        raise _unreadable(path) from error


def load_log_public(directory: Path) -> tuple[str, VerifyKey]:
    """The log's origin and verify key. Raises CustodyError."""
    path = directory / "public" / "log.pub"
    value = _read(path)
    try:
        return value["origin"], VerifyKey.from_text(SignatureAlgorithm.ED25519, value["key"])
    except (EnvelopeError, KeyError) as error:
        raise _unreadable(path) from error


def load_team(directory: Path, team: str) -> PrivateKey:
    """A team's private key. Raises CustodyError."""
    return _load_private(directory, f"teams/{team}.json")


def load_team_public(directory: Path, team: str) -> PublicKey:
    """A team's public key. Raises CustodyError."""
    return _load_public(directory, f"teams/{team}.json")


def load_source(directory: Path, kind: str) -> PrivateKey:
    """A source's private key (synthetic tenants: sources keep their own). Raises CustodyError."""
    return _load_private(directory, f"sources/{kind}.json")


def load_source_public(directory: Path, kind: str) -> PublicKey:
    """The key to which a source's rows go back. Raises CustodyError."""
    return _load_public(directory, f"sources/{kind}.json")


def load_print_house(directory: Path) -> PrivateKey:
    """The print house's private key. Raises CustodyError."""
    return _load_private(directory, "print-house.json")


def load_print_house_public(directory: Path) -> PublicKey:
    """The key to which address labels are sealed. Raises CustodyError."""
    return _load_public(directory, "print-house.json")


def is_locked(directory: Path) -> bool:
    """Whether the run's keys and the tenant secret are closed in shares."""
    return (directory / "custody" / LOCKED).exists()


def _unlocked_path(directory: Path, name: str) -> Path:
    if is_locked(directory):
        raise CustodyLocked(
            f"custody/{LOCKED}: the keys are closed; two shares open them: `openregie run --share A"
            " --share B`, or `openregie custody unlock` for a while"
        )
    return directory / "custody" / name


def new_run(tenant: str, random_bytes: RandomBytes) -> RunKeys:
    """New keys of a run, in memory."""
    kem = {s.name: PrivateKey.generate(s, random_bytes=random_bytes) for s in RUN_SUITES}
    signers = {a: Signer.generate(a, random_bytes=random_bytes) for a in SignatureAlgorithm}
    return RunKeys(tenant, kem, signers, age.new_identity(random_bytes))


def run_to_json(run: RunKeys) -> dict[str, Any]:
    """The JSON of run.json: secret. Keys of before a rotation are not in it."""
    return {
        "v": VERSION,
        "tenant": run.tenant,
        "kem": [key.to_json() for key in run.kem.values()],
        "signing": {a.value: base64url.encode(s.secret) for a, s in run.signers.items()},
        "age": run.age_identity,
    }


def run_public_to_json(run: RunPublic) -> dict[str, Any]:
    """The JSON of public/run.json."""
    return {
        "v": VERSION,
        "tenant": run.tenant,
        "kem": {name: key.to_json() for name, key in run.kem.items()},
        "verify": {algorithm.value: key.to_text() for algorithm, key in run.verify.items()},
        "age": run.age_recipient,
    }


def _write_log_key(
    secret_path: Path, public_path: Path, tenant: str, random_bytes: RandomBytes
) -> None:
    signer = Signer.generate(SignatureAlgorithm.ED25519, random_bytes=random_bytes)
    origin = f"openregie.example/log/{tenant}"
    private = base64url.encode(signer.secret)
    _write_secret(secret_path, {"v": VERSION, "origin": origin, "privateKey": private})
    _write(public_path, {"v": VERSION, "origin": origin, "key": signer.verify_key.to_text()})


def _write_pair(custody: Path, public: Path, name: str, random_bytes: RandomBytes) -> None:
    key = PrivateKey.generate(S1, random_bytes=random_bytes)
    _write_secret(custody / name, {"v": VERSION, **key.to_json()})
    _write(public / name, {"v": VERSION, "suite": key.suite.name, **key.public.to_json()})


def _load_private(directory: Path, name: str) -> PrivateKey:
    path = directory / "custody" / name
    try:
        return PrivateKey.from_json(_read(path))
    except CustodyError:
        raise
    except EnvelopeError as error:
        raise _unreadable(path) from error


def _load_public(directory: Path, name: str) -> PublicKey:
    path = directory / "public" / name
    value = _read(path)
    try:
        return PublicKey.from_json(suite_named(value.get("suite")), value)
    except EnvelopeError as error:
        raise _unreadable(path) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CustodyError(
            f"{path.parent.name}/{path.name}: no such key; run `openregie init` or restore it"
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if not isinstance(value, dict) or value.get("v") != VERSION:
        raise _unreadable(path)
    return value


def _unreadable(path: Path) -> CustodyError:
    return CustodyError(
        f"{path.parent.name}/{path.name}: unreadable or of another version; restore it from custody"
    )


def _bytes_of(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_bytes(_bytes_of(value))


def _write_secret(path: Path, value: dict[str, Any]) -> None:
    """INVARIANT: never readable by another account, not even for a moment; never overwritten."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_bytes_of(value))
        file.flush()
        os.fsync(file.fileno())
