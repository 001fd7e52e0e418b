/** Canonical JSON (RFC 8785): what is signed or bound is one byte string in every language. */

import { same, utf8 } from './bytes.js';
import { NotCanonical } from './errors.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */

const MAX_DEPTH = 200;
const REMEDY =
  'use text, whole numbers up to 2^53-1, true, false, null, lists and objects';

/**
 * Canonical JSON of plain values. Throws NotCanonical for anything else, for whole numbers beyond
 * 2^53-1, for NaN and infinities, and for lone surrogates.
 * @param {unknown} value
 * @returns {Bytes}
 */
export const canonical = (value) => utf8(written(value, 0));

/**
 * Value of canonical JSON bytes; refuses every other spelling of the same value, so that a
 * signature over the bytes is a signature over one value. Throws NotCanonical.
 * @param {Uint8Array} data
 * @param {string} place
 * @returns {unknown}
 */
export function parse(data, place) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data));
  } catch (cause) {
    throw new NotCanonical(`${place}: not JSON`, { cause });
  }
  if (!same(canonical(value), data)) {
    throw new NotCanonical(`${place}: JSON, but not in canonical form`);
  }
  return value;
}

/** @param {unknown} value @param {number} depth @returns {string} */
function written(value, depth) {
  if (depth > MAX_DEPTH) throw refusal('lists and objects lie too deep in each other');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) {
    return `[${Array.from(value, (member) => written(member, depth + 1)).join(',')}]`;
  }
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value);
    // The default order of a sort is by UTF-16 code units: what RFC 8785 section 3.2.3 asks.
    const names = members.map(([name]) => name).sort();
    const by = new Map(members);
    return `{${names.map((name) => `${text(name)}:${written(by.get(name), depth + 1)}`).join(',')}}`;
  }
  throw refusal('a value is of a kind that JSON does not have');
}

/** @param {object} value */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** @param {string} value */
function text(value) {
  if (/\p{Surrogate}/u.test(value)) throw refusal('a text has half a character');
  return JSON.stringify(value);
}

/** @param {number} value */
function number(value) {
  if (!Number.isFinite(value)) throw refusal('a number is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw refusal('a whole number lies beyond 2^53-1');
  }
  return JSON.stringify(value); // RFC 8785 section 3.2.2.3 takes the form of ECMAScript
}

/** @param {string} what */
const refusal = (what) => new NotCanonical(`canonical JSON: ${what}; ${REMEDY}`);
