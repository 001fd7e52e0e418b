/** The three suites a resident's keys may have. Source: docs/specs/envelope.md section 2. */

import * as HPKE from 'hpke';

import { UnknownSuite } from './errors.js';

/**
 * @typedef {'ed25519' | 'p256'} SignatureAlgorithm
 * @typedef {'s0' | 's1' | 's2'} SuiteName
 * @typedef {object} Suite
 * @property {SuiteName} name
 * @property {SignatureAlgorithm} signature how the signature inside is made; always 64 bytes
 * @property {number} encapsulatedBytes
 * @property {number} publicBytes
 * @property {number} overheadBytes how much longer a sealed text is than its plaintext
 * @property {EcKeyImportParams | { name: 'X25519' } | null} algorithm of WebCrypto; null: no such key
 * @property {() => HPKE.CipherSuite} hpke made at first use: a phone may lack what a suite needs
 */

const TAG_BYTES = 16; // AES-256-GCM

/**
 * @param {SuiteName} name
 * @param {SignatureAlgorithm} signature
 * @param {number} encapsulatedBytes
 * @param {number} publicBytes
 * @param {Suite['algorithm']} algorithm
 * @param {() => HPKE.CipherSuite} make
 * @returns {Suite}
 */
function suite(name, signature, encapsulatedBytes, publicBytes, algorithm, make) {
  /** @type {HPKE.CipherSuite | undefined} */
  let made;
  const overheadBytes = encapsulatedBytes + TAG_BYTES;
  const hpke = () => (made ??= make());
  return Object.freeze({
    name, signature, encapsulatedBytes, publicBytes, overheadBytes, algorithm, hpke,
  });
}

/** P-256 and ECDSA P-256: for phones without X25519 and Ed25519. */
export const S0 = suite('s0', 'p256', 65, 65, { name: 'ECDH', namedCurve: 'P-256' }, () =>
  new HPKE.CipherSuite(
    HPKE.KEM_DHKEM_P256_HKDF_SHA256, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM,
  ));

/** X25519 and Ed25519: the default. */
export const S1 = suite('s1', 'ed25519', 32, 32, { name: 'X25519' }, () =>
  new HPKE.CipherSuite(
    HPKE.KEM_DHKEM_X25519_HKDF_SHA256, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM,
  ));

/** MLKEM768-X25519 (draft-ietf-hpke-pq) and Ed25519: also against a later quantum computer. */
export const S2 = suite('s2', 'ed25519', 1120, 1216, null, () =>
  new HPKE.CipherSuite(
    HPKE.KEM_MLKEM768_X25519, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_256_GCM,
  ));

const SUITES = [S0, S1, S2];

/** Suite with this name. Throws UnknownSuite. @param {unknown} name @returns {Suite} */
export function suiteNamed(name) {
  const found = SUITES.find((candidate) => candidate.name === name);
  if (!found) {
    throw new UnknownSuite('the suite is not s0, s1 or s2; update the software that reads this');
  }
  return found;
}

/**
 * What this device can do, found by trying it: a browser that knows a name may still lack the work.
 * @returns {Promise<Record<SuiteName, boolean>>}
 */
export async function capabilities() {
  const [ed25519, x25519, hybrid] = await Promise.all([
    works(() => crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])),
    works(() => crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])),
    works(() => S2.hpke().GenerateKeyPair(false)),
  ]);
  return { s0: true, s1: ed25519 && x25519, s2: ed25519 && x25519 && hybrid };
}

/**
 * The suite for new keys on this device: s1 where it works, else s0; s2 only when asked for.
 * @param {{ postQuantum?: boolean }} [wish]
 * @returns {Promise<Suite>}
 */
export async function chooseSuite({ postQuantum = false } = {}) {
  const can = await capabilities();
  if (postQuantum && can.s2) return S2;
  return can.s1 ? S1 : S0;
}

/** @param {() => Promise<unknown>} attempt */
async function works(attempt) {
  try {
    await attempt();
    return true;
  } catch {
    return false;
  }
}
