/**
 * Check proofs, and read one from text. Source: RFC 9162 section 2.1; C2SP tlog-proof.
 * See docs/specs/log.md sections 3 and 5.
 */

import { same } from '../envelope/bytes.js';
import * as base64 from './base64.js';
import { MalformedProof, ProofBroken } from './errors.js';
import { HASH_BYTES, emptyRoot, nodeHash } from './tree.js';

/**
 * @typedef {import('../envelope/bytes.js').Bytes} Bytes
 * @typedef {{ index: number, hashes: Bytes[], checkpoint: string, extra: Bytes | null }} TlogProof
 */

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 64;

/** @param {number} position */
const isOdd = (position) => position % 2 === 1;
/** @param {number} position */
const half = (position) => Math.floor(position / 2);

/**
 * Root to which the proof leads from this leaf hash. Source: RFC 9162 2.1.3.2. Throws ProofBroken
 * when the proof's length does not fit index and size.
 * @param {Bytes} leaf
 * @param {{ index: number, size: number, proof: Bytes[] }} where
 */
export async function rootOfInclusion(leaf, { index, size, proof }) {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size)) {
    throw new ProofBroken('inclusion: the index lies outside the tree');
  }
  let [position, last, value] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) throw new ProofBroken('inclusion: the proof is longer than the tree is high');
    if (isOdd(position) || position === last) {
      value = await nodeHash(sibling, value);
      while (!isOdd(position) && position) [position, last] = [half(position), half(last)];
    } else {
      value = await nodeHash(value, sibling);
    }
    [position, last] = [half(position), half(last)];
  }
  if (last) throw new ProofBroken('inclusion: the proof is shorter than the tree is high');
  return value;
}

/**
 * Return only if the leaf hash is in the tree at this index. Throws ProofBroken.
 * @param {Bytes} leaf
 * @param {{ index: number, size: number, proof: Bytes[], root: Bytes }} where
 */
export async function verifyInclusion(leaf, { index, size, proof, root }) {
  if (!same(await rootOfInclusion(leaf, { index, size, proof }), root)) {
    throw new ProofBroken(
      'inclusion: the leaf, the proof or the checkpoint was changed, or they do not belong together',
    );
  }
}

/**
 * Return only if the new tree begins with the old one. Source: RFC 9162 2.1.4.2. Throws ProofBroken.
 * @param {{ oldSize: number, oldRoot: Bytes, size: number, root: Bytes, proof: Bytes[] }} trees
 */
export async function verifyConsistency({ oldSize, oldRoot, size, root, proof }) {
  if (!(Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= size)) {
    throw new ProofBroken('consistency: the new tree is smaller than the old one');
  }
  if (oldSize === 0 || oldSize === size) {
    const known = oldSize === 0 ? await emptyRoot() : root;
    if (proof.length || !same(oldRoot, known)) {
      throw new ProofBroken('consistency: same size, another root');
    }
    return;
  }
  // The old tree is complete: its root starts the path.
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : proof;
  const roots = await rootsOfConsistency(path, oldSize, size);
  if (!same(roots.old, oldRoot) || !same(roots.now, root)) {
    throw new ProofBroken('consistency: the history was edited, or the proof belongs elsewhere');
  }
}

/** @param {Bytes[]} path @param {number} oldSize @param {number} size */
async function rootsOfConsistency([first, ...rest], oldSize, size) {
  if (first === undefined) throw new ProofBroken('consistency: the proof is empty');
  let [oldPosition, position] = [oldSize - 1, size - 1];
  while (isOdd(oldPosition)) [oldPosition, position] = [half(oldPosition), half(position)];
  let [old, now] = [first, first];
  for (const sibling of rest) {
    if (position === 0) throw new ProofBroken('consistency: the proof is longer than the tree is high');
    if (isOdd(oldPosition) || oldPosition === position) {
      [old, now] = await Promise.all([nodeHash(sibling, old), nodeHash(sibling, now)]);
      while (!isOdd(oldPosition) && oldPosition) {
        [oldPosition, position] = [half(oldPosition), half(position)];
      }
    } else {
      now = await nodeHash(now, sibling);
    }
    [oldPosition, position] = [half(oldPosition), half(position)];
  }
  if (position) throw new ProofBroken('consistency: the proof is shorter than the tree is high');
  return { old, now };
}

/**
 * Proof from its text; the checkpoint is kept as it is, still to be verified. Throws MalformedProof.
 * @param {string} text
 * @returns {TlogProof}
 */
export function proofFromText(text) {
  const cut = text.indexOf('\n\n');
  const [header, ...rest] = text.slice(0, Math.max(cut, 0)).split('\n');
  if (cut < 0 || header !== HEADER) {
    throw new MalformedProof('proof: does not begin as a tlog-proof of version 1');
  }
  const extra = rest[0]?.startsWith('extra ') ? bytesOf(rest.shift()?.slice(6), 'extra') : null;
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(rest.shift() ?? '')?.[1];
  if (index === undefined) {
    throw new MalformedProof('proof, line `index`: missing or not a whole number');
  }
  const hashes = rest.map((line) => bytesOf(line, 'hash'));
  if (hashes.length > MAX_HASHES || hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw new MalformedProof('proof: too many hashes, or one that does not have 32 bytes');
  }
  return { index: Number(index), hashes, checkpoint: text.slice(cut + 2), extra };
}

/** @param {string | undefined} text @param {string} place */
function bytesOf(text, place) {
  const data = base64.decode(text ?? '=');
  if (data === null) throw new MalformedProof(`proof, line \`${place}\`: not base64`);
  return data;
}
