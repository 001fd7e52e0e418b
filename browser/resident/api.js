/** Talks to the data origin. Everything that matters travels sealed; this only carries it. */

import { CONFIG, address } from '../parts/page.js';

/** The server answered, but not with what was asked. */
export class Refused extends Error {
  /** @param {number} status @param {string} title */
  constructor(status, title) {
    super(title);
    this.status = status;
  }
}

/** There was no answer at all. */
export class Unreachable extends Error {}

/**
 * @typedef {{ state: 'anonymous' } | { state: 'known', mailbox: string, tenant: string,
 *   levelOfAssurance: string, enrolled: boolean, epoch: number | null, fresh?: boolean, expiresAt: string }} Session
 * @typedef {{ kid: string, publicKey: string }} PublicHalf
 * @typedef {{ wrapId: string, kind: string, params: Record<string, unknown>, blobs: Record<string, string> }} Wrap
 * @typedef {{ epoch: number, suite: string, compartments: Record<string, PublicHalf>, signingKey: string,
 *   wraps: Wrap[] }} Vault
 * @typedef {{ tenant: string, tenantName: string, run: { suite: string, kem: Record<string, string>,
 *   kids?: Record<string, string>, verify: { ed25519: string, p256: string } },
 *   log: { origin: string, key: string, p256?: string, verifier?: string } }} PublicKeys
 * @typedef {Record<string, unknown>} Sealed
 * @typedef {{ chain: string, seq: number, index: number | null, type?: string, commit: string, sealed: Sealed | null,
 *   proof?: unknown }} LogEntry
 * @typedef {{ state: 'idle' | 'waiting' | 'running' | 'done', stop?: string, done?: number, total?: number,
 *   finishedAt?: string | null }} Run
 */

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown, keepalive?: boolean }} [options]
 * @returns {Promise<any>}
 */
async function call(path, { method = 'GET', body, keepalive = false } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Openregie'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(`${CONFIG.dataOrigin}${path}`, {
      method,
      headers,
      keepalive,
      credentials: 'include',
      cache: 'no-store',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Unreachable('no answer');
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, String(problem.title ?? response.statusText));
  }
  return response.status === 204 ? null : response.json().catch(() => null);
}

/** @returns {Promise<Session>} */
export const session = () => call('/v1/session');
/** @returns {Promise<PublicKeys>} */
export const publicKeys = () => call('/v1/public-keys');
/** @returns {Promise<Vault>} */
export const vault = () => call('/v1/vault');
/** @param {unknown} enrolment */
export const enrol = (enrolment) => call('/v1/enrolments', { method: 'POST', body: enrolment });
/** @param {Wrap} wrap */
export const addWrap = (wrap) => call('/v1/vault/wraps', { method: 'POST', body: wrap });
/** @param {string} wrapId */
export const removeWrap = (wrapId) =>
  call(`/v1/vault/wraps/${encodeURIComponent(wrapId)}`, { method: 'DELETE' });
/** @param {Sealed} sealed */
export const sendReturn = (sealed) => call('/v1/returns', { method: 'POST', body: sealed });
/** @param {Sealed} sealed */
export const withdraw = (sealed) => call('/v1/withdrawals', { method: 'POST', body: { return: sealed } });
/** @returns {Promise<Run>} */
export const latestRun = () => call('/v1/runs/latest');
/** Ends the session; never waits. */
export const logout = () => call('/uitloggen', { method: 'POST', keepalive: true }).catch(() => null);

/** Every sealed item of this mailbox, page by page. @returns {Promise<Sealed[]>} */
export async function items() {
  /** @type {Sealed[]} */
  const all = [];
  let after = 0;
  for (;;) {
    const page = await call(`/v1/items?after=${after}`);
    all.push(...page.items);
    if (page.next === null || page.next === undefined) return all;
    after = page.next;
  }
}

/** @returns {Promise<{ entries: LogEntry[], checkpoint: string | null }>} */
export const logEntries = () => call('/v1/log-entries');

/** Where to log in, and come back to. @param {string} path */
export function loginAddress(path) {
  const next = new URLSearchParams({ next: address(path), taal: CONFIG.language });
  return `${CONFIG.dataOrigin}/inloggen?${next}`;
}
