"""A citizen number becomes a mailbox name that only the holder of the tenant's secret can make."""

from __future__ import annotations

import hashlib
import hmac
import re

from openregie.envelope import base64url
from openregie.envelope.errors import MalformedEnvelope, MalformedKey
from openregie.terms import Bsn, Mailbox, is_bsn

SECRET_BYTES = 32
_LABEL = b"openregie/mailbox/v1\0"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def mailbox_of(bsn: Bsn | str, *, tenant_secret: bytes) -> Mailbox:
    """Mailbox of a citizen number: base64url HMAC-SHA256, 43 characters.

    Keyed, because an unkeyed hash of 90.9 million possible numbers is undone in two minutes.
    Raises MalformedEnvelope if the number fails the elfproef, MalformedKey if the secret is short.
    """
    if len(tenant_secret) != SECRET_BYTES:
        raise MalformedKey("tenant secret: needs 32 bytes; restore it from custody")
    if not is_bsn(bsn):
        raise MalformedEnvelope("citizen number: fails the elfproef; ask the source to mend it")
    digest = hmac.new(tenant_secret, _LABEL + bsn.encode("ascii"), hashlib.sha256).digest()
    return Mailbox(base64url.encode(digest))


def is_mailbox(text: object) -> bool:
    """Whether the text has the shape of a mailbox."""
    return isinstance(text, str) and bool(_SHAPE.match(text))
