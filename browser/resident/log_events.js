/** The log as this device checks it: each entry fits its commitment, and hangs on the one before. */

import { canonical } from '../envelope/jcs.js';
import * as api from './api.js';
import { openEvent } from './keyring.js';

/** @typedef {import('./view_looked.js').LogEvent} LogEvent */
/** @typedef {{ chain: string, seq: number, prev: string | null, mailbox: string | null, event: Record<string, any> }} Entry */

/**
 * Fetch, open and check this resident's log.
 * @param {import('./keyring.js').Keys} keys
 * @param {api.PublicKeys} publicKeys
 * @returns {Promise<import('./view_looked.js').Looked>}
 */
export async function readLog(keys, publicKeys) {
  const { entries } = await api.logEntries();
  const opened = await Promise.all(
    entries.map(async (entry) => {
      const { chain } = entry;
      const told = entry.sealed && (await openEvent(keys, entry.sealed, { chain, publicKeys }));
      return told ? { entry: /** @type {Entry} */ (told['entry']), salt: String(told['salt']) } : null;
    }),
  );
  let checked = 0;
  let isWrong = !isComplete(entries);
  for (const [at, one] of opened.entries()) {
    const stored = entries[at];
    if (!one || !stored) continue;
    const before = entries.find((other) => other.chain === stored.chain && other.seq === stored.seq - 1);
    const fits = one.entry.seq === stored.seq && one.entry.prev === (before?.commit ?? null);
    if (fits && (await commitOf(one.entry, one.salt)) === stored.commit) checked += 1;
    else isWrong = true;
  }
  const events = opened.map((one, at) => one && eventOf(one.entry, entries[at]));
  return { events, checked, verdict: isWrong ? 'wrong' : checked > 0 ? 'right' : 'unknown' };
}

/** Whether each chain counts from 1 without a gap. @param {api.LogEntry[]} entries */
function isComplete(entries) {
  const chains = new Set(entries.map(({ chain }) => chain));
  return [...chains].every((chain) =>
    entries
      .filter((entry) => entry.chain === chain)
      .map(({ seq }) => seq)
      .sort((a, b) => a - b)
      .every((seq, at) => seq === at + 1),
  );
}

/**
 * HMAC-SHA256 of the canonical entry under its salt, in hexadecimal digits.
 * @param {Entry} entry
 * @param {string} salt
 */
async function commitOf(entry, salt) {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const digest = await crypto.subtle.sign('HMAC', key, canonical(/** @type {any} */ (entry)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Entry} entry @param {api.LogEntry | undefined} stored @returns {LogEvent} */
function eventOf({ chain, event }, stored) {
  const at = String(event['at'] ?? event['day'] ?? stored?.sealed?.['day'] ?? '');
  return { type: String(event['type']), at, chain, details: event };
}
