/**
 * What goes back from a resident's browser to the run: sealed to the run, signed inside.
 * Source: docs/specs/envelope.md section 6.
 */

import * as base64url from './base64url.js';
import { concat, utf8 } from './bytes.js';
import { bucketFor, pack } from './frame.js';
import { canonical } from './jcs.js';

/**
 * @typedef {{ v: 1, stream: string, mailbox: string, suite: string, kid: string, blob: string }} SealedReturn
 */

const PROTOCOL = 'openregie/return/v1';

/**
 * A return as JSON; the log adds `log` later. `to` is the run's key, `signer` the resident's.
 * Throws NotCanonical, ItemTooLarge.
 * @param {Record<string, unknown>} payload
 * @param {{ tenant: string, stream: string, mailbox: string,
 *   to: import('./keys.js').PublicKey, signer: import('./keys.js').Signer }} how
 * @returns {Promise<SealedReturn>}
 */
export async function sealReturn(payload, { tenant, stream, mailbox, to, signer }) {
  const { suite, kid } = to;
  const content = canonical(payload);
  const info = canonical({ p: PROTOCOL, tenant, stream, mailbox, suite: suite.name, kid });
  const context = concat(utf8(`${PROTOCOL}\0`), info);
  const plaintext = await pack(content, { context, signer, length: bucketFor(content.length) });
  const { encapsulatedSecret, ciphertext } = await suite.hpke().Seal(to.handle, plaintext, { info });
  const blob = base64url.encode(concat(encapsulatedSecret, ciphertext));
  return { v: 1, stream, mailbox, suite: suite.name, kid, blob };
}
