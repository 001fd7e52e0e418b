import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toHex } from '../envelope/bytes.js';
import { noteFrom, verifierFromText, verifyCheckpoint, verifyExtends } from '../logbook/checkpoint.js';
import * as entry from '../logbook/entry.js';
import { proofFromText, verifyConsistency, verifyInclusion } from '../logbook/proof.js';
import { leafHash, rootOf } from '../logbook/tree.js';
import { hex, refuses, vectors } from './vectors.mjs';

const tree = vectors('logbook/tree.json');
const leaves = await Promise.all(tree.leaves.map((leaf) => leafHash(hex(leaf))));
const roots = tree.roots.map(hex);
const flipped = (bytes) => Uint8Array.from(bytes, (byte, at) => (at ? byte : byte ^ 1));

test('vector tree: every root is the known root', async () => {
  for (const [size, root] of roots.entries()) {
    assert.equal(toHex(await rootOf(leaves.slice(0, size))), toHex(root));
  }
});

test('vector tree: every inclusion proof verifies, and no changed one does', async () => {
  for (const { index, size, proof } of tree.inclusion) {
    const where = { index, size, proof: proof.map(hex), root: roots[size] };
    await verifyInclusion(leaves[index], where);
    const wrong = [
      [flipped(leaves[index]), where],
      [leaves[index], { ...where, index: index + 1 }],
      [leaves[index], { ...where, root: flipped(where.root) }],
      [leaves[index], { ...where, proof: [...where.proof, where.root] }],
      ...(proof.length ? [[leaves[index], { ...where, proof: where.proof.slice(1) }]] : []),
    ];
    for (const [leaf, bad] of wrong) await refuses(() => verifyInclusion(leaf, bad), 'ProofBroken');
  }
});

test('vector tree: every consistency proof verifies, and no changed one does', async () => {
  for (const { oldSize, size, proof } of tree.consistency) {
    const trees = { oldSize, oldRoot: roots[oldSize], size, root: roots[size], proof: proof.map(hex) };
    await verifyConsistency(trees);
    const wrong = [
      { ...trees, oldRoot: flipped(trees.oldRoot) },
      { ...trees, proof: [...trees.proof, trees.root] },
      { ...trees, oldSize: size + 1 },
      ...(oldSize ? [{ ...trees, root: flipped(trees.root) }] : []),
      ...(proof.length ? [{ ...trees, proof: trees.proof.slice(1) }] : []),
    ];
    for (const bad of wrong) await refuses(() => verifyConsistency(bad), 'ProofBroken');
  }
});

const told = vectors('logbook/entry.json');

test('vector entry: commitment, leaf and chain verify', async () => {
  for (const c of told.cases) {
    const opened = entry.openedFrom(c.opened);
    await entry.verifyCommit(opened, c.commit);
    const leaf = { type: opened.entry.event.type, commit: c.commit };
    assert.equal(new TextDecoder().decode(entry.leafData(leaf)), c.leafData);
    assert.equal(toHex(await entry.leafOf(leaf)), c.leafHash);
  }
  const chain = told.cases.map((c) => c.opened);
  const head = await entry.verifyChain(chain, told);
  assert.deepEqual(head, { seq: 3, commit: told.cases[2].commit });
  const first = { seq: 1, commit: told.cases[0].commit };
  assert.deepEqual(await entry.verifyChain(chain.slice(1), { ...told, after: first }), head);
});

test('vector entry: a gap, a repetition, a swap or a stranger breaks the chain', async () => {
  for (const order of told.brokenChains) {
    const chain = order.map((at) => told.cases[at].opened);
    await refuses(() => entry.verifyChain(chain, told), 'ChainBroken');
  }
  const chain = told.cases.map((c) => c.opened);
  await refuses(() => entry.verifyChain(chain, { ...told, mailbox: 'other' }), 'ChainBroken');
  const edited = structuredClone(chain);
  edited[0].entry.event.day = '2026-12-01';
  await refuses(() => entry.verifyChain(edited, told), 'ChainBroken');
  await refuses(() => entry.verifyCommit(edited[0], told.cases[0].commit), 'CommitmentBroken');
});

test('an entry that is none is refused', async () => {
  const { opened } = told.cases[1];
  const change = (fields) => ({ ...opened, entry: { ...opened.entry, ...fields } });
  const wrong = [null, {}, { ...opened, salt: 'zz' }, change({ chain: 'other' }), change({ seq: 0 }),
    change({ seq: '2' }), change({ prev: null }), change({ event: { v: 2, type: 'a.b' } }),
    change({ event: { v: 1, type: 'A' } }), change({ mailbox: undefined })];
  for (const value of wrong) await refuses(async () => entry.openedFrom(value), 'MalformedEntry');
  await refuses(async () => entry.leafData({ type: 'a', commit: '' }), 'MalformedEntry');
});

const log = vectors('logbook/checkpoint.json');

test('vector checkpoint: signed heads verify, and each continues the one before', async () => {
  const verifier = await verifierFromText(log.vkey);
  for (const { size, root, text } of log.cases) {
    const checkpoint = await verifyCheckpoint(text, verifier);
    assert.equal(checkpoint.size, size);
    assert.equal(toHex(checkpoint.root), root);
  }
});

for (const { name, text, error } of log.refused) {
  test(`vector checkpoint: ${name} is refused`, async () => {
    const verifier = await verifierFromText(log.vkey);
    await refuses(() => verifyCheckpoint(text, verifier), error);
  });
}

test('a log that rolls back or edits its history is found out', async () => {
  const at = (size, root = roots[size]) => ({ origin: 'a', size, root, extensions: [] });
  const { proof } = tree.consistency.find((c) => c.oldSize === 3 && c.size === 7);
  await verifyExtends(at(3), at(7), proof.map(hex));
  await refuses(() => verifyExtends(at(7), at(3), []), 'Rollback');
  await refuses(() => verifyExtends(at(3), at(7, roots[8]), proof.map(hex)), 'HistoryEdited');
  await refuses(() => verifyExtends(at(3), { ...at(7), origin: 'b' }, []), 'HistoryEdited');
});

test('a device without Ed25519 says that it cannot check', async () => {
  const real = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (...args) => {
    if (args[2]?.name === 'Ed25519') throw new DOMException('Unrecognized name.', 'NotSupportedError');
    return real(...args);
  };
  try {
    const verifier = await verifierFromText(log.vkey);
    await refuses(() => verifyCheckpoint(log.cases[0].text, verifier), 'CannotCheck');
  } finally {
    delete crypto.subtle.importKey;
  }
});

test('a note key that was copied wrongly is refused', async () => {
  for (const text of ['', 'a+b', log.vkey.slice(0, -4), log.vkey.replace('lindestad', 'other')]) {
    await refuses(() => verifierFromText(text), 'MalformedCheckpoint');
  }
});

const proofs = vectors('logbook/proof.json');

/** The whole offline check: text, checkpoint, inclusion. */
async function check(text, leaf) {
  const proof = proofFromText(text);
  const { size, root } = await verifyCheckpoint(proof.checkpoint, await verifierFromText(proofs.vkey));
  await verifyInclusion(leaf, { index: proof.index, size, proof: proof.hashes, root });
  return proof;
}

test('vector proof: a proof text stands alone', async () => {
  for (const c of proofs.cases) {
    const proof = await check(c.text, hex(c.leafHash));
    assert.equal(proof.index, c.index);
    assert.deepEqual(proof.extra, c.extra === null ? null : hex(c.extra));
    assert.equal(noteFrom(proof.checkpoint).signatures.length, 1);
  }
});

for (const { name, text, error } of proofs.refused) {
  test(`vector proof: ${name} is refused`, async () => {
    await refuses(() => check(text, hex(proofs.cases[0].leafHash)), error);
  });
}
