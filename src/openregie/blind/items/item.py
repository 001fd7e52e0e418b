"""One item: what one resident or one team receives, before it is sealed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openregie.envelope.jcs import canonical
from openregie.terms import Compartment, Mailbox

_ID = "id"


@dataclass(frozen=True, slots=True)
class Item:
    """An item for one mailbox. `content` is what the envelope closes: canonical JSON, id and all.

    `id` is the keyed digest of the body without the id.
    """

    mailbox: Mailbox
    compartment: Compartment
    id: str
    content: bytes


def make(
    body: Mapping[str, Any], *, mailbox: Mailbox, compartment: Compartment, tenant_secret: bytes
) -> Item:
    """Make the item of a body: written as canonical JSON once, for its id and for its seal.

    Units: the id has 32 hex characters, the first half of HMAC-SHA256 over the canonical mailbox
    and body: the same content for the same mailbox has the same id. `body` has no id yet, and
    members on both sides of where it goes.
    """
    before = canonical({key: value for key, value in body.items() if key < _ID})
    after = canonical({key: value for key, value in body.items() if key > _ID})
    told = b"".join((before[:-1], b",", after[1:]))
    keyed = hmac.new(tenant_secret, b'openregie/item-id/v1\0{"body":', hashlib.sha256)
    keyed.update(told)
    keyed.update(b',"mailbox":' + canonical(mailbox) + b"}")
    name = keyed.hexdigest()[:32]
    content = b"".join((before[:-1], b',"id":"', name.encode(), b'",', after[1:]))
    return Item(mailbox, compartment, name, content)
