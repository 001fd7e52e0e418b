/** Key pairs for sealing and for signing, and their byte forms. See docs/specs/envelope.md. */

import * as base64url from './base64url.js';
import { concat, same, sha256 } from './bytes.js';
import { MalformedKey, WrongSignature } from './errors.js';
import { S0, S2 } from './suites.js';

/**
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {import('./suites.js').Suite} Suite
 * @typedef {import('./suites.js').SignatureAlgorithm} SignatureAlgorithm
 * @typedef {{ suite: Suite, kid: string, raw: Bytes, handle: import('hpke').Key }} PublicKey
 * @typedef {{ suite: Suite, kid: string, public: PublicKey, handle: import('hpke').Key }} PrivateKey
 * @typedef {{ algorithm: SignatureAlgorithm, raw: Bytes, handle: CryptoKey }} VerifyKey
 * @typedef {{ algorithm: SignatureAlgorithm, verifyKey: VerifyKey, handle: CryptoKey }} Signer
 */

const KID_BYTES = 12;
const SIGNATURE_BYTES = 64;

/** @param {SignatureAlgorithm} algorithm */
const keyAlgorithm = (algorithm) =>
  algorithm === 'ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', namedCurve: 'P-256' };
/** @param {SignatureAlgorithm} algorithm */
const signAlgorithm = (algorithm) =>
  algorithm === 'ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', hash: 'SHA-256' };

/** A random key name of 16 characters, for residents: says nothing about its owner. */
export const newKid = () => base64url.encode(crypto.getRandomValues(new Uint8Array(KID_BYTES)));

/** The kid of an organisation's key: the start of SHA-256 of its public bytes. @param {Bytes} raw */
export const thumbprint = async (raw) =>
  base64url.encode((await sha256(raw)).subarray(0, KID_BYTES));

/**
 * Public key from its bytes; without a kid it is named by its thumbprint. Throws MalformedKey.
 * @param {Suite} suite
 * @param {Bytes} raw
 * @param {string} [kid]
 * @returns {Promise<PublicKey>}
 */
export async function publicKeyFromBytes(suite, raw, kid) {
  if (raw.length !== suite.publicBytes) {
    throw new MalformedKey(`public key of suite ${suite.name}: wrong length; ask its owner`);
  }
  try {
    const handle = await suite.hpke().DeserializePublicKey(raw);
    return { suite, kid: kid ?? (await thumbprint(raw)), raw, handle };
  } catch (cause) {
    throw new MalformedKey(`public key of suite ${suite.name}: not a valid key`, { cause });
  }
}

/**
 * Public key from `{kid, publicKey}`, or from base64url alone: then named by its thumbprint.
 * Throws MalformedKey, BadEncoding.
 * @param {Suite} suite
 * @param {unknown} value
 */
export async function publicKeyFromJson(suite, value) {
  const { kid, publicKey } = /** @type {{ kid?: unknown, publicKey?: unknown }} */ (
    typeof value === 'string' ? { publicKey: value } : value ?? {}
  );
  if (kid !== undefined && typeof kid !== 'string') {
    throw new MalformedKey('public key: the kid is not text');
  }
  return publicKeyFromBytes(suite, base64url.decode(publicKey, 'field `publicKey`'), kid);
}

/** `{kid, publicKey}`. @param {PublicKey} key */
export const publicKeyToJson = (key) => ({ kid: key.kid, publicKey: base64url.encode(key.raw) });

/**
 * A new key pair. `extractable` only while it must be wrapped.
 * @param {Suite} suite
 * @param {{ kid?: string, extractable?: boolean }} [options]
 * @returns {Promise<PrivateKey>}
 */
export async function generatePrivateKey(suite, { kid, extractable = false } = {}) {
  const pair = await suite.hpke().GenerateKeyPair(extractable);
  const raw = new Uint8Array(await suite.hpke().SerializePublicKey(pair.publicKey));
  return joined(suite, await publicKeyFromBytes(suite, raw, kid), pair.privateKey);
}

/**
 * Private and public half as one key.
 * @param {Suite} suite
 * @param {PublicKey} half
 * @param {import('hpke').Key} handle
 * @returns {PrivateKey}
 */
export const joined = (suite, half, handle) => ({ suite, kid: half.kid, public: half, handle });

/**
 * The form in which a private half is wrapped: PKCS #8, for s2 its 32-byte seed.
 * @param {PrivateKey} key
 * @returns {Promise<Bytes>}
 */
export async function privateKeyToBytes(key) {
  if (key.suite === S2) {
    return new Uint8Array(await S2.hpke().SerializePrivateKey(key.handle));
  }
  const handle = /** @type {CryptoKey} */ (key.handle);
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', handle));
}

/**
 * Private key of a known public key from the form in which it is wrapped. Throws MalformedKey when
 * the two do not belong together.
 * @param {PublicKey} half
 * @param {Bytes} bytes
 * @param {{ extractable?: boolean }} [options]
 */
export async function privateKeyFromBytes(half, bytes, { extractable = false } = {}) {
  const { suite } = half;
  try {
    const handle = suite.algorithm
      ? await crypto.subtle.importKey('pkcs8', bytes, suite.algorithm, extractable, ['deriveBits'])
      : await suite.hpke().DeserializePrivateKey(bytes, extractable);
    return await checked(joined(suite, half, handle));
  } catch (cause) {
    if (cause instanceof MalformedKey) throw cause;
    throw new MalformedKey(`private key of suite ${suite.name}: not a valid key`, { cause });
  }
}

/**
 * The key, once a seal to its public half opened with its private half. Throws MalformedKey.
 * @param {PrivateKey} key
 */
export async function checked(key) {
  const hpke = key.suite.hpke();
  const probe = crypto.getRandomValues(new Uint8Array(16));
  const { encapsulatedSecret, ciphertext } = await hpke.Seal(key.public.handle, probe);
  const pair = { privateKey: key.handle, publicKey: key.public.handle };
  const opened = await hpke.Open(pair, encapsulatedSecret, ciphertext).catch(() => new Uint8Array());
  if (!same(opened, probe)) {
    throw new MalformedKey('private key: belongs to another public key; report it as an incident');
  }
  return key;
}

/**
 * Verify key from its bytes: Ed25519 32, P-256 uncompressed point 65. Throws MalformedKey.
 * @param {SignatureAlgorithm} algorithm
 * @param {Bytes} raw
 * @returns {Promise<VerifyKey>}
 */
export async function verifyKeyFromBytes(algorithm, raw) {
  try {
    if (algorithm === 'p256' && raw.length !== S0.publicBytes) throw new TypeError('length');
    const handle = await crypto.subtle.importKey('raw', raw, keyAlgorithm(algorithm), true, ['verify']);
    return { algorithm, raw, handle };
  } catch (cause) {
    throw new MalformedKey(`verify key ${algorithm}: not a valid key`, { cause });
  }
}

/** Verify key from base64url. @param {SignatureAlgorithm} algorithm @param {unknown} text */
export const verifyKeyFromText = (algorithm, text) =>
  verifyKeyFromBytes(algorithm, base64url.decode(text, 'verify key'));

/**
 * Return only if the 64-byte signature is this key's over the data. Throws WrongSignature.
 * @param {VerifyKey} key
 * @param {Bytes} data
 * @param {Bytes} signature
 */
export async function verify(key, data, signature) {
  const isRight =
    signature.length === SIGNATURE_BYTES &&
    (await crypto.subtle.verify(signAlgorithm(key.algorithm), key.handle, signature, data));
  if (!isRight) {
    throw new WrongSignature(
      'the signature inside was not made with the expected key; ' +
        'check whose verify key was used and treat the message as forged',
    );
  }
}

/**
 * A new signing key.
 * @param {SignatureAlgorithm} algorithm
 * @param {{ extractable?: boolean }} [options]
 * @returns {Promise<Signer>}
 */
export async function generateSigner(algorithm, { extractable = false } = {}) {
  const pair = /** @type {CryptoKeyPair} */ (
    await crypto.subtle.generateKey(keyAlgorithm(algorithm), extractable, ['sign', 'verify'])
  );
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { algorithm, verifyKey: { algorithm, raw, handle: pair.publicKey }, handle: pair.privateKey };
}

/**
 * Signing key of a known verify key from PKCS #8. Throws MalformedKey when they do not belong
 * together.
 * @param {VerifyKey} verifyKey
 * @param {Bytes} bytes
 * @param {{ extractable?: boolean }} [options]
 * @returns {Promise<Signer>}
 */
export async function signerFromBytes(verifyKey, bytes, { extractable = false } = {}) {
  const { algorithm } = verifyKey;
  let handle;
  try {
    handle = await crypto.subtle.importKey(
      'pkcs8', bytes, keyAlgorithm(algorithm), extractable, ['sign'],
    );
  } catch (cause) {
    throw new MalformedKey(`signing key ${algorithm}: not a valid key`, { cause });
  }
  return checkedSigner({ algorithm, verifyKey, handle });
}

/** The signer, once its verify key accepted a signature of it. @param {Signer} signer */
export async function checkedSigner(signer) {
  const probe = concat(crypto.getRandomValues(new Uint8Array(16)));
  try {
    await verify(signer.verifyKey, probe, await sign(signer, probe));
  } catch (cause) {
    throw new MalformedKey('signing key: belongs to another public key; report it as an incident', {
      cause,
    });
  }
  return signer;
}

/** PKCS #8 of an extractable signing key. @param {Signer} signer @returns {Promise<Bytes>} */
export const signerToBytes = async (signer) =>
  new Uint8Array(await crypto.subtle.exportKey('pkcs8', signer.handle));

/** Signature of 64 bytes over the data. @param {Signer} signer @param {Bytes} data */
export const sign = async (signer, data) =>
  new Uint8Array(await crypto.subtle.sign(signAlgorithm(signer.algorithm), signer.handle, data));
