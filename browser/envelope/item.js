/** Seal one item to one resident and open it again. Source: docs/specs/envelope.md section 4. */

import * as base64url from './base64url.js';
import { concat, utf8 } from './bytes.js';
import {
  MalformedEnvelope, NotCanonical, SealBroken, Tampered, Truncated, UnknownSuite, UnknownVersion,
  WrongKey,
} from './errors.js';
import { BUCKETS, bucketFor, pack, unpack } from './frame.js';
import { canonical, parse } from './jcs.js';
import { suiteNamed } from './suites.js';

/**
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./keys.js').PrivateKey} PrivateKey
 * @typedef {import('./keys.js').PublicKey} PublicKey
 * @typedef {import('./keys.js').Signer} Signer
 * @typedef {import('./keys.js').VerifyKey} VerifyKey
 * @typedef {{ tenant: string, mailbox: string, seq: number, day: string,
 *   message?: Record<string, unknown> | null }} Header
 * @typedef {{ v: 1, suite: string, kid: string, tenant: string, mailbox: string, seq: number,
 *   day: string, bucket: number, message: Record<string, unknown> | null, blob: string }} SealedItem
 */

/** Protocol name of an item that the run sealed. */
export const ITEM = 'openregie/item/v1';
/** Protocol name of a log event that is sealed to its resident. */
export const EVENT = 'openregie/event/v1';

/** @type {Record<string, string>} */
const FIELDS = {
  suite: 'string', kid: 'string', tenant: 'string', mailbox: 'string', seq: 'number',
  day: 'string', bucket: 'number', blob: 'string',
};

/**
 * The stored form, checked. Throws MalformedEnvelope, UnknownVersion, UnknownSuite.
 * @param {unknown} value
 * @returns {SealedItem}
 */
export function sealedItemFrom(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedEnvelope('sealed item: not a JSON object');
  }
  const fields = /** @type {Record<string, unknown>} */ (value);
  if (fields['v'] !== 1) {
    throw new UnknownVersion('sealed item: unknown version; update the software');
  }
  for (const [name, kind] of Object.entries(FIELDS)) {
    const given = fields[name];
    if (typeof given !== kind || (kind === 'number' && !Number.isSafeInteger(given))) {
      throw new MalformedEnvelope(`sealed item, field \`${name}\`: missing or of another type`);
    }
  }
  const sealed = /** @type {SealedItem} */ ({ ...fields, message: fields['message'] ?? null });
  if (typeof sealed.message !== 'object' || Array.isArray(sealed.message)) {
    throw new MalformedEnvelope('sealed item, field `message`: neither null nor an object');
  }
  if (!BUCKETS.includes(sealed.bucket)) {
    throw new MalformedEnvelope('sealed item, field `bucket`: not one of the eight lengths');
  }
  suiteNamed(sealed.suite);
  return sealed;
}

/** @param {string} protocol @param {Omit<SealedItem, 'v' | 'blob'>} outside */
function infoOf(protocol, { tenant, mailbox, kid, seq, suite, day, bucket, message }) {
  return canonical({ p: protocol, tenant, mailbox, kid, seq, suite, day, bucket, message });
}

/** @param {string} protocol @param {Bytes} info */
const contextOf = (protocol, info) => concat(utf8(`${protocol}\0`), info);

/**
 * Item signed, padded and sealed to one public key. Throws NotCanonical, ItemTooLarge, and
 * UnknownSuite when the signer does not fit the suite.
 * @param {Record<string, unknown>} item
 * @param {{ header: Header, to: PublicKey, signer: Signer, protocol?: string }} how
 * @returns {Promise<SealedItem>}
 */
export async function seal(item, { header, to, signer, protocol = ITEM }) {
  const { suite, kid } = to;
  if (signer.algorithm !== suite.signature) {
    throw new UnknownSuite(`suite ${suite.name} needs a ${suite.signature} signer`);
  }
  const content = canonical(item);
  const bucket = bucketFor(content.length);
  const { tenant, mailbox, seq, day, message = null } = header;
  const outside = { suite: suite.name, kid, tenant, mailbox, seq, day, bucket, message };
  const info = infoOf(protocol, outside);
  const context = contextOf(protocol, info);
  const plaintext = await pack(content, { context, signer, length: bucket });
  const { encapsulatedSecret, ciphertext } = await suite.hpke().Seal(to.handle, plaintext, { info });
  return { v: 1, ...outside, blob: base64url.encode(concat(encapsulatedSecret, ciphertext)) };
}

/**
 * Item inside, once seal, length, padding, signature and canonical form were all found right.
 * Throws WrongKey, Truncated, SealBroken, Tampered, WrongSignature, UnknownSuite, and what
 * `sealedItemFrom` throws.
 * @param {unknown} value
 * @param {{ key: PrivateKey, verifyKey: VerifyKey, protocol?: string }} how
 * @returns {Promise<Record<string, unknown>>}
 */
export async function openSealed(value, { key, verifyKey, protocol = ITEM }) {
  const sealed = sealedItemFrom(value);
  const place = `sealed item ${sealed.seq}`;
  const suite = suiteNamed(sealed.suite);
  if (suite !== key.suite || sealed.kid !== key.kid) {
    throw new WrongKey(`${place}: sealed to another key; use the key with the kid it names`);
  }
  if (verifyKey.algorithm !== suite.signature) {
    throw new UnknownSuite(`${place}: suite ${suite.name} is signed with ${suite.signature}`);
  }
  const blob = base64url.decode(sealed.blob, 'sealed item, field `blob`');
  if (blob.length !== sealed.bucket + suite.overheadBytes) {
    throw new Truncated(`${place}: not as long as its bucket says; fetch it again`);
  }
  const info = infoOf(protocol, sealed);
  const plaintext = await decrypted(blob, key, info, place);
  const context = contextOf(protocol, info);
  return parsed(await unpack(plaintext, { context, verifyKey, place }), place);
}

/** @param {Bytes} blob @param {PrivateKey} key @param {Bytes} info @param {string} place */
async function decrypted(blob, key, info, place) {
  const { suite } = key;
  const pair = { privateKey: key.handle, publicKey: key.public.handle };
  const cut = suite.encapsulatedBytes;
  try {
    return new Uint8Array(
      await suite.hpke().Open(pair, blob.subarray(0, cut), blob.subarray(cut), { info }),
    );
  } catch (cause) {
    throw new SealBroken(
      `${place}: the seal does not open; it was sealed to another key, for another mailbox, ` +
        'or changed on the way',
      { cause },
    );
  }
}

/** @param {Bytes} content @param {string} place */
function parsed(content, place) {
  try {
    const item = parse(content, place);
    if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      return /** @type {Record<string, unknown>} */ (item);
    }
  } catch (cause) {
    if (!(cause instanceof NotCanonical)) throw cause;
    throw new Tampered(`${place}: the content is not canonical JSON`, { cause });
  }
  throw new Tampered(`${place}: the content is not an object`);
}
