/**
 * What a stream takes, as the municipality publishes it (Python: blind/streams/published.py).
 */

/**
 * @typedef {'text' | 'bsn' | 'postcode' | 'integer' | 'boolean' | 'date' | 'partial_date' | 'euros'
 *   | 'decimal_euros' | 'choice' | 'json'} ColumnType
 * @typedef {{ header: string, field: string, type: ColumnType, nl: string, en: string,
 *   required: boolean, event: boolean, role: string | null, choices: string[],
 *   minimum: number | null, maximum: number | null }} Column `minimum`, `maximum`: amounts in cents
 * @typedef {{ id: string, nl: string, en: string }} Condition
 * @typedef {{ v: 1, stream: string, version: number, title: { nl: string, en: string },
 *   source: { kind: string, nl: string, en: string }, freshnessDays: number,
 *   attests: Condition[], columns: Column[] }} Declaration
 */

const VERSION = 1;

/** @type {ReadonlySet<string>} */
const TYPES = new Set(['text', 'bsn', 'postcode', 'integer', 'boolean', 'date', 'partial_date',
  'euros', 'decimal_euros', 'choice', 'json']);

/** A declaration that this release cannot judge a file by; no file may be judged with it. */
export class DeclarationUnusable extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

/**
 * The declaration, if this release knows all that is in it. A rule that is not known here would
 * let a mistake through. Throws DeclarationUnusable.
 * @param {unknown} value
 * @returns {Declaration}
 */
export function readDeclaration(value) {
  const told = object(value, 'declaration');
  if (told.v !== VERSION) throw new DeclarationUnusable('declaration: unknown version; load the page anew');
  if (typeof told.stream !== 'string') throw new DeclarationUnusable('declaration: has no stream');
  if (!Array.isArray(told.columns) || !told.columns.length || !Array.isArray(told.attests)) {
    throw new DeclarationUnusable('declaration: has no columns or no conditions');
  }
  told.columns.forEach((one, place) => readColumn(one, `declaration, column ${place + 1}`));
  return /** @type {Declaration} */ (value);
}

/**
 * A column, if its type and bounds are known here. Throws DeclarationUnusable.
 * @param {unknown} value @param {string} place
 * @returns {Column}
 */
export function readColumn(value, place) {
  const told = object(value, place);
  if (typeof told.header !== 'string' || typeof told.field !== 'string') {
    throw new DeclarationUnusable(`${place}: has no header or no field`);
  }
  if (typeof told.type !== 'string' || !TYPES.has(told.type)) {
    throw new DeclarationUnusable(`${place}: has a type this page does not know; load it anew`);
  }
  for (const bound of [told.minimum, told.maximum]) {
    if (bound !== null && !Number.isSafeInteger(bound)) {
      throw new DeclarationUnusable(`${place}: has a bound that is no whole number`);
    }
  }
  if (!Array.isArray(told.choices)) throw new DeclarationUnusable(`${place}: has no choices`);
  return /** @type {Column} */ (value);
}

/** @param {unknown} value @param {string} place @returns {Record<string, unknown>} */
function object(value, place) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new DeclarationUnusable(`${place}: not an object`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}
