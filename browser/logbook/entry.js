/**
 * One thing that happened, as an event, a commitment and a leaf. Source: docs/specs/log.md.
 * The entry and its salt come to the resident, sealed; the tree has the commitment only.
 */

import { toHex } from '../envelope/bytes.js';
import { EnvelopeError } from '../envelope/errors.js';
import { canonical } from '../envelope/jcs.js';
import { ChainBroken, CommitmentBroken, MalformedEntry } from './errors.js';
import { leafHash } from './tree.js';

/**
 * @typedef {import('../envelope/bytes.js').Bytes} Bytes
 * @typedef {{ chain: string, mailbox: string | null, seq: number, prev: string | null,
 *   event: { v: number, type: string } & Record<string, unknown> }} Entry
 * @typedef {{ entry: Entry, salt: string }} Opened what is sealed to the resident; salt in hexadecimal
 * @typedef {{ seq: number, commit: string | null }} ChainHead
 */

const CHAINS = ['run', 'vault'];
const TYPE = /^[a-z]+(\.[a-z]+)+$/;
const COMMIT = /^[0-9a-f]{64}$/;

/**
 * Whether it is a text of this form; to `test` a list of one text looks like it.
 * @param {RegExp} form
 * @param {unknown} value
 */
const fits = (form, value) => typeof value === 'string' && form.test(value);

/** Entry and salt from what a resident opened. Throws MalformedEntry. @param {unknown} value */
export function openedFrom(value) {
  const { entry, salt } = /** @type {Partial<Opened>} */ (value ?? {});
  const { chain, seq, prev, event, mailbox } = /** @type {Partial<Entry>} */ (entry ?? {});
  const isSound =
    CHAINS.includes(chain ?? '') &&
    seq !== undefined && Number.isSafeInteger(seq) && seq >= 1 &&
    (seq === 1 ? prev === null : fits(COMMIT, prev)) &&
    (mailbox === null || typeof mailbox === 'string') &&
    event?.v === 1 && fits(TYPE, event.type) && fits(COMMIT, salt);
  if (!isSound) throw new MalformedEntry('entry: a field is missing or of another type');
  return /** @type {Opened} */ ({ entry: { chain, mailbox, seq, prev, event }, salt });
}

/**
 * Commitment: HMAC-SHA256 of the canonical entry under its salt, 64 digits. Throws MalformedEntry.
 * @param {Opened} opened
 */
export async function commitOf({ entry, salt }) {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes, how, false, ['sign']);
  const { chain, mailbox, seq, prev, event } = entry;
  const said = written({ chain, mailbox, seq, prev, event });
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, said)));
}

/** @param {unknown} entry */
function written(entry) {
  try {
    return canonical(entry);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const told = 'entry: holds a value that canonical JSON cannot write; use text and whole numbers';
    throw new MalformedEntry(told, { cause: error });
  }
}

/** What the tree holds. Throws MalformedEntry. @param {{ type: string, commit: string }} leaf */
export function leafData({ type, commit }) {
  if (!TYPE.test(type) || !COMMIT.test(commit)) {
    throw new MalformedEntry('leaf: needs a type and a commitment of 64 hexadecimal digits');
  }
  return canonical({ v: 1, type, commit });
}

/** Leaf hash of a type and a commitment. @param {{ type: string, commit: string }} leaf */
export const leafOf = async (leaf) => leafHash(leafData(leaf));

/**
 * Return only if the opened entry is what the log committed to. Throws CommitmentBroken.
 * @param {Opened} opened
 * @param {string} commit
 */
export async function verifyCommit(opened, commit) {
  if ((await commitOf(opened)) !== commit) {
    const { chain, seq } = opened.entry;
    throw new CommitmentBroken(
      `chain \`${chain}\`, entry ${seq}: not what the log committed to; report it as an incident`,
    );
  }
}

/**
 * Head of a resident's chain once no gap, no changed link and no stranger's entry was found.
 * Throws ChainBroken.
 * @param {Opened[]} entries in order
 * @param {{ chain: string, mailbox: string | null, after?: ChainHead }} which
 * @returns {Promise<ChainHead>}
 */
export async function verifyChain(entries, { chain, mailbox, after = { seq: 0, commit: null } }) {
  let head = after;
  for (const opened of entries) {
    const { entry } = opened;
    if (entry.chain !== chain || entry.mailbox !== mailbox) {
      throw new ChainBroken(`chain \`${chain}\`: an entry of another chain or mailbox lies in it`);
    }
    if (entry.seq !== head.seq + 1) {
      throw new ChainBroken(
        `chain \`${chain}\`: entry ${head.seq + 1} is missing; report it as an incident`,
      );
    }
    if (entry.prev !== head.commit) {
      throw new ChainBroken(
        `chain \`${chain}\`: what came before entry ${entry.seq} was changed; report it as an incident`,
      );
    }
    head = { seq: entry.seq, commit: await commitOf(opened) };
  }
  return head;
}
