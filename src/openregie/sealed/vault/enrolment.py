"""What a browser sends when a resident makes keys; judged here, before anything is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openregie.envelope import base64url
from openregie.envelope.errors import EnvelopeError
from openregie.envelope.keys import PublicKey
from openregie.envelope.vault_keys import VaultPublic
from openregie.sealed.vault.errors import Malformed
from openregie.terms import Compartment, Mailbox

WRAP_KINDS = ("code", "passkey", "letter", "device")
BLOBS = frozenset({*(c.value for c in Compartment), "signing"})
RETURN_STREAMS = ("corrections", "objections", "shown")
_RETURN_FIELDS = {"v", "stream", "mailbox", "suite", "kid", "blob"}
_WRAP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_WRAPS = 16
_MOST_PARAMS = 4_096
_MOST_BLOB = 2_048
_MOST_ASSISTED = 80
_MOST_RETURN = 96 * 1024


@dataclass(frozen=True, slots=True)
class NewWrap:
    """The private halves under one of the resident's means; ciphertext only."""

    wrap_id: str
    kind: str
    params: Mapping[str, Any]
    blobs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """New keys: public halves, wraps, and the sealed message that tells the run."""

    keys: VaultPublic
    wraps: tuple[NewWrap, ...]
    sealed_return: Mapping[str, Any]
    assisted_by: str | None

    @property
    def own(self) -> PublicKey:
        """The key to which this resident's log events are sealed."""
        return self.keys.compartments[Compartment.OWN]


def parse_enrolment(said: Any, *, mailbox: Mailbox) -> Enrolment:
    """An enrolment of this mailbox. Raises Malformed."""
    body = _object(said, "body")
    try:
        keys = VaultPublic.from_json(body)
    except EnvelopeError as error:
        raise Malformed(f"enrolment: {error}") from error
    if not all(_KID.fullmatch(key.kid) for key in keys.compartments.values()):
        raise Malformed("field `compartments`: a kid is 1 to 64 characters of A-Z a-z 0-9 _ -")
    wraps = body.get("wraps")
    if not isinstance(wraps, list) or not 1 <= len(wraps) <= _MOST_WRAPS:
        raise Malformed(f"field `wraps`: needs 1 to {_MOST_WRAPS} wraps")
    parsed = tuple(parse_wrap(one) for one in wraps)
    if len({one.wrap_id for one in parsed}) != len(parsed):
        raise Malformed("field `wraps`: two wraps have the same wrapId")
    assisted = body.get("assistedBy")
    if assisted is not None and not _is_line(assisted):
        raise Malformed(
            f"field `assistedBy`: null, or a line of at most {_MOST_ASSISTED} characters"
        )
    sealed = parse_return(body.get("return"), mailbox=mailbox, streams=("keys",))
    return Enrolment(keys, parsed, sealed, assisted)


def parse_wrap(said: Any) -> NewWrap:
    """One wrap. Raises Malformed."""
    body = _object(said, "wrap")
    wrap_id, kind, params, blobs = (body.get(n) for n in ("wrapId", "kind", "params", "blobs"))
    if not isinstance(wrap_id, str) or not _WRAP_ID.fullmatch(wrap_id):
        raise Malformed("field `wrapId`: 1 to 64 characters of A-Z a-z 0-9 _ -")
    if kind not in WRAP_KINDS:
        raise Malformed(f"field `kind`: one of {', '.join(WRAP_KINDS)}")
    if not isinstance(params, dict) or _is_long(params):
        raise Malformed("field `params`: an object of at most 4 kB")
    if not isinstance(blobs, dict) or set(blobs) != BLOBS:
        raise Malformed(f"field `blobs`: exactly {', '.join(sorted(BLOBS))}")
    for name, blob in sorted(blobs.items()):
        _ciphertext(blob, f"blobs.{name}")
    return NewWrap(wrap_id, kind, params, blobs)


def parse_return(said: Any, *, mailbox: Mailbox, streams: tuple[str, ...]) -> Mapping[str, Any]:
    """A return that a browser sealed to the run, of this very mailbox. Raises Malformed."""
    body = _object(said, "return")
    if set(body) != _RETURN_FIELDS or type(body["v"]) is not int or body["v"] != 1:
        raise Malformed("field `return`: exactly v (1), stream, mailbox, suite, kid and blob")
    if body["stream"] not in streams:
        raise Malformed(f"field `return.stream`: one of {', '.join(streams)}")
    if body["mailbox"] != mailbox:
        raise Malformed("field `return.mailbox`: not the mailbox that is logged in")
    if not all(isinstance(body[name], str) for name in ("suite", "kid", "blob")):
        raise Malformed("field `return`: suite, kid and blob are text")
    if len(body["blob"]) > _MOST_RETURN:
        raise Malformed("field `return.blob`: longer than any bucket")
    return body


def _is_line(said: Any) -> bool:
    """Whether a database can hold it and a page can show it: no half characters, no control."""
    return isinstance(said, str) and len(said) <= _MOST_ASSISTED and said.isprintable()


def _is_long(params: dict[str, Any]) -> bool:
    try:
        return len(json.dumps(params)) > _MOST_PARAMS
    except RecursionError:
        return True


def _object(said: Any, place: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise Malformed(f"{place}: not a JSON object")
    return said


def _ciphertext(blob: Any, place: str) -> None:
    try:
        base64url.decode(blob, place=place)
    except EnvelopeError as error:
        raise Malformed(f"field `{place}`: not base64url") from error
    if len(blob) > _MOST_BLOB:
        raise Malformed(f"field `{place}`: longer than any wrapped key")
