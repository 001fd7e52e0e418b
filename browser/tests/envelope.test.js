import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as code from '../envelope/code.js';
import { EVENT, ITEM, openSealed, seal } from '../envelope/item.js';
import * as jcs from '../envelope/jcs.js';
import * as keys from '../envelope/keys.js';
import { sealReturn } from '../envelope/returns.js';
import { S0, S1, S2, chooseSuite } from '../envelope/suites.js';
import * as vault from '../envelope/vault_keys.js';
import { can, hex, privateKey, refuses, signer, skipFor, vectors, verifyKey } from './vectors.mjs';

const utf8 = (text) => new TextEncoder().encode(text);
const header = { tenant: 'lindestad', mailbox: 'm'.repeat(43), seq: 1, day: '2026-11-05' };

for (const suite of ['s0', 's1', 's2']) {
  for (const { name, item, ...c } of vectors(`envelope/item_${suite}.json`).cases) {
    test(`vector item_${suite}: ${name} opens`, { skip: skipFor(suite) }, async () => {
      const how = { key: await privateKey(c.key), verifyKey: await verifyKey(c.verify) };
      assert.deepEqual(await openSealed(c.sealed, { ...how, protocol: c.protocol }), item);
    });
  }
}

for (const file of ['wrong_key', 'wrong_info', 'wrong_signature', 'truncated', 'tampered', 'unknown']) {
  for (const c of vectors(`envelope/${file}.json`).cases) {
    test(`vector ${file}: ${c.name} is refused`, { skip: skipFor(c.key.slice(0, 2)) }, async () => {
      const how = { key: await privateKey(c.key), verifyKey: await verifyKey(c.verify) };
      await refuses(() => openSealed(c.sealed, { ...how, protocol: c.protocol }), c.error);
    });
  }
}

test('vector jcs: every value is written as Python writes it', () => {
  for (const { value, canonical } of vectors('envelope/jcs.json').cases) {
    assert.equal(new TextDecoder().decode(jcs.canonical(value)), canonical);
    assert.deepEqual(jcs.parse(utf8(canonical), 'vector'), value);
  }
});

test('vector jcs: every other spelling is refused', async () => {
  for (const text of vectors('envelope/jcs.json').refused) {
    await refuses(async () => jcs.parse(utf8(text), 'vector'), 'NotCanonical');
  }
});

test('what JSON does not have cannot be canonical', async () => {
  const circle = [];
  circle.push(circle);
  const odd = [undefined, NaN, Infinity, 2 ** 53, '\ud800', { a: '\udc00' }, { '\ud800': 1 }, () => 1,
    Symbol('x'), 1n, new Date(0), new Map(), [undefined], new Array(2), circle];
  for (const value of odd) await refuses(async () => jcs.canonical(value), 'NotCanonical');
});

test('vector code: codes are made, read as typed, and give the same keys', async () => {
  const { cases, prf } = vectors('envelope/code.json');
  for (const c of cases) {
    assert.equal(await code.codeOf(hex(c.secret)), c.code);
    assert.deepEqual(await code.secretOf(c.typed), hex(c.secret));
    await gives(await code.kek(c.code), c.kek);
    await gives(await code.kek(c.code, 'letter'), c.letterKek);
  }
  await gives(await code.passkeyKek(hex(prf.output)), prf.kek);
  await gives(await code.passkeyKek(hex(prf.output).buffer), prf.kek);
  await refuses(() => code.passkeyKek(undefined), 'MalformedKey');
});

/** The key cannot be taken out, so that it is compared by what it encrypts. */
async function gives(key, expected) {
  assert.equal(key.extractable, false);
  const how = { name: 'AES-GCM', iv: new Uint8Array(12) };
  const other = await crypto.subtle.importKey('raw', hex(expected), 'AES-GCM', false, ['encrypt']);
  const [a, b] = await Promise.all([key, other].map((k) => crypto.subtle.encrypt(how, k, utf8('x'))));
  assert.deepEqual(new Uint8Array(a), new Uint8Array(b));
}

for (const { name, code: typed, error } of vectors('envelope/code.json').refused) {
  test(`vector code: ${name} is refused`, () => refuses(() => code.secretOf(typed), error));
}

test('a wrong character is named by its place', async () => {
  await assert.rejects(() => code.secretOf('ABCD-U'), { name: 'CodeCharacter', place: 5 });
});

test('a new code reads back', async () => {
  const made = await code.newCode();
  assert.match(made, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){6}$/);
  assert.equal(await code.codeOf(await code.secretOf(made)), made);
});

for (const c of vectors('envelope/wraps.json').cases) {
  test(`vector wraps: ${c.name} opens into keys that no script can take`, { skip: skipFor(c.name) }, async () => {
    const half = await vault.publicFromJson(c.vault);
    assert.deepEqual(vault.publicToJson(half), c.vault);
    const opened = await vault.unwrapVaultKeys(half, c.wrap, await code.kek(c.code), c);
    assert.equal(opened.signer.handle.extractable, false);
    for (const name of vault.COMPARTMENTS) {
      assert.equal(opened.compartments[name].handle.extractable, false);
      assert.equal(opened.compartments[name].kid, c.vault.compartments[name].kid);
    }
  });
}

for (const c of vectors('envelope/wraps.json').refused) {
  test(`vector wraps: ${c.name} is refused`, { skip: skipFor(c.vault.suite) }, async () => {
    const half = await vault.publicFromJson(c.vault);
    const kek = await code.kek(c.code);
    await refuses(() => vault.unwrapVaultKeys(half, c.wrap, kek, c), c.error);
  });
}

test('vector mailbox: HMAC of a labelled number under the tenant secret', async () => {
  const { secret, cases } = vectors('envelope/mailbox.json');
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', hex(secret), how, false, ['sign']);
  for (const { bsn, mailbox } of cases) {
    const digest = await crypto.subtle.sign('HMAC', key, utf8(`openregie/mailbox/v1\0${bsn}`));
    assert.equal(Buffer.from(digest).toString('base64url'), mailbox);
  }
});

for (const suite of [S0, S1, S2]) {
  test(`${suite.name}: sealed in the browser, opened in the browser`, { skip: skipFor(suite.name) }, async () => {
    const key = await keys.generatePrivateKey(suite);
    const by = await keys.generateSigner(suite.signature);
    const item = { title: 'Huurachterstand', amountCents: 81250 };
    for (const protocol of [ITEM, EVENT]) {
      const sealed = await seal(item, { header, to: key.public, signer: by, protocol });
      const how = { key, verifyKey: by.verifyKey, protocol };
      assert.deepEqual(await openSealed(sealed, how), item);
      assert.equal(sealed.bucket, 256);
    }
  });

  test(`${suite.name}: new keys wrapped, unwrapped and wrapped again`, { skip: skipFor(suite.name) }, async () => {
    const mailbox = header.mailbox;
    const made = await vault.generateVaultKeys(suite, { epoch: 2 });
    const [first, second] = [await code.kek(await code.newCode()), await code.deviceKek()];
    const wrap = await vault.wrapVaultKeys(made, first, { mailbox, wrapId: 'w1', kind: 'code' });
    const half = await vault.publicFromJson(vault.publicToJson(vault.publicOf(made)));
    const name = { mailbox, wrapId: 'w2', kind: 'device' };
    const added = await vault.addWrap(half, wrap, first, { kek: second, name });
    const opened = await vault.unwrapVaultKeys(half, added, second, { mailbox });
    const by = opened.signer;
    const sealed = await seal({ a: 1 }, { header, to: half.compartments.own, signer: by });
    const how = { key: opened.compartments.own, verifyKey: half.signing };
    assert.deepEqual(await openSealed(sealed, how), { a: 1 });
    await refuses(() => openSealed(sealed, { ...how, key: opened.compartments.money }), 'WrongKey');
    await refuses(() => vault.unwrapVaultKeys(half, added, first, { mailbox }), 'WrapBroken');
  });
}

test('an item that is too large is refused, with its size', async () => {
  const key = await privateKey('s1');
  const how = { header, to: key.public, signer: await signer('ed25519') };
  await refuses(() => seal({ text: 'x'.repeat(65536) }, how), 'ItemTooLarge');
});

test('a signer of another suite is refused', async () => {
  const key = await privateKey('s0');
  const how = { header, to: key.public, signer: await signer('ed25519') };
  await refuses(() => seal({}, how), 'UnknownSuite');
});

test('a return has the size of a bucket and tells nothing else', async () => {
  const run = await privateKey('s1');
  const how = { tenant: 'lindestad', stream: 'shown', mailbox: header.mailbox, to: run.public };
  const sealed = await sealReturn({ items: [] }, { ...how, signer: await signer('p256') });
  assert.deepEqual(Object.keys(sealed).sort(), ['blob', 'kid', 'mailbox', 'stream', 'suite', 'v']);
  assert.equal(Buffer.from(sealed.blob, 'base64url').length, 256 + S1.overheadBytes);
});

test('keys that are none are refused', async () => {
  await refuses(() => keys.publicKeyFromBytes(S1, new Uint8Array(31)), 'MalformedKey');
  await refuses(() => keys.publicKeyFromBytes(S0, new Uint8Array(65)), 'MalformedKey');
  await refuses(() => keys.publicKeyFromJson(S1, { kid: 1 }), 'MalformedKey');
  await refuses(() => keys.publicKeyFromJson(S1, {}), 'BadEncoding');
  await refuses(() => keys.verifyKeyFromText('p256', 'AAAA'), 'MalformedKey');
  const half = (await privateKey('s1')).public;
  await refuses(() => keys.privateKeyFromBytes(half, new Uint8Array(48)), 'MalformedKey');
});

test('a private key of another public key is refused', async () => {
  const [one, two] = await Promise.all(['s1', 's1-other'].map(privateKey));
  await refuses(() => keys.checked(keys.joined(S1, one.public, two.handle)), 'MalformedKey');
  const [a, b] = await Promise.all(['p256', 'p256-other'].map(signer));
  await refuses(() => keys.checkedSigner({ ...a, verifyKey: b.verifyKey }), 'MalformedKey');
});

test('a run key without a kid is named by its thumbprint', async () => {
  const { publicKey } = vectors('envelope/keys.json').recipients.s1;
  const key = await keys.publicKeyFromJson(S1, publicKey);
  assert.equal(key.kid, await keys.thumbprint(key.raw));
});

test('vault keys from JSON are checked', async () => {
  const [{ vault: told }] = vectors('envelope/wraps.json').cases;
  const { money, other, own } = told.compartments;
  const wrong = [
    [null, 'MalformedEnvelope'], [{}, 'MalformedEnvelope'], [{ ...told, epoch: 0 }, 'MalformedEnvelope'],
    [{ ...told, epoch: '1' }, 'MalformedEnvelope'], [{ ...told, suite: 's9' }, 'UnknownSuite'],
    [{ ...told, compartments: { money, other } }, 'MalformedEnvelope'],
    [{ ...told, compartments: { money, other, own: money } }, 'MalformedEnvelope'],
    [{ ...told, compartments: { money, other, own: { ...own, publicKey: 'AAAA' } } }, 'MalformedKey'],
    [{ ...told, signingKey: '!' }, 'BadEncoding'],
  ];
  for (const [value, error] of wrong) await refuses(() => vault.publicFromJson(value), error);
});

test('a phone without X25519 and Ed25519 gets suite s0, and all of it works', async () => {
  const real = { ...pick(crypto.subtle, 'generateKey', 'importKey') };
  const absent = (name) => (...args) => {
    const asked = [args[0], args[2]].map((a) => (typeof a === 'string' ? a : a?.name));
    if (asked.some((a) => a === 'X25519' || a === 'Ed25519' || a === 'ML-KEM-768')) {
      throw new DOMException('Unrecognized name.', 'NotSupportedError');
    }
    return real[name](...args);
  };
  for (const name of Object.keys(real)) crypto.subtle[name] = absent(name);
  try {
    assert.equal((await chooseSuite()).name, 's0');
    assert.equal((await chooseSuite({ postQuantum: true })).name, 's0');
    const made = await vault.generateVaultKeys(S0);
    const kek = await code.kek(await code.newCode());
    const name = { mailbox: header.mailbox, wrapId: 'w', kind: 'code' };
    const wrap = await vault.wrapVaultKeys(made, kek, name);
    const opened = await vault.unwrapVaultKeys(vault.publicOf(made), wrap, kek, name);
    for (const c of vectors('envelope/item_s0.json').cases) {
      const how = { key: await privateKey('s0'), verifyKey: await verifyKey('p256') };
      assert.deepEqual(await openSealed(c.sealed, { ...how, protocol: c.protocol }), c.item);
    }
    const run = await privateKey('s0');
    const where = { tenant: 'lindestad', stream: 'keys', mailbox: header.mailbox, to: run.public };
    assert.equal((await sealReturn({ a: 1 }, { ...where, signer: opened.signer })).suite, 's0');
  } finally {
    for (const name of Object.keys(real)) delete crypto.subtle[name];
  }
});

const pick = (from, ...names) => Object.fromEntries(names.map((n) => [n, from[n].bind(from)]));

test('this runtime gets the best suite it has', async () => {
  assert.equal((await chooseSuite()).name, can.s1 ? 's1' : 's0');
  assert.equal((await chooseSuite({ postQuantum: true })).name, can.s2 ? 's2' : can.s1 ? 's1' : 's0');
});
