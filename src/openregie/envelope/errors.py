"""What can go wrong with keys, envelopes and age files: one class for each thing that happened.

Messages name the place and the remedy and never a value, so that they may be logged.
"""

from __future__ import annotations


class EnvelopeError(Exception):
    """Base of every error of this package."""


class NotCanonical(EnvelopeError):
    """A value cannot be written as canonical JSON, or received JSON was not canonical."""


class BadEncoding(EnvelopeError):
    """A text is not base64url without padding."""


class UnknownVersion(EnvelopeError):
    """The format's version is not one this release reads."""


class UnknownSuite(EnvelopeError):
    """The suite is not s0, s1 or s2, or the suite does not fit its key or signer."""


class MalformedKey(EnvelopeError):
    """Key bytes of the wrong length, or not a point or seed of the named suite."""


class MalformedEnvelope(EnvelopeError):
    """A field of a sealed JSON object is missing or has the wrong type."""


class WrongKey(EnvelopeError):
    """The envelope names another key or another suite than the one offered."""


class Truncated(EnvelopeError):
    """The sealed bytes are shorter or longer than the header's bucket says."""


class SealBroken(EnvelopeError):
    """The seal does not open: another key, another context, or a changed byte."""


class Tampered(EnvelopeError):
    """The seal opened, yet length, padding or canonical form inside is not what sealing makes."""


class WrongSignature(EnvelopeError):
    """The signature inside does not verify with the signer's key."""


class ItemTooLarge(EnvelopeError):
    """The item does not fit the largest bucket."""


class CodeRefused(EnvelopeError):
    """A printed code cannot be read."""


class CodeLength(CodeRefused):
    """A printed code does not have 28 characters."""


class CodeCharacter(CodeRefused):
    """A printed code holds a character that codes do not use."""


class CodeChecksum(CodeRefused):
    """A printed code has a typing mistake: its checksum does not fit."""


class WrapBroken(EnvelopeError):
    """A wrapped private key does not open: another code, another owner, or a changed byte."""


class AgeRefused(EnvelopeError):
    """An age file or age key cannot be used; no byte of the file was given out."""


class CustodyError(EnvelopeError):
    """The folder with a tenant's keys is absent, incomplete, unreadable or already there."""


class CustodyLocked(CustodyError):
    """The keys are there and closed: two shares, or whoever was given two shares, open them."""


class ShareRefused(CustodyError):
    """A share cannot be read, is of another municipality or ceremony, or does not fit the other."""
