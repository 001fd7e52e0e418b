/**
 * Judge a supplier's file in the supplier's own browser: every mistake by row and column, before
 * anything leaves it. Says what `openregie deliver --check` says (blind/streams/checking.py).
 */

import { readCell } from './cells.js';
import { readHeader, readRows } from './csv.js';
import { judgeEncoding, openText, refuseLongLine } from './encoding.js';
import { FileRefused } from './errors.js';

/**
 * @typedef {import('./declaration.js').Declaration} Declaration
 * @typedef {import('./encoding.js').Source} Source
 * @typedef {import('./csv.js').Header} Header
 * @typedef {{ row: number, column: string | null, code: string, reason: string }} CellError
 *   `row` counts from 1 without the header line; `column` is null when the row fits no columns
 * @typedef {{ place: number, header: string }} Undeclared a column too much; `place` counts from 0
 * @typedef {{ encoding: string, delimiter: string, headers: string[], rows: number, rowsApart: number,
 *   reasons: string[], undeclared: Undeclared[], canLeaveOut: boolean, errors: CellError[],
 *   errorCount: number, counts: Record<string, number> }} CheckReport
 *   `reasons` refuse the file whole; then no row was looked at. `canLeaveOut`: the columns too much
 *   are all that refuses it. `errors` holds the first ones; `counts` counts all, by `column code`.
 * @typedef {{ leaveOut?: readonly number[], most?: number, progress?: (done: number, total: number) => void }} Options
 *   `leaveOut`: columns that will not be sent; `most`: how many errors are listed
 */

const MAX_COLUMNS = 200;
const MAX_SHAPELESS_ROWS = 100_000;
const SPACES = new Set([0x20, 0x09, 0x0d, 0x0a, 0xef, 0xbb, 0xbf]);
const OTHER_FORMATS = ['PK\x03\x04', 'PK\x05\x06', '\x1f\x8b', 'BZh', '\xfd7zXZ', '7z\xbc\xaf', 'Rar!', '\xd0\xcf\x11\xe0'];
const NOT_HERE = ['PAR1', '{', '[', 'age-encryption.org/v1', '-----BEGIN AGE'];

/**
 * What would become of a file that is delivered on this day (2026-11-05). Throws nothing of its own.
 * @param {Source} source @param {Declaration} declaration @param {string} deliveredOn
 * @param {Options} [options]
 * @returns {CheckReport}
 */
export function checkFile(source, declaration, deliveredOn, options = {}) {
  const report = emptyReport();
  const { leaveOut = [], progress = () => {} } = options;
  try {
    refuseOtherFormat(source);
    refuseLongLine(source);
    report.encoding = judgeEncoding(source);
    const text = openText(source, report.encoding, (bytes) => progress(bytes, source.size));
    const head = text.pull() ?? '';
    const header = judgeHeader(head, declaration, leaveOut, report);
    Object.assign(report, { delimiter: header.delimiter, headers: header.headers });
    checkRows(afterwards(head, text.pull), header, declaration, deliveredOn, { report, most: options.most ?? Infinity });
    return report;
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { undeclared } = report;
    const canLeaveOut = undeclared.length > 0 && error.reasons.length === undeclared.length;
    return { ...emptyReport(), reasons: error.reasons, undeclared, canLeaveOut };
  }
}

/** @returns {CheckReport} */
function emptyReport() {
  return {
    encoding: '', delimiter: '', headers: [], rows: 0, rowsApart: 0, reasons: [], undeclared: [],
    canLeaveOut: false, errors: [], errorCount: 0, counts: {},
  };
}

/** The stretch that was looked at already, then the rest. @param {string} head @param {() => string | null} pull */
export function afterwards(head, pull) {
  let isFirst = true;
  return () => {
    if (!isFirst) return pull();
    isFirst = false;
    return head;
  };
}

/** @param {Source} source */
function refuseOtherFormat(source) {
  const head = source.read(0, Math.min(source.size, 4096));
  if (source.size <= head.length && head.every((byte) => SPACES.has(byte))) {
    throw new FileRefused('file: empty; send a header line even when there are no rows');
  }
  const start = String.fromCharCode(...head.subarray(0, 32));
  if (OTHER_FORMATS.some((magic) => start.startsWith(magic))) {
    throw new FileRefused('file: an archive or a spreadsheet; send CSV in UTF-8, JSON Lines or Parquet');
  }
  const text = start.replace(/^(?:\u00ef\u00bb\u00bf)?[ \t\r\n]*/u, '');
  if (NOT_HERE.some((magic) => text.startsWith(magic))) {
    throw new FileRefused('file: not CSV; this page reads CSV alone, the command `openregie deliver` reads more');
  }
}

/**
 * @param {string} text @param {Declaration} declaration @param {readonly number[]} leaveOut
 * @param {CheckReport} report
 * @returns {Header}
 */
function judgeHeader(text, { stream, columns }, leaveOut, report) {
  const declared = new Set(columns.map((column) => column.header));
  const found = readHeader(text, declared);
  if (!found) {
    throw new FileRefused(`file: the first line has no header of stream \`${stream}\`; `
      + 'send CSV with a header line, JSON Lines or Parquet');
  }
  const { headers } = found;
  if (headers.length > MAX_COLUMNS) {
    throw new FileRefused(`file: has more than ${MAX_COLUMNS} columns; is it the right file?`);
  }
  const reasons = headers.flatMap((header, place) => {
    const first = headers.indexOf(header);
    if (!header) return [`column ${place + 1}: has no header; remove or name it`];
    if (first < place) return [`column ${place + 1}: same header as column ${first + 1}; remove one of them`];
    if (declared.has(header) || leaveOut.includes(place)) return [];
    report.undeclared.push({ place, header });
    return [`column ${place + 1}: not declared for stream \`${stream}\`, too much was sent; remove it`];
  });
  for (const { header, required } of columns) {
    if (required && !headers.includes(header)) reasons.push(`column \`${header}\`: required, but missing; add it`);
  }
  if (found.isBroken && !reasons.length) reasons.push('line 1: quotes of the headers do not match; export the file anew');
  if (reasons.length) throw new FileRefused(...reasons);
  return found;
}

/**
 * @param {() => string | null} pull @param {Header} header @param {Declaration} declaration
 * @param {string} deliveredOn @param {{ report: CheckReport, most: number }} into
 */
function checkRows(pull, { delimiter, headers }, { columns }, deliveredOn, { report, most }) {
  const places = columns.map((column) => headers.indexOf(column.header));
  /** @param {number} row @param {string | null} column @param {string} code @param {string} reason */
  const tell = (row, column, code, reason) => {
    report.errorCount += 1;
    const counted = `${column ?? ''} ${code}`;
    report.counts[counted] = (report.counts[counted] ?? 0) + 1;
    if (report.errors.length < most) report.errors.push({ row, column, code, reason });
  };
  let shapeless = 0;
  for (const { number, cells } of readRows(pull, delimiter)) {
    report.rows = number;
    const before = report.errorCount;
    shapeless += cells?.length === headers.length ? 0 : 1;
    if (shapeless > MAX_SHAPELESS_ROWS) {
      throw new FileRefused(`file: more than ${MAX_SHAPELESS_ROWS} rows fit no columns; export it anew`);
    }
    if (!cells) {
      tell(number, null, 'quotes', 'quotes do not match');
    } else if (cells.length !== headers.length) {
      tell(number, null, 'ragged', `has ${cells.length} cells where the header has ${headers.length}`);
    } else {
      columns.forEach((column, index) => {
        const place = places[index] ?? -1;
        const { code, reason } = readCell(column, place < 0 ? '' : (cells[place] ?? ''), deliveredOn);
        if (code !== null) tell(number, column.header, code, reason);
      });
    }
    report.rowsApart += report.errorCount > before ? 1 : 0;
  }
}
