"""One item: what one resident or one team receives, before it is sealed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openregie.envelope.jcs import canonical
from openregie.terms import Compartment, Mailbox


@dataclass(frozen=True, slots=True)
class Item:
    """An item for one mailbox. `body` is what the envelope closes; `id` is its keyed digest."""

    mailbox: Mailbox
    compartment: Compartment
    id: str
    body: Mapping[str, Any]


def identify(body: Mapping[str, Any], *, mailbox: Mailbox, tenant_secret: bytes) -> str:
    """Return the id of an item: the same content for the same mailbox has the same id.

    Units: 32 hex characters, the first half of HMAC-SHA256 over the canonical body.
    """
    told = canonical({"mailbox": mailbox, "body": dict(body)})
    return hmac.new(tenant_secret, b"openregie/item-id/v1\0" + told, hashlib.sha256).hexdigest()[
        :32
    ]
