/** The sentences of this page's language. */

import { CONFIG } from '../parts/page.js';
import { nl } from './texts.nl.js';
import { en } from './texts.en.js';

/** @typedef {keyof typeof nl} TextKey */

const TEXTS = { nl, en }[CONFIG.language];

/**
 * A sentence, with its {gaps} filled in.
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return TEXTS[key].replace(/\{(\w+)\}/g, (gap, name) => String(values[name] ?? gap));
}

/**
 * The sentence in this page's language out of an item.
 * @param {{ nl: string, en: string } | null | undefined} both
 * @returns {string}
 */
export function said(both) {
  const text = both?.[CONFIG.language] ?? both?.nl ?? '';
  return text.replace(/€ (?=\d)/g, '€\u00a0');
}

/** The key where it exists, otherwise the fallback. @param {string} key @param {TextKey} fallback @returns {TextKey} */
export function known(key, fallback) {
  return key in TEXTS ? /** @type {TextKey} */ (key) : fallback;
}
