/**
 * What can go wrong with keys and envelopes: one class for each thing that happened, with the same
 * names as in Python. Messages name the place and the remedy and never a value.
 */

/** Base of every error of this folder. */
export class EnvelopeError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A value cannot be written as canonical JSON, or received JSON was not canonical. */
export class NotCanonical extends EnvelopeError {}
/** A text is not base64url without padding. */
export class BadEncoding extends EnvelopeError {}
/** The format's version is not one this release reads. */
export class UnknownVersion extends EnvelopeError {}
/** The suite is not s0, s1 or s2, or the suite does not fit its key or signer. */
export class UnknownSuite extends EnvelopeError {}
/** Key bytes of the wrong length, or not a point or seed of the named suite. */
export class MalformedKey extends EnvelopeError {}
/** A field of a sealed JSON object is missing or has the wrong type. */
export class MalformedEnvelope extends EnvelopeError {}
/** The envelope names another key or another suite than the one offered. */
export class WrongKey extends EnvelopeError {}
/** The sealed bytes are shorter or longer than the header's bucket says. */
export class Truncated extends EnvelopeError {}
/** The seal does not open: another key, another context, or a changed byte. */
export class SealBroken extends EnvelopeError {}
/** The seal opened, yet length, padding or canonical form inside is not what sealing makes. */
export class Tampered extends EnvelopeError {}
/** The signature inside does not verify with the signer's key. */
export class WrongSignature extends EnvelopeError {}
/** The item does not fit the largest bucket. */
export class ItemTooLarge extends EnvelopeError {}
/** A printed code cannot be read. */
export class CodeRefused extends EnvelopeError {}
/** A printed code does not have 28 characters. */
export class CodeLength extends CodeRefused {}
/** A printed code holds a character that codes do not use; `place` counts from 1. */
export class CodeCharacter extends CodeRefused {
  /** @param {string} message @param {number} place */
  constructor(message, place) {
    super(message);
    this.place = place;
  }
}
/** A printed code has a typing mistake: its checksum does not fit. */
export class CodeChecksum extends CodeRefused {}
/** A wrapped private key does not open: another code, another owner, or a changed byte. */
export class WrapBroken extends EnvelopeError {}
