/**
 * What a cell means: one rule per column type, from text to typed values or a reason. The same
 * rules as blind/streams/cells.py; vectors/streams/cells.json holds both to it.
 */

/**
 * @typedef {import('./declaration.js').Column} Column
 * @typedef {string | number | boolean | null} Value dates as 2026-11-05, amounts in cents
 * @typedef {{ values: Record<string, Value>, code: null, reason: null }
 *   | { values: null, code: string, reason: string }} Cell
 *   `code` names the rule that does not hold, for translation: `required` or the column's type.
 */

const MAX_CELL_CHARS = 4000;
const MAX_JSON_CHARS = 65536;
const EARLIEST_YEAR = '1800';
const ODD_SPACES = /[\t\r\n\u00a0\u2007\u202f\ufeff]/gu;
const OUTER_SPACES = /^\p{Zs}+|\p{Zs}+$/gu;
/** @type {readonly [number, number][]} first and last code point */
const NOT_TEXT = [[0, 0x1f], [0x7f, 0x9f], [0x61c, 0x61c], [0x200e, 0x200f], [0x202a, 0x202e],
  [0x2066, 0x2069], [0xe0000, 0xe007f]];
const FORMULA = /^[=\uff1d]|^[+@\uff0b\uff0d\uff20-](?:[^ ].*[A-Za-z]\(|.*[A-Za-z]\|.*!)/us;
const BSN_WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];
const TRUE = ['ja', 'j', 'true', '1'];
const FALSE = ['nee', 'n', 'false', '0'];

/**
 * Values of one cell, or why its row would wait. `deliveredOn` is the day that events end.
 * @param {Column} column @param {string} text @param {string} deliveredOn
 * @returns {Cell}
 */
export function readCell(column, text, deliveredOn) {
  const t = cleaned(column, text);
  if (t === '') return column.required ? refused('required', 'empty, but required') : empty(column);
  const values = RULES[column.type](column, t, deliveredOn);
  return values ? { values, code: null, reason: null } : refused(column.type, reasonOf(column));
}

/** @param {string} code @param {string} reason @returns {Cell} */
function refused(code, reason) {
  return { values: null, code, reason };
}

/** @param {Column} column @param {string} text */
function cleaned(column, text) {
  const normal = column.type === 'text' ? text.normalize('NFC') : text;
  return normal.replace(ODD_SPACES, ' ').replace(OUTER_SPACES, '');
}

/** @param {Column} column @returns {Cell} */
function empty(column) {
  /** @type {Record<string, Value>} */
  const values = { [column.field]: null };
  if (column.type === 'partial_date') {
    const stem = stemOf(column);
    Object.assign(values, { [`${stem}_year`]: null, [`${stem}_month`]: null, [`${stem}_reported`]: false });
  }
  return { values, code: null, reason: null };
}

/** @param {Column} column */
const stemOf = (column) => column.field.replace(/_on$/u, '');

/** @typedef {(column: Column, t: string, deliveredOn: string) => Record<string, Value> | null} Rule */
/** @type {Record<import('./declaration.js').ColumnType, Rule>} */
const RULES = {
  text: (column, t) => ([...t].length <= MAX_CELL_CHARS && isText(t) ? { [column.field]: t } : null),
  json: (column, t) => ([...t].length <= MAX_JSON_CHARS && isJson(t) ? { [column.field]: t } : null),
  bsn: (column, t) => (isBsn(t) ? { [column.field]: t.padStart(9, '0') } : null),
  postcode,
  integer: (column, t) => bounded(column, wholeNumber(t)),
  euros: (column, t) => bounded(column, times100(wholeNumber(t))),
  decimal_euros: (column, t) => bounded(column, amount(t)),
  boolean: (column, t) => {
    const word = t.toLowerCase();
    return TRUE.includes(word) || FALSE.includes(word) ? { [column.field]: TRUE.includes(word) } : null;
  },
  choice: (column, t) => (column.choices.includes(t) ? { [column.field]: t } : null),
  date,
  partial_date: partialDate,
};

/**
 * No control characters, none that turn the direction of writing, no invisible tags: no name has
 * them. And nothing that a spreadsheet would run: =..., or +, - and @ before a call or a command.
 * @param {string} t
 */
function isText(t) {
  if (FORMULA.test(t)) return false;
  for (const char of t) {
    const code = char.codePointAt(0) ?? 0;
    if (NOT_TEXT.some(([first, last]) => code >= first && code <= last)) return false;
  }
  return true;
}

/** @param {string} t */
function isJson(t) {
  try {
    JSON.parse(t);
    return true;
  } catch {
    return false;
  }
}

/** The elfproef. Source: Besluit burgerservicenummer. @param {string} t */
export function isBsn(t) {
  if (!/^[0-9]{8,9}$/u.test(t) || Number(t) === 0) return false;
  const digits = t.padStart(9, '0');
  return BSN_WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11 === 0;
}

/** @type {Rule} */
function postcode(column, t) {
  // Sign by sign: as a whole word, ß would become SS and pass.
  const upper = [...t.replaceAll(' ', '')].map((sign) => {
    const large = sign.toUpperCase();
    return [...large].length === 1 ? large : sign;
  }).join('');
  return /^[1-9][0-9]{3}[A-Z]{2}$/u.test(upper) ? { [column.field]: upper } : null;
}

/** @param {string} t */
const wholeNumber = (t) => (/^-?[0-9]{1,9}$/u.test(t) ? Number(t) + 0 : null);

/** @param {number | null} euros */
const times100 = (euros) => (euros === null ? null : euros * 100);

/** Cents. 1.234 may be a thousand or one: no thousands separator passes. @param {string} t */
function amount(t) {
  const parts = /^(-?)([0-9]{1,9})(?:[.,]([0-9]{1,2}))?$/u.exec(t);
  if (!parts) return null;
  const cents = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'));
  return parts[1] && cents ? -cents : cents;
}

/** @param {Column} column @param {number | null} value */
function bounded(column, value) {
  if (value === null) return null;
  if (column.minimum !== null && value < column.minimum) return null;
  if (column.maximum !== null && value > column.maximum) return null;
  return { [column.field]: value === 0 ? 0 : value };
}

/** A date in any accepted notation as YYYYMMDD, or null. @param {string} t */
function eightDigits(t) {
  if (/^[0-9]{8}$/u.test(t)) return t;
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u.test(t)) return t.replaceAll('-', '');
  if (/^[0-9]{2}-[0-9]{2}-[0-9]{4}$/u.test(t)) return t.slice(6) + t.slice(3, 5) + t.slice(0, 2);
  return null;
}

/** The day as 2026-11-05, or null when no calendar has it. @param {string} digits */
function day(digits) {
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const found = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().slice(0, 10) === iso ? iso : null;
}

/** @type {Rule} */
function date(column, t, deliveredOn) {
  const digits = eightDigits(t);
  const found = digits && day(digits);
  if (!found || found < `${EARLIEST_YEAR}-01-01` || (column.event && found > deliveredOn)) return null;
  return { [column.field]: found };
}

/** @type {Rule} */
function partialDate(column, t, deliveredOn) {
  const digits = /^[0-9]{4}$/u.test(t) ? `${t}0000`
    : /^[0-9]{4}-[0-9]{2}$/u.test(t) ? `${t.replace('-', '')}00`
      : eightDigits(t);
  if (digits === null) return null;
  const [year, month, last] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  const isMonth = last === '00' && month >= '01' && month <= '12';
  const isKnown = month + last === '0000' || isMonth || day(digits) !== null;
  if (digits !== '00000000' && (year < EARLIEST_YEAR || !isKnown)) return null;
  if (column.role === 'birth_on' && digits > deliveredOn.replaceAll('-', '')) return null;
  const stem = stemOf(column);
  return {
    [column.field]: day(digits),
    [`${stem}_year`]: year === '0000' ? null : Number(year),
    [`${stem}_month`]: month === '00' ? null : Number(month),
    [`${stem}_reported`]: true,
  };
}

/** @type {Record<import('./declaration.js').ColumnType, string>} */
const REASONS = {
  text: `longer than ${MAX_CELL_CHARS} characters, with control characters, or begins as a formula`,
  json: 'not JSON, or too long',
  bsn: 'not a citizen number (elfproef)',
  postcode: 'not a postcode (1234AB)',
  integer: 'not a whole number',
  euros: 'not whole euros (write 1250, no separators)',
  decimal_euros: 'not an amount (write 1234,56, no thousands separator)',
  boolean: 'not ja or nee',
  choice: 'not one of ',
  date: `not a date (2026-11-05) from ${EARLIEST_YEAR} on`,
  partial_date: 'not a date (2026-11-05, 1968-03, 1968 or 00000000)',
};

/** The reason in the words of the run, so that both say the same. @param {Column} column */
function reasonOf(column) {
  const reason = REASONS[column.type];
  if (column.type === 'choice') return reason + column.choices.join(', ');
  const ends = column.type === 'date' ? column.event : column.role === 'birth_on';
  if (column.type === 'date' || column.type === 'partial_date') {
    return ends ? `${reason} up to the day of delivery` : reason;
  }
  const unit = column.type === 'integer' ? 1 : 100;
  const said = [];
  if (column.minimum !== null) said.push(`from ${Math.floor(column.minimum / unit)}`);
  if (column.maximum !== null) said.push(`to ${Math.floor(column.maximum / unit)}`);
  return said.length ? `${reason}, ${said.join(' ')}` : reason;
}
