"""What residents' browsers sealed to the run: opened, verified, and read like any other row.

A `keys` return brings its signing key and the log's proof of it; every other return is verified
with a key its mailbox brought before. What cannot be opened or verified goes to quarantine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from openregie.blind.streams.json_file import Unfit, decoder, flatten_payload
from openregie.blind.streams.key_proof import verify_logged
from openregie.blind.streams.limits import MAX_RETURN_BYTES
from openregie.blind.streams.own_file import TooLarge, read_own
from openregie.blind.streams.raw import ROW_NUMBER, RawDelivery
from openregie.blind.streams.stream import Stream
from openregie.envelope.custody import RunKeys
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import VerifyKey
from openregie.envelope.returns import KEYS_STREAM, open_keys_return, open_return
from openregie.envelope.vault_keys import VaultPublic
from openregie.logbook.errors import LogbookError

SUPPLIER = "resident"
FORMAT = "sealed returns"
_VERSION = 1
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefusedReturn:
    """A return that stays in quarantine as it came, still sealed."""

    return_id: str
    mailbox: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The returns of one stream, with what was refused, repeated, or dated after the run's day."""

    raw: RawDelivery
    refused: tuple[RefusedReturn, ...]
    repeated: int
    waiting: int


@dataclass(frozen=True, slots=True)
class _KnownKey:
    epoch: int
    verify: VerifyKey


@dataclass(frozen=True, slots=True)
class _Found:
    return_id: str
    mailbox: str
    payload: Mapping[str, Any]
    row: Mapping[str, str | None]
    order: tuple[int, str, str]
    text: str


class ReturnReader:
    """Opens returns stream by stream; `keys` first, because they verify all others."""

    def __init__(self, *, keys: RunKeys, log: tuple[str, VerifyKey], on: date) -> None:
        """Hold what opens and verifies. `log`: the log's origin and verify key."""
        self._keys = keys
        self._log = log
        self._on = on
        self._known: dict[str, list[_KnownKey]] = {}

    def read_all(self, inbox: Path, streams: Sequence[Stream]) -> Iterator[tuple[Stream, Opened]]:
        """Every stream of returns, `keys` first."""
        sealed = [stream for stream in streams if stream.sealed_return]
        for stream in sorted(sealed, key=lambda one: (one.name != KEYS_STREAM, one.name)):
            yield stream, self.read(inbox / stream.name, stream)

    def read(self, folder: Path, stream: Stream) -> Opened:
        """Every return of one stream, oldest first. Never raises for what a file holds."""
        found: list[_Found] = []
        refused: list[RefusedReturn] = []
        blobs: set[str] = set()
        repeated = waiting = 0
        for return_id, text, problem in _files(folder):
            mailbox = ""
            try:
                if problem:
                    raise problem
                sealed = _parse(text)
                mailbox, blob = sealed["mailbox"], sealed["blob"]
                if blob in blobs:
                    repeated += 1
                    continue
                one = self._open(return_id, text, sealed, stream)
            except (EnvelopeError, LogbookError, Unfit) as error:
                refused.append(RefusedReturn(return_id, mailbox, str(error), text))
                continue
            blobs.add(blob)
            if one.order[1] > self._on.isoformat():
                waiting += 1
            else:
                found.append(one)
        found.sort(key=lambda one: one.order)
        if stream.name == KEYS_STREAM:
            found, late = self._learn(found)
            refused.extend(late)
        return Opened(_raw(found, stream), tuple(refused), repeated, waiting)

    def _open(self, return_id: str, text: str, sealed: Mapping[str, Any], stream: Stream) -> _Found:
        if sealed.get("stream") != stream.name:
            raise Unfit("return: of another stream than its folder")
        if stream.name == KEYS_STREAM:
            key = self._keys.key_for(sealed)
            payload, _ = open_keys_return(sealed, tenant=self._keys.tenant, key=key)
            VaultPublic.from_json(payload)
            index = verify_logged(payload, sealed.get("log"), log=self._log)
        else:
            payload, index = self._open_signed(sealed), 0
        if payload.get("mailbox") != sealed.get("mailbox"):
            raise Unfit("return: the mailbox inside is not the mailbox outside")
        if payload.get("v", _VERSION) != _VERSION:
            raise Unfit("return, field `v`: unknown version")
        happened = str(payload.get("at", ""))
        if _day(happened) is None:
            raise Unfit("return, field `at`: not a day")
        row = flatten_payload({k: v for k, v in payload.items() if k != "v"}, stream)
        mailbox = str(sealed["mailbox"])
        return _Found(return_id, mailbox, payload, row, (index, happened, return_id), text)

    def _open_signed(self, sealed: Mapping[str, Any]) -> dict[str, Any]:
        """Payload of a return, verified with the newest key of its mailbox that fits.

        An older key still verifies what its epoch sent: corrections outlive a new epoch.
        """
        known = self._known.get(str(sealed.get("mailbox", "")), [])
        problem: EnvelopeError | Unfit = Unfit("return: its mailbox never brought a key")
        for one in known:
            try:
                return open_return(
                    sealed,
                    tenant=self._keys.tenant,
                    key=self._keys.key_for(sealed),
                    verify=one.verify,
                )
            except EnvelopeError as error:
                problem = error
        raise problem

    def _learn(self, found: Sequence[_Found]) -> tuple[list[_Found], list[RefusedReturn]]:
        """Keep the verify keys; of two enrolments in one epoch the one logged first counts."""
        kept: list[_Found] = []
        late: list[RefusedReturn] = []
        taken: set[tuple[str, int, str]] = set()
        for one in found:
            epoch, action = int(one.payload["epoch"]), str(one.payload["action"])
            if (one.mailbox, epoch, action) in taken:
                reason = "return: another one for this epoch came first"
                late.append(RefusedReturn(one.return_id, one.mailbox, reason, one.text))
                continue
            taken.add((one.mailbox, epoch, action))
            kept.append(one)
            if action == "enrol":
                public = VaultPublic.from_json(dict(one.payload))
                self._known.setdefault(one.mailbox, []).append(_KnownKey(epoch, public.signing))
        for known in self._known.values():
            known.sort(key=lambda one: -one.epoch)
        return kept, late


def _files(folder: Path) -> Iterator[tuple[str, str, Unfit | None]]:
    """Name and text of each return, and why it has none."""
    for file in sorted(folder.glob("*.return")):
        try:
            data = read_own(file, at_most=MAX_RETURN_BYTES)
        except TooLarge:
            yield file.stem, "", Unfit(f"return: larger than {MAX_RETURN_BYTES} bytes; kept apart")
        except OSError:
            yield file.stem, "", Unfit("return: cannot be read; it must be a file of its own")
        else:
            yield file.stem, data.decode("utf-8", "replace"), None


def _parse(text: str) -> Mapping[str, Any]:
    """The sealed return. Raises Unfit."""
    try:
        value = decoder.decode(text.strip())
    except Unfit as error:
        raise Unfit(f"return: {error}") from None
    except (ValueError, RecursionError):
        raise Unfit("return: not JSON; send it again") from None
    if not isinstance(value, dict):
        raise Unfit("return: not a JSON object; send it again")
    for name in ("mailbox", "blob"):
        told = value.get(name)
        if not isinstance(told, str) or not told.isascii():
            raise Unfit(f"return, field `{name}`: missing or not text; send it again")
    return value


def _raw(found: Sequence[_Found], stream: Stream) -> RawDelivery:
    """The parsed table with one origin per row."""
    headers = [c.header for c in stream.columns]
    own = {
        ROW_NUMBER: pa.array(range(1, len(found) + 1), pa.int32()),
        f"{ROW_NUMBER}delivery_id": pa.array([one.return_id for one in found], pa.string()),
        f"{ROW_NUMBER}supplier": pa.array([SUPPLIER] * len(found), pa.string()),
        f"{ROW_NUMBER}supplier_oin": pa.array([one.mailbox for one in found], pa.string()),
        f"{ROW_NUMBER}delivered_on": pa.array([_day(one.order[1]) for one in found], pa.date32()),
    }
    cells = {h: pa.array([one.row.get(h) for one in found], pa.string()) for h in headers}
    return RawDelivery(FORMAT, "UTF-8", pa.table({**own, **cells}), (), len(found))


def _day(text: str) -> date | None:
    if not _DAY.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
