/**
 * Write vectors/envelope/browser.json: what a browser seals, for Python to open. Run it once after
 * `unit.envelope.make_vectors`, on a runtime that has every suite (Node 24 or later).
 */

import { writeFileSync } from 'node:fs';

import * as base64url from '../envelope/base64url.js';
import * as code from '../envelope/code.js';
import { seal } from '../envelope/item.js';
import { generateSigner, signerToBytes, privateKeyToBytes } from '../envelope/keys.js';
import { sealReturn } from '../envelope/returns.js';
import { S0, S1, S2 } from '../envelope/suites.js';
import * as vault from '../envelope/vault_keys.js';
import { can, privateKey, signer } from './vectors.mjs';

const mailbox = 'mailbox-of-the-vectors-000000000000000000-x';
const header = { tenant: 'lindestad', mailbox, seq: 9, day: '2026-11-05' };
const item = { title: 'Ruzie over de hoogte: é €', n: 1.5, list: [null, true, -0.25] };
const secret = Uint8Array.from({ length: 16 }, (_, at) => at);

if (!can.s2) throw new Error('this runtime lacks suite s2; use Node 24 or later');

const made = { v: 1, about: 'Sealed by JavaScript; Python opens it.', items: [], vaults: [], returns: [] };
for (const suite of [S0, S1, S2]) {
  const key = await privateKey(suite.name);
  const by = await signer(suite.signature);
  const sealed = await seal(item, { header, to: key.public, signer: by });
  made.items.push({ key: suite.name, verify: suite.signature, sealed, item });

  const keys = await vault.generateVaultKeys(suite, { epoch: 2 });
  const printed = await code.codeOf(secret);
  const name = { mailbox, wrapId: 'w-js', kind: 'code', params: { label: 'papier' } };
  made.vaults.push({
    suite: suite.name,
    mailbox,
    code: printed,
    vault: vault.publicToJson(vault.publicOf(keys)),
    wrap: await vault.wrapVaultKeys(keys, await code.kek(printed), name),
    encoded: {
      money: base64url.encode(await privateKeyToBytes(keys.compartments.money)),
      signing: base64url.encode(await signerToBytes(keys.signer)),
    },
  });

  for (const run of ['s0', 's1']) {
    const what = { mailbox, action: 'enrol', at: '2026-11-05', subjectCheck: { birthYear: 1984, initials: 'A.B.' } };
    const payload = vault.keysPayload(vault.publicOf(keys), what);
    const to = (await privateKey(run)).public;
    const how = { tenant: 'lindestad', stream: 'keys', mailbox, to, signer: keys.signer };
    made.returns.push({ key: run, tenant: 'lindestad', payload, sealed: await sealReturn(payload, how) });
  }
}
const stranger = await generateSigner('ed25519');
const forged = { header, to: (await privateKey('s1')).public, signer: stranger };
made.forged = { key: 's1', verify: 'ed25519', sealed: await seal(item, forged) };

const file = new URL('../../vectors/envelope/browser.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(made, null, 1)}\n`);
