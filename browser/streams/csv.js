/**
 * CSV with comma, semicolon or tab: one row never stops the others, however broken it is.
 * Reads as blind/streams/csv_file.py does: strict quotes, blank lines skipped, and a row whose
 * quotes do not match costs its first line alone.
 */

import { FileRefused } from './errors.js';

/**
 * @typedef {{ number: number, cells: string[] | null }} Row `cells` is null when quotes do not match
 * @typedef {{ delimiter: string, headers: string[], isBroken: boolean }} Header
 * @typedef {() => string | null} Pull the next stretch of the text, or null at its end
 */

const MAX_HEAD_CHARS = 262144;
const MAX_CELL_CHARS = 131072;
const MAX_UNQUOTED_ROWS = 1000;
const MAX_ROWS = 10_000_000;
const DELIMITERS = [',', ';', '\t'];
const OUTER_SPACES = /^[^\S\ufeff]+|[^\S\ufeff]+$/gu; // a second BOM is no space
const LINE = /[^\r\n]*(?:\r\n|\r|\n|$)/uy;

/**
 * Headers, and the delimiter under which most of them are declared; null when none is.
 * @param {string} head the beginning of the text @param {ReadonlySet<string>} declared
 * @returns {Header | null}
 */
export function readHeader(head, declared) {
  let best = null;
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const lines = new Lines(oneStretch(head.slice(0, MAX_HEAD_CHARS)));
    const { cells, isBroken } = readRecord(lines, delimiter, false);
    const headers = cells.map((cell) => cell.replace(OUTER_SPACES, ''));
    const found = new Set(headers.filter((header) => declared.has(header))).size;
    if (found > most) [most, best] = [found, { delimiter, headers, isBroken }];
  }
  return best;
}

/**
 * Every row after the header line, counted from 1. Throws FileRefused.
 * @param {Pull} pull @param {string} delimiter
 * @returns {Generator<Row>}
 */
export function* readRows(pull, delimiter) {
  const lines = new Lines(pull);
  readRecord(lines, delimiter, true);
  let broken = 0;
  for (let number = 0; ;) {
    lines.keep();
    const { cells, isBroken, isEnd } = readRecord(lines, delimiter, true);
    if (isEnd) return;
    if (!isBroken && !cells.length) continue;
    number += 1;
    if (number > MAX_ROWS) throw new FileRefused(`file: more than ${MAX_ROWS} rows; split it`);
    if (isBroken) {
      broken += 1;
      if (broken > MAX_UNQUOTED_ROWS) {
        throw new FileRefused(`file: quotes do not match in over ${MAX_UNQUOTED_ROWS} rows; export anew`);
      }
      lines.back();
      lines.next();
    }
    yield { number, cells: isBroken ? null : cells };
  }
}

/** A text that is there whole. @param {string} text @returns {Pull} */
export function oneStretch(text) {
  const rest = [text];
  return () => rest.pop() ?? null;
}

/** Lines of a text that comes in stretches; from where `keep` was called one can go back. */
class Lines {
  #text = '';
  #place = 0;
  #kept = 0;
  #isWhole = false;

  /** @param {Pull} pull */
  constructor(pull) {
    this.pull = pull;
  }

  /** The next line with its end, or null. @returns {string | null} */
  next() {
    for (;;) {
      LINE.lastIndex = this.#place;
      const line = LINE.exec(this.#text)?.[0] ?? '';
      // At the very end of what is there, the rest of the line, or of its end, may still come.
      if (this.#isWhole || this.#place + line.length < this.#text.length) {
        this.#place += line.length;
        return line || null;
      }
      this.#fill();
    }
  }

  /** Remember this place, and let go of all before it. */
  keep() {
    this.#kept = this.#place;
  }

  /** Go back to the place that was kept. */
  back() {
    this.#place = this.#kept;
  }

  #fill() {
    const more = this.pull();
    if (more === null) {
      this.#isWhole = true;
    } else {
      this.#text = this.#text.slice(this.#kept) + more;
      this.#place -= this.#kept;
      this.#kept = 0;
    }
  }
}

/**
 * One record, over as many lines as its quotes span. Strict: after a closing quote comes a
 * delimiter or the end, and a quote that opens also closes.
 * @param {Lines} lines @param {string} delimiter @param {boolean} isStrict
 */
function readRecord(lines, delimiter, isStrict) {
  /** @type {string[]} */
  const cells = [];
  const broken = { cells, isBroken: true, isEnd: false };
  let line = lines.next();
  if (line === null) return { cells, isBroken: false, isEnd: true };
  if (!withoutEnd(line)) return { cells, isBroken: false, isEnd: false };
  let isWrong = false;
  for (let place = 0; ;) {
    if (line[place] !== '"') {
      const end = plainEnd(line, place, delimiter);
      cells.push(line.slice(place, end));
      if (line[end] !== delimiter) return { cells, isBroken: isWrong, isEnd: false };
      place = end + 1;
      continue;
    }
    let cell = '';
    for (place += 1; ;) {
      const quote = line.indexOf('"', place);
      cell += line.slice(place, quote < 0 ? undefined : quote);
      if (cell.length > MAX_CELL_CHARS) return broken;
      if (quote < 0) {
        line = lines.next();
        if (line === null) return broken;
        place = 0;
      } else if (line[quote + 1] === '"') {
        cell += '"';
        place = quote + 2;
      } else {
        place = quote + 1;
        break;
      }
    }
    const end = plainEnd(line, place, delimiter);
    if (end > place) {
      if (isStrict) return broken;
      isWrong = true;
    }
    cells.push(cell + line.slice(place, end));
    if (line[end] !== delimiter) return { cells, isBroken: isWrong, isEnd: false };
    place = end + 1;
  }
}

/** @param {string} line */
const withoutEnd = (line) => line.replace(/[\r\n]+$/u, '');

/** Where a cell without quotes ends. @param {string} line @param {number} from @param {string} delimiter */
function plainEnd(line, from, delimiter) {
  const found = line.indexOf(delimiter, from);
  return found < 0 ? Math.max(from, withoutEnd(line).length) : found;
}
