"""What a source says about a delivery: for which stream, from whom, when, about which days."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openregie.blind.streams.errors import DeliveryRefused
from openregie.blind.streams.limits import MAX_MANIFEST_BYTES
from openregie.blind.streams.own_file import TooLarge, read_own
from openregie.blind.streams.stream import Stream
from openregie.terms import Period

VERSION = 1
_KEYS = {"v", "stream", "supplier", "delivered_on", "covers", "attests", "sha256"}
_OIN = re.compile(r"[0-9A-Za-z.-]{1,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAX_NAME_CHARS = 200
_TOO_LARGE = "manifest: larger than 64 kB; is it the right file?"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One delivery as its source describes it. `sha256` is of the file as delivered, in hex."""

    stream: str
    supplier: str
    supplier_oin: str
    delivered_on: date
    covers: Period
    attests: tuple[str, ...]
    sha256: str

    @property
    def delivery_id(self) -> str:
        """The same file from the same source on the same day is the same delivery."""
        parts = (self.stream, self.supplier_oin, self.delivered_on.isoformat(), self.sha256)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, object]:
        """The manifest as it stands in a file."""
        return {
            "v": VERSION,
            "stream": self.stream,
            "supplier": {"name": self.supplier, "oin": self.supplier_oin},
            "delivered_on": self.delivered_on.isoformat(),
            "covers": {
                "from_on": self.covers.from_on.isoformat(),
                "until_on": self.covers.until_on.isoformat(),
            },
            "attests": list(self.attests),
            "sha256": self.sha256,
        }


def load_manifest(file: Path) -> Manifest:
    """The manifest in a file. Raises DeliveryRefused with every reason."""
    return parse_manifest(read_manifest(file))


def read_manifest(file: Path) -> Mapping[str, object]:
    """What a manifest file says, not yet judged. Raises DeliveryRefused."""
    try:
        data = read_own(file, at_most=MAX_MANIFEST_BYTES)
    except TooLarge as error:
        raise DeliveryRefused((_TOO_LARGE,)) from error
    except OSError as error:
        raise DeliveryRefused(("manifest: cannot be read; check path and rights",)) from error
    return parse_json_object(data)


class _KeyTwice(ValueError):
    """One key with two values: readers differ in which of them counts."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _KeyTwice
    return found


def parse_json_object(data: bytes) -> Mapping[str, object]:
    """A small JSON object. Raises DeliveryRefused."""
    if len(data) > MAX_MANIFEST_BYTES:
        raise DeliveryRefused((_TOO_LARGE,))
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except _KeyTwice as error:
        reason = "manifest: the same key stands twice in one object; write it anew"
        raise DeliveryRefused((reason,)) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DeliveryRefused(("manifest: not JSON in UTF-8; write it anew",)) from error
    if not isinstance(value, dict):
        raise DeliveryRefused(("manifest: no JSON object; write it anew",))
    return value


def parse_manifest(value: Mapping[str, object]) -> Manifest:
    """The manifest from JSON. Raises DeliveryRefused with every reason."""
    reasons: list[str] = []
    if type(value.get("v")) is not int or value.get("v") != VERSION:
        reasons.append("manifest, `v`: must be 1; make the manifest for this version")
    missing = sorted(_KEYS - set(value))
    reasons.extend(f"manifest: `{key}` is missing; add it" for key in missing)
    if set(value) - _KEYS:
        reasons.append(f"manifest: has keys beyond {', '.join(sorted(_KEYS))}; remove them")
    supplier = _object(value, "supplier", {"name", "oin"}, reasons)
    covers = _object(value, "covers", {"from_on", "until_on"}, reasons)
    name = _text(supplier, "name", "supplier.name", reasons)
    if len(name) > _MAX_NAME_CHARS or any(unicodedata.category(char)[0] == "C" for char in name):
        reasons.append("manifest, `supplier.name`: at most 200 characters, no control characters")
    manifest = Manifest(
        stream=_text(value, "stream", "stream", reasons),
        supplier=name,
        supplier_oin=_pattern(supplier, "oin", "supplier.oin", _OIN, reasons),
        delivered_on=_day(value, "delivered_on", "delivered_on", reasons),
        covers=Period(
            _day(covers, "from_on", "covers.from_on", reasons),
            _day(covers, "until_on", "covers.until_on", reasons),
        ),
        attests=_texts(value, "attests", reasons),
        sha256=_pattern(value, "sha256", "sha256", _SHA256, reasons),
    )
    if reasons:
        raise DeliveryRefused(tuple(dict.fromkeys(reasons)))
    return manifest


def judge_manifest(manifest: Manifest, stream: Stream, *, today: date) -> list[str]:
    """Every reason to refuse what the manifest says, on this day; empty when it fits."""
    reasons: list[str] = []
    oldest = today - timedelta(days=min(stream.freshness_days, (today - date.min).days))
    if manifest.delivered_on > today:
        reasons.append("manifest, `delivered_on`: lies in the future; correct the day")
    if manifest.delivered_on < oldest:
        reasons.append(
            f"manifest, `delivered_on`: older than {stream.freshness_days} days; send a new file"
        )
    reasons.extend(judge_claims(manifest, stream))
    return reasons


def judge_claims(manifest: Manifest, stream: Stream) -> list[str]:
    """Every reason to refuse that holds on any day."""
    reasons: list[str] = []
    covers, delivered_on = manifest.covers, manifest.delivered_on
    if covers.from_on > covers.until_on:
        reasons.append("manifest, `covers`: from_on lies after until_on; swap them")
    if covers.until_on > delivered_on:
        reasons.append("manifest, `covers`: until_on lies after delivered_on; correct one of them")
    elif (delivered_on - covers.until_on).days > stream.freshness_days:
        reasons.append(
            f"manifest, `covers`: ends more than {stream.freshness_days} days before "
            "delivered_on; send newer data"
        )
    declared = {condition.condition_id for condition in stream.attests}
    reasons.extend(
        f"manifest, `attests`: `{condition}` is missing; the law ({stream.law}) asks for it"
        for condition in sorted(declared - set(manifest.attests))
    )
    if set(manifest.attests) - declared:
        reasons.append(f"manifest, `attests`: has a word that stream `{stream.name}` does not know")
    return reasons


def _object(
    value: Mapping[str, object], key: str, keys: set[str], reasons: list[str]
) -> Mapping[str, object]:
    found = value.get(key)
    if not isinstance(found, dict):
        if key in value:
            reasons.append(f"manifest, `{key}`: must be an object")
        return {}
    if set(found) - keys:
        reasons.append(f"manifest, `{key}`: has keys beyond {', '.join(sorted(keys))}")
    return found


def _text(value: Mapping[str, object], key: str, place: str, reasons: list[str]) -> str:
    found = value.get(key)
    if isinstance(found, str) and found.strip():
        return found
    reasons.append(f"manifest, `{place}`: must be a filled text")
    return "?"


def _pattern(
    value: Mapping[str, object], key: str, place: str, pattern: re.Pattern[str], reasons: list[str]
) -> str:
    text = _text(value, key, place, reasons)
    if text != "?" and not pattern.fullmatch(text):
        reasons.append(f"manifest, `{place}`: must look like {pattern.pattern}")
    return text


def _day(value: Mapping[str, object], key: str, place: str, reasons: list[str]) -> date:
    text = _text(value, key, place, reasons)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    if text != "?":
        reasons.append(f"manifest, `{place}`: must be a day as 2026-11-05")
    return date.min


def _texts(value: Mapping[str, object], key: str, reasons: list[str]) -> tuple[str, ...]:
    found = value.get(key)
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        if len(set(found)) != len(found):
            reasons.append(f"manifest, `{key}`: has the same word twice")
        return tuple(found)
    reasons.append(f"manifest, `{key}`: must be a list of texts")
    return ()
