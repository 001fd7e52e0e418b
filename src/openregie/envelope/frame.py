"""What lies inside every seal: length, signature, canonical JSON, zero padding to a bucket."""

from __future__ import annotations

from openregie.envelope.errors import ItemTooLarge, Tampered
from openregie.envelope.keys import SIGNATURE_BYTES, Signer, VerifyKey

BUCKETS = (256, 512, 1024, 2048, 4096, 8192, 16384, 65536)
"""Lengths in bytes of a padded plaintext: the only thing a stored blob tells about its content."""

LENGTH_BYTES = 4
HEAD_BYTES = LENGTH_BYTES + SIGNATURE_BYTES


def bucket_for(content_bytes: int) -> int:
    """Smallest bucket that holds the content with its length and signature.

    Raises ItemTooLarge.
    """
    need = content_bytes + HEAD_BYTES
    for bucket in BUCKETS:
        if need <= bucket:
            return bucket
    raise ItemTooLarge(
        f"the content has {content_bytes} bytes, at most {BUCKETS[-1] - HEAD_BYTES} fit; split it"
    )


def pack(content: bytes, *, context: bytes, signer: Signer, length: int) -> bytes:
    """Plaintext of exactly `length` bytes; the signature covers context and content."""
    signature = signer.sign(context + content)
    head = len(content).to_bytes(LENGTH_BYTES, "big") + signature
    return (head + content).ljust(length, b"\0")


def content_of(plaintext: bytes, *, place: str) -> tuple[bytes, bytes]:
    """Signature and content, both still to be judged. Raises Tampered."""
    length = int.from_bytes(plaintext[:LENGTH_BYTES], "big")
    end = HEAD_BYTES + length
    if len(plaintext) < HEAD_BYTES or end > len(plaintext):
        raise Tampered(f"{place}: the length inside exceeds the plaintext; seal it again")
    if plaintext[end:].strip(b"\0"):
        raise Tampered(f"{place}: the padding is not zero; seal it again")
    return plaintext[LENGTH_BYTES:HEAD_BYTES], plaintext[HEAD_BYTES:end]


def unpack(plaintext: bytes, *, context: bytes, verify: VerifyKey, place: str) -> bytes:
    """Content whose length, padding and signature were all found right.

    Raises Tampered, WrongSignature.
    """
    signature, content = content_of(plaintext, place=place)
    verify.verify(context + content, signature)
    return content
