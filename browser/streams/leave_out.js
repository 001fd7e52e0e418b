/**
 * The same file without the columns that may not be sent, made in the browser. A row that fits no
 * columns cannot lose one, so it stays behind; the caller says how many, and asks first.
 */

import { readRows } from './csv.js';
import { openText } from './encoding.js';

/**
 * Stretches of CSV in UTF-8, with the delimiter that the file had.
 * @param {import('./encoding.js').Source} source @param {import('./check.js').CheckReport} report
 * @param {readonly number[]} leaveOut places of columns, from 0
 * @returns {Generator<string>}
 */
export function* withoutColumns(source, { encoding, delimiter, headers }, leaveOut) {
  const kept = headers.map((_, place) => place).filter((place) => !leaveOut.includes(place));
  /** @param {readonly string[]} cells */
  const line = (cells) => `${kept.map((place) => written(cells[place] ?? '', delimiter)).join(delimiter)}\n`;
  let lines = [line(headers)];
  for (const { cells } of readRows(openText(source, encoding, () => {}).pull, delimiter)) {
    if (cells?.length === headers.length) lines.push(line(cells));
    if (lines.length < 10_000) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

/** A cell as CSV has it. @param {string} cell @param {string} delimiter */
function written(cell, delimiter) {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]/u.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
