"""Seals items and log events on every core: what is sent there is plain, and so is the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from openregie.blind.enrolled import Reader
from openregie.cores import Cores
from openregie.envelope import item as sealing
from openregie.envelope.custody import RunKeys
from openregie.envelope.item import Header
from openregie.envelope.keys import PublicKey, Signer
from openregie.envelope.suites import SignatureAlgorithm, suite_named
from openregie.logbook.entry import Entry, commit_of
from openregie.terms import Compartment


@dataclass(frozen=True, slots=True)
class Lock:
    """Whom something is sealed to: suite, kid and public key as the reader brought them."""

    suite: str
    kid: str
    public_key: str

    @classmethod
    def of(cls, reader: Reader, compartment: Compartment) -> Lock:
        """The lock of one compartment of a reader."""
        return cls(reader.suite, reader.kids[compartment], reader.public_keys[compartment])

    def open_key(self) -> PublicKey:
        """The key itself. Raises MalformedKey."""
        said = {"kid": self.kid, "publicKey": self.public_key}
        return PublicKey.from_json(suite_named(self.suite), said)


@dataclass(frozen=True, slots=True)
class Open:
    """An item before it is sealed: canonical JSON, and what stands on its outside."""

    content: bytes
    header: Header
    lock: Lock


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """A log event before it is sealed."""

    entry: Entry
    salt: bytes
    header: Header
    lock: Lock


Secrets = Mapping[str, bytes]
"""The run's signing keys by algorithm: they go to the processes through a pipe, never to disk."""


def seal_items(keys: RunKeys, given: Iterable[Open], cores: Cores) -> Iterator[bytes]:
    """Yield each sealed item as a line, in order. Raises EnvelopeError, CoreLost."""
    return cores.map(partial(_seal_items, _secrets(keys)), given)


def seal_events(
    keys: RunKeys, given: Iterable[OpenEvent], cores: Cores
) -> Iterator[tuple[str, bytes]]:
    """Yield each event's commitment and its seal as a line, in order. As `seal_items`."""
    return cores.map(partial(_seal_events, _secrets(keys)), given)


def _secrets(keys: RunKeys) -> Secrets:
    return {algorithm.value: signer.secret for algorithm, signer in keys.signers.items()}


def _signers(secrets: Secrets) -> Mapping[SignatureAlgorithm, Signer]:
    algorithms = {SignatureAlgorithm(name): secret for name, secret in secrets.items()}
    return {a: Signer.from_bytes(a, secret) for a, secret in algorithms.items()}


def _seal_items(secrets: Secrets, given: list[Open]) -> list[bytes]:
    signers = _signers(secrets)
    made = []
    for one in given:
        key = one.lock.open_key()
        signer = signers[key.suite.signature]
        sealed = sealing.seal_canonical(one.content, header=one.header, to=key, signer=signer)
        made.append(sealed.to_line().encode())
    return made


def _seal_events(secrets: Secrets, given: list[OpenEvent]) -> list[tuple[str, bytes]]:
    signers = _signers(secrets)
    made = []
    for one in given:
        key = one.lock.open_key()
        sealed = sealing.seal(
            one.entry.with_salt(one.salt),
            header=one.header,
            to=key,
            signer=signers[key.suite.signature],
            protocol=sealing.EVENT,
        )
        made.append((commit_of(one.entry, one.salt), sealed.to_line().encode()))
    return made
