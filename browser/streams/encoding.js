/**
 * Bytes to text: UTF-8, or Windows-1252 when nothing in the file speaks against it. The same
 * judgement as blind/streams/encoding.py, over a file that is read a stretch at a time.
 */

import { FileRefused } from './errors.js';

/**
 * @typedef {{ size: number, read: (from: number, to: number) => Uint8Array }} Source
 *   a file of which any stretch can be read, as often as is needed
 * @typedef {{ encoding: string, pull: () => string | null }} Text `pull`: the next stretch, or null
 */

export const STRETCH_BYTES = 2 * 1024 * 1024;
const MAX_LINE_BYTES = 262144;
const HEAD_BYTES = 4096;
const STEP_BYTES = 8192;
const CHECKED = 'UTF-8';
const MARKED = 'UTF-8 with BOM';
const WINDOWS = 'Windows-1252';
const NEW_LINE = 0x0a;
const RETURN = 0x0d;
// What Windows-1252 has between 0x80 and 0x9f; 0 stands for nothing. (A TextDecoder would not tell.)
const UPPER = [
  0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d, 0,
  0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178,
];
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
// Signs that no name, street or note is written with: daggers, currencies of elsewhere, operators.
const IMPLAUSIBLE = new Set([0x86, 0x87, 0x88, 0x89, 0x8b, 0x98, 0x9b, 0xa2, 0xa4, 0xa5, 0xa6, 0xac,
  0xaf, 0xb1, 0xb6, 0xb8, 0xd7, 0xf7]);

/** A file that is in memory whole. @param {Uint8Array} data @returns {Source} */
export function inMemory(data) {
  return { size: data.length, read: (from, to) => data.subarray(from, to) };
}

/** Every stretch of a file. @param {Source} source @param {number} [start] @returns {Generator<Uint8Array>} */
function* stretches(source, start = 0) {
  for (let from = start; from < source.size; from += STRETCH_BYTES) {
    yield source.read(from, Math.min(source.size, from + STRETCH_BYTES));
  }
}

/**
 * The first line that is too long to be CSV. Throws FileRefused.
 * @param {Source} source
 */
export function refuseLongLine(source) {
  const found = { [NEW_LINE]: new LongLine(NEW_LINE), [RETURN]: new LongLine(RETURN) };
  for (const stretch of stretches(source)) {
    found[NEW_LINE]?.read(stretch);
    found[RETURN]?.read(stretch);
  }
  const judged = found[NEW_LINE]?.hasEnding ? found[NEW_LINE] : found[RETURN];
  const line = judged?.end();
  if (line) throw new FileRefused(`line ${line}: longer than ${MAX_LINE_BYTES} bytes; is it a CSV file?`);
}

/** Looks for a long line under one kind of line end. */
class LongLine {
  /** @param {number} ending */
  constructor(ending) {
    this.ending = ending;
    this.hasEnding = false;
    this.line = 1;
    this.length = 0;
    this.first = 0;
  }

  /** @param {Uint8Array} stretch */
  read(stretch) {
    for (let start = 0; !this.first;) {
      const found = stretch.indexOf(this.ending, start);
      this.length += (found < 0 ? stretch.length : found) - start;
      if (this.length > MAX_LINE_BYTES) this.first = this.line;
      this.hasEnding ||= found >= 0;
      if (found < 0) return;
      [start, this.length, this.line] = [found + 1, 0, this.line + 1];
    }
    this.hasEnding ||= stretch.includes(this.ending);
  }

  /** The number of the first line that is too long; 0 when there is none. */
  end() {
    return this.first;
  }
}

/**
 * The name of a file's encoding. Throws FileRefused.
 * @param {Source} source
 * @returns {string}
 */
export function judgeEncoding(source) {
  const head = source.read(0, Math.min(source.size, HEAD_BYTES));
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const end = head.indexOf(NEW_LINE);
  if (isWide || (end < 0 ? head : head.subarray(0, end)).includes(0)) {
    throw new FileRefused('file: UTF-16 or not text at all; save it as CSV in UTF-8');
  }
  const isMarked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if (isUtf8(source)) return isMarked ? MARKED : CHECKED;
  if (isMarked) throw new FileRefused('file: begins as UTF-8 but is not; save it as UTF-8');
  refuseNotWindows(source);
  return WINDOWS;
}

/** @param {Source} source */
function isUtf8(source) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for (const stretch of stretches(source)) decoder.decode(stretch, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** @param {Source} source */
function refuseNotWindows(source) {
  let isMixed = false;
  let isUndefined = false;
  let isImplausible = false;
  for (let from = 0; from < source.size; from += STRETCH_BYTES) {
    // Two bytes more, for a sequence that the stretch cuts in two.
    const stretch = source.read(from, Math.min(source.size, from + STRETCH_BYTES + 2));
    isMixed ||= hasUtf8Sequence(stretch);
    isUndefined ||= stretch.some((byte) => UNDEFINED.has(byte));
    isImplausible ||= stretch.some((byte) => IMPLAUSIBLE.has(byte));
  }
  if (isMixed) throw new FileRefused('file: mixes UTF-8 with another encoding; save it as UTF-8');
  if (isUndefined) throw new FileRefused('file: neither UTF-8 nor Windows-1252; save it as UTF-8');
  if (isImplausible) {
    throw new FileRefused('file: not UTF-8, and as Windows-1252 it holds signs no name has; save it as UTF-8');
  }
}

/** @param {Uint8Array} data */
function hasUtf8Sequence(data) {
  /** @param {number} place */
  const follows = (place) => ((data[place] ?? 0) & 0xc0) === 0x80;
  return data.some((byte, place) => {
    if (byte >= 0xc2 && byte <= 0xdf) return follows(place + 1);
    return byte >= 0xe0 && byte <= 0xef && follows(place + 1) && follows(place + 2);
  });
}

/**
 * The text of a file whose encoding was judged, without its BOM. `told` hears how many bytes were read.
 * @param {Source} source @param {string} encoding @param {(bytes: number) => void} told
 * @returns {Text}
 */
export function openText(source, encoding, told) {
  const start = encoding === MARKED ? 3 : 0;
  const rest = stretches(source, start);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let bytes = start;
  return {
    encoding,
    pull: () => {
      const { value, done } = rest.next();
      if (done) return null;
      bytes += value.length;
      told(bytes);
      return encoding === WINDOWS ? decodeWindows(value) : decoder.decode(value, { stream: true });
    },
  };
}

/** @param {Uint8Array} data */
function decodeWindows(data) {
  const codes = Uint16Array.from(data, (byte) => (byte >= 0x80 && byte < 0xa0 ? (UPPER[byte - 0x80] ?? 0) : byte));
  const parts = [];
  for (let start = 0; start < codes.length; start += STEP_BYTES) {
    parts.push(String.fromCharCode(...codes.subarray(start, start + STEP_BYTES)));
  }
  return parts.join('');
}
