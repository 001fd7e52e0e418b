/**
 * A private key stored under another key: AES-256-GCM, bound to its owner, epoch and place.
 * Source: docs/specs/envelope.md section 5.
 */

import * as base64url from './base64url.js';
import { concat } from './bytes.js';
import { WrapBroken } from './errors.js';
import { canonical } from './jcs.js';

/**
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {object} Place what a wrap is bound to
 * @property {string} mailbox
 * @property {number} epoch
 * @property {string} suite
 * @property {string} compartment or `signing`
 * @property {string} wrap the wrap's id
 * @property {string} kind
 * @property {Bytes} public a server that shows another public key next to this wrap makes it fail
 */

const PROTOCOL = 'openregie/wrap/v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The bytes that are authenticated with a wrap. @param {Place} place */
export const aadOf = ({ public: raw, ...place }) =>
  canonical({ p: PROTOCOL, ...place, publicKey: base64url.encode(raw) });

/**
 * Base64url of nonce (12), ciphertext and tag (16).
 * @param {Bytes} bytes the private key
 * @param {CryptoKey} kek
 * @param {Place} place
 */
export async function wrap(bytes, kek, place) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const how = { name: 'AES-GCM', iv, additionalData: aadOf(place) };
  return base64url.encode(concat(iv, new Uint8Array(await crypto.subtle.encrypt(how, kek, bytes))));
}

/**
 * The private key's bytes. Throws WrapBroken, BadEncoding.
 * @param {unknown} blob
 * @param {CryptoKey} kek
 * @param {Place} place
 */
export async function unwrap(blob, kek, place) {
  const data = base64url.decode(blob, `wrap, key \`${place.compartment}\``);
  if (data.length < NONCE_BYTES + TAG_BYTES) {
    throw new WrapBroken(`wrap, key \`${place.compartment}\`: too short; fetch it again`);
  }
  const iv = data.subarray(0, NONCE_BYTES);
  const how = { name: 'AES-GCM', iv, additionalData: aadOf(place) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, kek, data.subarray(NONCE_BYTES)));
  } catch (cause) {
    throw new WrapBroken(
      `wrap, key \`${place.compartment}\`: does not open with this code or device, or it ` +
        'belongs to another person, epoch or key',
      { cause },
    );
  }
}
