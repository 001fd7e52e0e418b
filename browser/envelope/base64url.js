/** Base64url without padding (RFC 4648 section 5), strict: one text for one byte string. */

import { BadEncoding } from './errors.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const STEP = 0x8000; // String.fromCharCode takes its bytes as arguments: not too many at once

/** Text of the bytes, without padding. @param {Uint8Array} data */
export function encode(data) {
  let binary = '';
  for (let at = 0; at < data.length; at += STEP) {
    binary += String.fromCharCode(...data.subarray(at, at + STEP));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Bytes of the text; `place` names the field for the message. Throws BadEncoding on padding, other
 * alphabets, stray bits or anything that is not text.
 * @param {unknown} text
 * @param {string} place
 * @returns {Bytes}
 */
export function decode(text, place) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new BadEncoding(`${place}: not base64url without padding; copy it again, unchanged`);
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const data = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (encode(data) !== text) {
    throw new BadEncoding(`${place}: base64url with stray bits at the end; copy it again`);
  }
  return data;
}
