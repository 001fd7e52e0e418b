/** What lies inside every seal: length, signature, canonical JSON, zero padding to a bucket. */

import { concat } from './bytes.js';
import { ItemTooLarge, Tampered } from './errors.js';
import { sign, verify } from './keys.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

/** Lengths in bytes of a padded plaintext: all that a stored blob tells about its content. */
export const BUCKETS = [256, 512, 1024, 2048, 4096, 8192, 16384, 65536];

const LENGTH_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + 64;

/** Smallest bucket that holds the content. Throws ItemTooLarge. @param {number} contentBytes */
export function bucketFor(contentBytes) {
  const bucket = BUCKETS.find((candidate) => contentBytes + HEAD_BYTES <= candidate);
  if (bucket === undefined) {
    throw new ItemTooLarge(
      `the content has ${contentBytes} bytes, at most ${65536 - HEAD_BYTES} fit; split it`,
    );
  }
  return bucket;
}

/**
 * Plaintext of exactly `length` bytes; the signature covers context and content.
 * @param {Bytes} content
 * @param {{ context: Bytes, signer: import('./keys.js').Signer, length: number }} how
 */
export async function pack(content, { context, signer, length }) {
  const plaintext = new Uint8Array(length);
  new DataView(plaintext.buffer).setUint32(0, content.length);
  plaintext.set(await sign(signer, concat(context, content)), LENGTH_BYTES);
  plaintext.set(content, HEAD_BYTES);
  return plaintext;
}

/**
 * Content whose length, padding and signature were all found right. Throws Tampered, WrongSignature.
 * @param {Bytes} plaintext
 * @param {{ context: Bytes, verifyKey: import('./keys.js').VerifyKey, place: string }} how
 */
export async function unpack(plaintext, { context, verifyKey, place }) {
  const isWhole = plaintext.length >= HEAD_BYTES;
  const length = isWhole ? new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(0) : 0;
  if (!isWhole || HEAD_BYTES + length > plaintext.length) {
    throw new Tampered(`${place}: the length inside exceeds the plaintext; fetch it again`);
  }
  if (plaintext.subarray(HEAD_BYTES + length).some((byte) => byte !== 0)) {
    throw new Tampered(`${place}: the padding is not zero; fetch it again`);
  }
  const content = plaintext.slice(HEAD_BYTES, HEAD_BYTES + length);
  await verify(verifyKey, concat(context, content), plaintext.slice(LENGTH_BYTES, HEAD_BYTES));
  return content;
}
