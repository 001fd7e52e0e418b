/** The hashes of the Merkle tree of RFC 9162 section 2.1. Source: docs/specs/log.md section 3. */

import { concat, sha256 } from '../envelope/bytes.js';

/** @typedef {import('../envelope/bytes.js').Bytes} Bytes */

export const HASH_BYTES = 32;

/** Hash of a leaf: SHA-256(0x00 || data). @param {Bytes} data */
export const leafHash = (data) => sha256(concat(Uint8Array.of(0), data));

/** Hash of two subtrees: SHA-256(0x01 || left || right). @param {Bytes} left @param {Bytes} right */
export const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

/** Root of a tree without leaves: the hash of nothing. */
export const emptyRoot = () => sha256(new Uint8Array());

/** Root of these leaf hashes. @param {Bytes[]} leaves @returns {Promise<Bytes>} */
export async function rootOf(leaves) {
  const [first] = leaves;
  if (first === undefined) return emptyRoot();
  if (leaves.length === 1) return first;
  const cut = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  const [left, right] = await Promise.all([rootOf(leaves.slice(0, cut)), rootOf(leaves.slice(cut))]);
  return nodeHash(left, right);
}
