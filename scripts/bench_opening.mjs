/**
 * Measured inside Chromium by `openregie bench --only browser`: the product's own modules open,
 * seal again and prove, each in turns with a bare WebCrypto loop that does the same primitives.
 */

import { openSealed, seal } from '/static/envelope/item.js';
import { generatePrivateKey, generateSigner, newKid } from '/static/envelope/keys.js';
import { capabilities, suiteNamed } from '/static/envelope/suites.js';
import { verifyInclusion } from '/static/logbook/proof.js';

const { subtle } = crypto;
const HEADER = { tenant: 'lindestad', mailbox: 'A'.repeat(43), day: '2026-11-01' };
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** What this browser can do. */
export const able = () => capabilities();

async function perSecond(work, amount) {
  const started = performance.now();
  await work();
  return (amount * 1000) / (performance.now() - started);
}

/** Ours and others by turns, after one round that counts for nothing. */
async function inTurns(works, amount, runs) {
  const told = works.map(() => []);
  for (let turn = 0; turn <= runs; turn++) {
    for (const [at, work] of works.entries()) {
      const found = await perSecond(work, amount);
      if (turn) told[at].push(found);
    }
  }
  return told;
}

/** Opening and sealing of these items in one suite: arrays of runs, per second. */
export async function measure({ name, items, runs, again }) {
  const suite = suiteNamed(name);
  const key = await generatePrivateKey(suite, { kid: newKid() });
  const signer = await generateSigner(suite.signature);
  const sealed = [];
  for (const [at, item] of items.entries()) {
    sealed.push(await seal(item, { header: { ...HEADER, seq: at + 1 }, to: key.public, signer }));
  }
  const how = { key, verifyKey: signer.verifyKey };
  const ours = async () => {
    for (const one of sealed) await openSealed(one, how);
  };
  const bare = suite.algorithm ? await bareLoops(suite, sealed[0].bucket, items.length, signer) : [];
  const open = await inTurns([ours, ...bare], items.length, runs);
  const resealed = items.slice(0, again);
  const reseal = async () => {
    for (const [at, item] of resealed.entries()) {
      await seal(item, { header: { ...HEADER, seq: at + 1 }, to: key.public, signer });
    }
  };
  return { open, reseal: await inTurns([reseal], again, runs), bucket: sealed[0].bucket };
}

/** The least that opening could take: agree, derive, decrypt; and that with the signature. */
async function bareLoops(suite, bucket, amount, signer) {
  const own = await subtle.generateKey(suite.algorithm, false, ['deriveBits']);
  const signing = signer.algorithm === 'p256' ? { name: 'ECDSA', hash: 'SHA-256' } : 'Ed25519';
  const blobs = [];
  for (let at = 0; at < amount; at++) {
    const once = await subtle.generateKey(suite.algorithm, true, ['deriveBits']);
    const secret = await agreed(suite, once.privateKey, own.publicKey);
    const text = crypto.getRandomValues(new Uint8Array(bucket));
    const closed = await subtle.encrypt(secret.aes, secret.key, text);
    const signature = await subtle.sign(signing, signer.handle, text);
    blobs.push({ enc: await subtle.exportKey('raw', once.publicKey), closed, signature });
  }
  const open = async ({ enc, closed }) => {
    const their = await subtle.importKey('raw', enc, suite.algorithm, true, []);
    const { aes, key } = await agreed(suite, own.privateKey, their);
    return subtle.decrypt(aes, key, closed);
  };
  const verify = (blob, text) =>
    subtle.verify(signing, signer.verifyKey.handle, blob.signature, text);
  return [
    async () => {
      for (const blob of blobs) await open(blob);
    },
    async () => {
      for (const blob of blobs) await verify(blob, await open(blob));
    },
  ];
}

async function agreed(suite, privateKey, publicKey) {
  const shared = await subtle.deriveBits({ ...suite.algorithm, public: publicKey }, privateKey, 256);
  const source = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  const none = new Uint8Array(0);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: none, info: none };
  const bits = new Uint8Array(await subtle.deriveBits(how, source, 44 * 8));
  const key = await subtle.importKey('raw', bits.subarray(0, 32), 'AES-GCM', false, [
    'encrypt', 'decrypt',
  ]);
  return { aes: { name: 'AES-GCM', iv: bits.subarray(32) }, key };
}

/** Inclusion proofs checked per second, beside as many bare SHA-256 digests as they need. */
export async function prove({ proofs, size, root, runs }) {
  const rootBytes = bytes(root);
  const read = proofs.map(({ index, leaf, path }) => ({
    index, leaf: bytes(leaf), proof: path.map(bytes),
  }));
  const ours = async () => {
    for (const { index, leaf, proof } of read) {
      await verifyInclusion(leaf, { index, size, proof, root: rootBytes });
    }
  };
  const two = new Uint8Array(65);
  const bare = async () => {
    for (const { proof } of read) {
      for (let at = 0; at < proof.length; at++) await subtle.digest('SHA-256', two);
    }
  };
  return inTurns([ours, bare], read.length, runs);
}
