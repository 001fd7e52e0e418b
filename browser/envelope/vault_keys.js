/**
 * All keys of one resident in one epoch: three compartments and a signing key, and their wraps.
 * Source: docs/specs/envelope.md section 5.
 */

import { MalformedEnvelope } from './errors.js';
import * as keys from './keys.js';
import { suiteNamed } from './suites.js';
import * as base64url from './base64url.js';
import { unwrap, wrap } from './wraps.js';

/**
 * @typedef {import('./suites.js').Suite} Suite
 * @typedef {import('./bytes.js').Bytes} Bytes
 * @typedef {'money' | 'other' | 'own'} Compartment
 * @typedef {{ suite: Suite, epoch: number, compartments: Record<Compartment, keys.PublicKey>,
 *   signing: keys.VerifyKey }} VaultPublic
 * @typedef {{ suite: Suite, epoch: number, compartments: Record<Compartment, keys.PrivateKey>,
 *   signer: keys.Signer }} VaultKeys
 * @typedef {{ suite: string, epoch: number,
 *   compartments: Record<string, { kid: string, publicKey: string }>, signingKey: string }} VaultPublicJson
 * @typedef {{ wrapId: string, kind: string, params: Record<string, unknown>,
 *   blobs: Record<string, string> }} Wrap
 * @typedef {{ mailbox: string, wrapId: string, kind: string, params?: Record<string, unknown> }} WrapName
 */

/** @type {readonly Compartment[]} */
export const COMPARTMENTS = Object.freeze(['money', 'other', 'own']);
const SIGNING = 'signing';

/**
 * Something for each compartment.
 * @template T
 * @param {(compartment: Compartment) => Promise<T>} make
 * @returns {Promise<Record<Compartment, T>>}
 */
async function forEach(make) {
  const [money, other, own] = await Promise.all([make('money'), make('other'), make('own')]);
  return { money, other, own };
}

/**
 * New keys with random kids, extractable so that they can be wrapped: wrap, then `unwrapVaultKeys`.
 * @param {Suite} suite
 * @param {{ epoch?: number }} [options]
 * @returns {Promise<VaultKeys>}
 */
export async function generateVaultKeys(suite, { epoch = 1 } = {}) {
  const compartments = await forEach(() =>
    keys.generatePrivateKey(suite, { kid: keys.newKid(), extractable: true }),
  );
  const signer = await keys.generateSigner(suite.signature, { extractable: true });
  return { suite, epoch, compartments, signer };
}

/** The public halves. @param {VaultKeys} vault @returns {VaultPublic} */
export function publicOf({ suite, epoch, compartments, signer }) {
  const { money, other, own } = compartments;
  const halves = { money: money.public, other: other.public, own: own.public };
  return { suite, epoch, compartments: halves, signing: signer.verifyKey };
}

/** `{suite, epoch, compartments, signingKey}`. @param {VaultPublic} vault @returns {VaultPublicJson} */
export function publicToJson({ suite, epoch, compartments, signing }) {
  return {
    suite: suite.name,
    epoch,
    compartments: Object.fromEntries(
      COMPARTMENTS.map((name) => [name, keys.publicKeyToJson(compartments[name])]),
    ),
    signingKey: base64url.encode(signing.raw),
  };
}

/**
 * Public halves from JSON; other fields are left alone. Throws MalformedEnvelope, MalformedKey,
 * UnknownSuite, BadEncoding.
 * @param {unknown} value
 * @returns {Promise<VaultPublic>}
 */
export async function publicFromJson(value) {
  const told = /** @type {Partial<VaultPublicJson>} */ (value ?? {});
  const given = told.compartments;
  const { epoch } = told;
  if (typeof given !== 'object' || given === null) {
    throw new MalformedEnvelope('vault keys: need suite, epoch, compartments and signingKey');
  }
  if (epoch === undefined || !Number.isSafeInteger(epoch) || epoch < 1) {
    throw new MalformedEnvelope('vault keys, field `epoch`: not a whole number from 1');
  }
  if (Object.keys(given).sort().join() !== [...COMPARTMENTS].sort().join()) {
    throw new MalformedEnvelope('vault keys, field `compartments`: needs money, other and own');
  }
  const suite = suiteNamed(told.suite);
  const compartments = await forEach((name) => keys.publicKeyFromJson(suite, given[name]));
  if (new Set(COMPARTMENTS.map((name) => compartments[name].kid)).size !== COMPARTMENTS.length) {
    throw new MalformedEnvelope('vault keys: two compartments share a kid');
  }
  const signing = await keys.verifyKeyFromText(suite.signature, told.signingKey);
  return { suite, epoch, compartments, signing };
}

/**
 * All four private halves under one key.
 * @param {VaultKeys} vault with extractable keys
 * @param {CryptoKey} kek
 * @param {WrapName} name
 * @returns {Promise<Wrap>}
 */
export async function wrapVaultKeys(vault, kek, name) {
  const bytes = {
    ...(await forEach((compartment) => keys.privateKeyToBytes(vault.compartments[compartment]))),
    signing: await keys.signerToBytes(vault.signer),
  };
  return wrapped(publicOf(vault), bytes, kek, name);
}

/**
 * The private halves again, each checked against its public half; from here on no script can take
 * them out. Throws WrapBroken, MalformedKey, MalformedEnvelope, BadEncoding.
 * @param {VaultPublic} vault
 * @param {Wrap} under
 * @param {CryptoKey} kek
 * @param {{ mailbox: string }} owner
 * @returns {Promise<VaultKeys>}
 */
export async function unwrapVaultKeys(vault, under, kek, { mailbox }) {
  const bytes = await unwrapped(vault, under, kek, mailbox);
  const compartments = await forEach((name) =>
    keys.privateKeyFromBytes(vault.compartments[name], bytes[name]),
  );
  const signer = await keys.signerFromBytes(vault.signing, bytes.signing);
  return { suite: vault.suite, epoch: vault.epoch, compartments, signer };
}

/**
 * The same keys under a second key (a passkey besides the printed code), without importing them.
 * Throws as `unwrapVaultKeys`.
 * @param {VaultPublic} vault
 * @param {Wrap} under
 * @param {CryptoKey} kek
 * @param {{ kek: CryptoKey, name: WrapName }} added
 * @returns {Promise<Wrap>}
 */
export async function addWrap(vault, under, kek, added) {
  const bytes = await unwrapped(vault, under, kek, added.name.mailbox);
  return wrapped(vault, bytes, added.kek, added.name);
}

/**
 * Payload of a `keys` return: `action` is `enrol` or `withdraw`, `at` an ISO date.
 * @param {VaultPublic} vault
 * @param {{ mailbox: string, action: 'enrol' | 'withdraw', at: string,
 *   subjectCheck?: { birthYear: number, initials: string } | null, assistedBy?: string | null }} what
 */
export function keysPayload(vault, { mailbox, action, at, subjectCheck = null, assistedBy = null }) {
  return { v: 1, mailbox, action, at, subjectCheck, assistedBy, ...publicToJson(vault) };
}

/**
 * @param {VaultPublic} vault
 * @param {Record<Compartment | 'signing', Bytes>} bytes
 * @param {CryptoKey} kek
 * @param {WrapName} name
 * @returns {Promise<Wrap>}
 */
async function wrapped(vault, bytes, kek, { mailbox, wrapId, kind, params = {} }) {
  const named = { wrapId, kind };
  const blobs = await forEach((compartment) =>
    wrap(bytes[compartment], kek, placeOf(vault, mailbox, named, compartment)),
  );
  const signing = await wrap(bytes.signing, kek, placeOf(vault, mailbox, named, SIGNING));
  return { wrapId, kind, params, blobs: { ...blobs, signing } };
}

/** @param {VaultPublic} vault @param {Wrap} under @param {CryptoKey} kek @param {string} mailbox */
async function unwrapped(vault, under, kek, mailbox) {
  if (under === null || typeof under !== 'object' || under.blobs === null || typeof under.blobs !== 'object') {
    throw new MalformedEnvelope('wrap, field `blobs`: missing');
  }
  const opened = await forEach((compartment) =>
    unwrap(under.blobs[compartment], kek, placeOf(vault, mailbox, under, compartment)),
  );
  const signing = await unwrap(under.blobs[SIGNING], kek, placeOf(vault, mailbox, under, SIGNING));
  return { ...opened, signing };
}

/**
 * @param {VaultPublic} vault
 * @param {string} mailbox
 * @param {{ wrapId: string, kind: string }} under
 * @param {Compartment | 'signing'} compartment
 */
function placeOf(vault, mailbox, { wrapId, kind }, compartment) {
  const raw = compartment === SIGNING ? vault.signing.raw : vault.compartments[compartment].raw;
  const { epoch } = vault;
  return { mailbox, epoch, suite: vault.suite.name, compartment, wrap: wrapId, kind, public: raw };
}
