/**
 * The printed code, 128 random bits as 28 characters that people can read aloud and type over; and
 * the keys that a code, a letter or a passkey gives. Source: docs/specs/envelope.md section 5.
 */

import { concat, sha256, utf8 } from './bytes.js';
import { CodeCharacter, CodeChecksum, CodeLength, MalformedKey } from './errors.js';

/**
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {'code' | 'letter' | 'passkey'} KekKind
 */

const SECRET_BYTES = 16;
const CHARACTERS = 28;
const CHECKSUM_BITS = 12n;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = new Map([
  ...Array.from(ALPHABET, (character, value) => /** @type {const} */ ([character, value])),
  ['O', 0], ['I', 1], ['L', 1],
]);
const SEPARATORS = /[- \t\r\n\u00a0\u2010-\u2014]/g;

/** HKDF labels: the same secret under another label is another key. @type {Record<KekKind, string>} */
const KEK_INFO = {
  code: 'openregie/v1/kek/code',
  letter: 'openregie/v1/kek/letter',
  passkey: 'openregie/v1/kek/prf',
};

/** A new code, seven groups of four: 128 bits and a 12-bit checksum. */
export const newCode = () => codeOf(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

/** Code that stands for these 16 bytes. @param {Bytes} secret */
export async function codeOf(secret) {
  let number = (wholeOf(secret) << CHECKSUM_BITS) | (await checksum(secret));
  let text = '';
  for (let place = 0; place < CHARACTERS; place += 1) {
    text = ALPHABET.charAt(Number(number & 31n)) + text;
    number >>= 5n;
  }
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/**
 * The 16 bytes of a code as a person types it: any case, O for 0, I or L for 1, any grouping.
 * Throws CodeCharacter (with its place), CodeLength, CodeChecksum.
 * @param {string} code
 * @returns {Promise<Bytes>}
 */
export async function secretOf(code) {
  const characters = Array.from(code.toUpperCase().replace(SEPARATORS, ''));
  let number = 0n;
  characters.forEach((character, at) => {
    const value = VALUES.get(character);
    if (value === undefined) {
      throw new CodeCharacter(`code, character ${at + 1}: codes do not use this; look again`, at + 1);
    }
    number = (number << 5n) | BigInt(value);
  });
  if (characters.length !== CHARACTERS) {
    throw new CodeLength(
      `code: has ${characters.length} characters instead of ${CHARACTERS}; look again`,
    );
  }
  const secret = new Uint8Array(SECRET_BYTES);
  for (let at = 0; at < SECRET_BYTES; at += 1) {
    secret[at] = Number((number >> (CHECKSUM_BITS + 8n * BigInt(SECRET_BYTES - 1 - at))) & 255n);
  }
  if ((number & 0xfffn) !== (await checksum(secret))) {
    throw new CodeChecksum('code: a character differs from the printed one; compare each group');
  }
  return secret;
}

/**
 * Key that a code gives: kind `code` for one's own print, `letter` for a one-time letter.
 * @param {string} code
 * @param {KekKind} [kind]
 */
export const kek = async (code, kind = 'code') => deriveKek(await secretOf(code), kind);

/**
 * Key from a passkey's PRF output. Throws MalformedKey when the authenticator gave none.
 * @param {BufferSource | undefined} output
 */
export async function passkeyKek(output) {
  const bytes = output instanceof ArrayBuffer ? new Uint8Array(output) : output;
  if (bytes === undefined || bytes.byteLength < 32) {
    throw new MalformedKey('passkey: this device gives no key with it; use the printed code');
  }
  return deriveKek(concat(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)), 'passkey');
}

/**
 * Key from a secret of at least 128 bits, by HKDF-SHA256 with an empty salt; it never leaves
 * WebCrypto.
 * @param {Bytes} secret
 * @param {KekKind} kind
 */
export async function deriveKek(secret, kind) {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = utf8(KEK_INFO[kind]);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** A key that only this device holds; IndexedDB keeps it without showing it to any script. */
export const deviceKek = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

/** @param {Bytes} secret */
async function checksum(secret) {
  const digest = await sha256(concat(utf8('openregie/code/v1\0'), secret));
  return wholeOf(digest.subarray(0, 2)) >> 4n;
}

/** @param {Uint8Array} data */
const wholeOf = (data) => data.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
