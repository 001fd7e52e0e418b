/** Amounts, days and times as people write them. */

import { CONFIG } from './page.js';

const LOCALE = { nl: 'nl-NL', en: 'en-GB' }[CONFIG.language];
const ZONE = 'Europe/Amsterdam';

/** `€ 640`, and cents only where they matter. @param {number} cents */
export function euros(cents) {
  const digits = cents % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency: 'EUR',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(cents / 100);
}

/**
 * `8 december`, with the year where it is not this year.
 * @param {string} on YYYY-MM-DD
 * @param {Date} [now]
 */
export function day(on, now = new Date()) {
  const date = new Date(`${on}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return on;
  const sameYear = date.getUTCFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
    timeZone: 'UTC',
  }).format(date);
}

/** The day of a moment, in the Netherlands, as YYYY-MM-DD. @param {Date | string} at */
export function dayOf(at) {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(new Date(at));
}

/** `9.41`. @param {Date | string} at */
export function clockTime(at) {
  return new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit', hour12: false, timeZone: ZONE })
    .format(new Date(at))
    .replace(':', '.')
    .replace(/^0(?=\d)/, '');
}

/** Names as people say them: `a, b en c`. @param {string[]} names */
export function list(names) {
  return new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(names);
}
