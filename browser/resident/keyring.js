/**
 * One resident's keys in this page's memory: made, wrapped, opened, used. Nothing here is ever stored
 * in the clear, and the envelope's own modules do all the cryptography.
 */

import { COMPARTMENTS, addWrap, generateVaultKeys, keysPayload, publicFromJson, publicOf, publicToJson, unwrapVaultKeys, wrapVaultKeys } from '../envelope/vault_keys.js';
import { CodeCharacter, CodeChecksum, CodeLength, EnvelopeError, WrapBroken } from '../envelope/errors.js';
import { EVENT, openSealed, seal } from '../envelope/item.js';
import { kek as kekOf, newCode as newCodeOf, passkeyKek, secretOf } from '../envelope/code.js';
import { chooseSuite, suiteNamed } from '../envelope/suites.js';
import { newKid, publicKeyFromJson, verifyKeyFromText } from '../envelope/keys.js';
import { sealReturn } from '../envelope/returns.js';
import { dayOf } from '../parts/format.js';
import { t } from './texts.js';

/**
 * @typedef {import('./api.js').Wrap} Wrap
 * @typedef {import('./api.js').PublicKeys} PublicKeys
 * @typedef {import('./situation.js').SubjectCheck} Subject
 * @typedef {{ vault: import('../envelope/vault_keys.js').VaultKeys, under: Wrap, kek: CryptoKey,
 *   mailbox: string, tenant: string }} Keys keys that are open, and what opened them
 * @typedef {{ kek: CryptoKey, kind: string, params: Record<string, unknown> }} Means a way to open
 */

/** Sealed to oneself, so that a device knows whose data to expect without telling anyone. */
const SUBJECT = 'openregie/subject/v1';
const CHARACTERS = 28;

export const newCode = newCodeOf;

/** Letters and digits only, as a code compares them. @param {string} typed @param {string} printed */
export function sameCharacters(typed, printed) {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return plain === printed;
}

/**
 * What is wrong with a typed code, in words; empty when it can be tried.
 * @param {string} typed
 * @returns {Promise<string>}
 */
export async function codeProblem(typed) {
  const count = typed.replace(/[\s\-\u2010-\u2014]/g, '').length;
  try {
    await secretOf(typed);
    return '';
  } catch (error) {
    if (error instanceof CodeCharacter) return t('unlockCodeCharacter', { place: Math.ceil(error.place / 4) });
    if (error instanceof CodeLength) return t(count < CHARACTERS ? 'unlockCodeShort' : 'unlockCodeLong', { count });
    if (error instanceof CodeChecksum) return t('unlockCodeError');
    throw error;
  }
}

/** A code as a way to open. @param {string} code @param {'code' | 'letter'} kind @returns {Promise<Means>} */
export const codeMeans = async (code, kind) => ({ kek: await kekOf(code, kind), kind, params: {} });

/** A passkey as a way to open. @param {Uint8Array<ArrayBuffer>} secret @param {string} credential @returns {Promise<Means>} */
export const passkeyMeans = async (secret, credential) => ({
  kek: await passkeyKek(secret),
  kind: 'passkey',
  params: { credential },
});

/**
 * New keys, wrapped under one means; from here on no script can take them out.
 * @param {{ epoch: number, mailbox: string, tenant: string, means: Means, subject: Subject }} about
 * @returns {Promise<Keys>}
 */
export async function makeKeys({ epoch, mailbox, tenant, means, subject }) {
  const made = await generateVaultKeys(await chooseSuite(), { epoch });
  const sealed = await sealSubject(subject, made, { mailbox, tenant });
  const name = { mailbox, wrapId: newKid(), kind: means.kind, params: { ...means.params, subject: sealed } };
  const under = await wrapVaultKeys(made, means.kek, name);
  const vault = await unwrapVaultKeys(publicOf(made), under, means.kek, { mailbox });
  return { vault, under, kek: means.kek, mailbox, tenant };
}

/** What may be known of keys. @param {Keys} keys */
export const publicHalves = ({ vault }) => publicToJson(publicOf(vault));

/**
 * Open the vault; null when this means opens none of its wraps.
 * @param {import('./api.js').Vault} stored
 * @param {Wrap[]} wraps
 * @param {CryptoKey} kek
 * @param {{ mailbox: string, tenant: string }} owner
 * @returns {Promise<Keys | null>}
 */
export async function open(stored, wraps, kek, { mailbox, tenant }) {
  const halves = await publicFromJson(stored);
  for (const under of wraps) {
    try {
      const vault = await unwrapVaultKeys(halves, under, kek, { mailbox });
      return { vault, under, kek, mailbox, tenant };
    } catch (error) {
      if (!(error instanceof WrapBroken)) throw error;
    }
  }
  return null;
}

/**
 * The same keys under one more means.
 * @param {Keys} keys
 * @param {Means} means
 * @returns {Promise<Wrap>}
 */
export function alsoUnder({ vault, under, kek, mailbox }, means) {
  const params = { ...means.params, subject: under.params['subject'] ?? null };
  const name = { mailbox, wrapId: newKid(), kind: means.kind, params };
  return addWrap(publicOf(vault), under, kek, { kek: means.kek, name });
}

/**
 * @param {Subject} subject
 * @param {import('../envelope/vault_keys.js').VaultKeys} vault
 * @param {{ mailbox: string, tenant: string }} owner
 */
function sealSubject(subject, vault, { mailbox, tenant }) {
  const header = { tenant, mailbox, seq: 0, day: dayOf(new Date()) };
  const to = vault.compartments.own.public;
  return seal({ ...subject }, { header, to, signer: vault.signer, protocol: SUBJECT });
}

/** Birth year and initials as typed at enrolment; null where none were kept. @param {Keys} keys @returns {Promise<Subject | null>} */
export async function subjectOf({ vault, under }) {
  if (!under.params['subject']) return null;
  const key = vault.compartments.own;
  const { verifyKey } = vault.signer;
  try {
    const told = await openSealed(under.params['subject'], { key, verifyKey, protocol: SUBJECT });
    return /** @type {Subject} */ (/** @type {unknown} */ (told));
  } catch (error) {
    if (error instanceof EnvelopeError) return null;
    throw error;
  }
}

/**
 * Open what the run sealed. What does not open is counted, never guessed.
 * @param {Keys} keys
 * @param {Record<string, unknown>[]} sealed
 * @param {PublicKeys} publicKeys
 * @returns {Promise<{ opened: import('./situation.js').Opened[], closed: number }>}
 */
export async function openItems({ vault }, sealed, publicKeys) {
  const verifyKey = await verifyKeyFromText(vault.suite.signature, publicKeys.run.verify[vault.suite.signature]);
  const tried = await Promise.all(
    sealed.map(async (one) => {
      const key = keyNamed(vault, one['kid']);
      if (!key) return null;
      const item = await openSealed(one, { key, verifyKey }).catch(notOpened);
      return item && { seq: Number(one['seq']), item: { id: `seq-${one['seq']}`, day: one['day'], ...item } };
    }),
  );
  const opened = tried.filter((one) => one !== null);
  return { opened, closed: sealed.length - opened.length };
}

/**
 * Open one sealed log event; null when it does not open here.
 * @param {Keys} keys
 * @param {unknown} sealed
 * @param {{ chain: string, publicKeys: PublicKeys }} origin
 */
export async function openEvent({ vault }, sealed, { chain, publicKeys }) {
  const algorithm = vault.suite.signature;
  const { run, log } = publicKeys;
  const vaultText = algorithm === 'p256' ? log.p256 : log.key;
  const verifyKey = await verifyKeyFromText(algorithm, chain === 'run' ? run.verify[algorithm] : vaultText);
  return openSealed(sealed, { key: vault.compartments.own, verifyKey, protocol: EVENT }).catch(notOpened);
}

/** @param {unknown} error */
function notOpened(error) {
  if (error instanceof EnvelopeError) return null;
  throw error;
}

/** @param {Keys['vault']} vault @param {unknown} kid */
const keyNamed = (vault, kid) =>
  COMPARTMENTS.map((name) => vault.compartments[name]).find((key) => key.kid === kid);

/**
 * Seal something to the run, signed by this resident.
 * @param {Keys} keys
 * @param {string} stream
 * @param {Record<string, unknown>} payload
 * @param {PublicKeys} publicKeys
 */
export async function sealToRun(keys, stream, payload, publicKeys) {
  const { vault, mailbox, tenant } = keys;
  const suite = suiteNamed(vault.suite.name in publicKeys.run.kem ? vault.suite.name : publicKeys.run.suite);
  const kid = publicKeys.run.kids?.[suite.name];
  const to = await publicKeyFromJson(suite, { kid, publicKey: publicKeys.run.kem[suite.name] });
  return sealReturn(payload, { tenant, stream, mailbox, to, signer: vault.signer });
}

/**
 * Tell the run of new keys, or that they are no longer to be used.
 * @param {Keys} keys
 * @param {'enrol' | 'withdraw'} action
 * @param {{ subject?: Subject | null, helper?: string | null }} told
 * @param {PublicKeys} publicKeys
 */
export function sealKeysReturn(keys, action, { subject = null, helper = null }, publicKeys) {
  const at = dayOf(new Date());
  const check = subject && { birthYear: Number(subject.birthYear), initials: subject.initials ?? '' };
  const { mailbox } = keys;
  const what = { mailbox, action, at, subjectCheck: check, assistedBy: helper };
  return sealToRun(keys, 'keys', keysPayload(publicOf(keys.vault), what), publicKeys);
}

/** A correction of one record, as the stream `corrections` declares it. @param {Keys} keys @param {{ record: string, kind: string, note: string }} correction */
export const correctionPayload = ({ mailbox }, { record, kind, note }) => ({
  v: 1, mailbox, record, kind, note, at: dayOf(new Date()),
});

/** What was on screen, as the stream `shown` declares it. @param {Keys} keys @param {string[]} items */
export const shownPayload = ({ mailbox }, items) => ({ v: 1, mailbox, items, at: dayOf(new Date()) });

