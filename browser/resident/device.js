/**
 * What this device remembers between visits: nothing, unless its user opens the lock with the device
 * itself or asks for it. Never content; only the last visit and "not now" (which nobody else learns).
 */

import { onLeave } from '../parts/leave.js';

const KEEP = 'openregie.keep';
const VISIT = 'openregie.visit';
const ANSWERS = 'openregie.answers';

/** @type {Map<string, string>} */
const memory = new Map();

/** Whether this device may remember. */
export const keeps = () => localStorage.getItem(KEEP) === '1';

/** Whether its user ever chose. */
export const hasChosen = () => localStorage.getItem(KEEP) !== null;

/** @param {boolean} may */
export function setKeeps(may) {
  forget();
  localStorage.setItem(KEEP, may ? '1' : '0');
}

/** Wipe what was remembered, and the memory of this visit. */
export function forget() {
  memory.clear();
  for (const key of [VISIT, ANSWERS]) localStorage.removeItem(key);
}

/** @param {string} key */
const read = (key) => memory.get(key) ?? (keeps() ? localStorage.getItem(key) : null);

/** @param {string} key @param {string} value */
function write(key, value) {
  memory.set(key, value);
  if (keeps()) localStorage.setItem(key, value);
}

/** Day of the visit before this one, YYYY-MM-DD. @returns {string | null} */
export const lastVisit = () => (keeps() ? localStorage.getItem(VISIT) : null);

/** @param {string} on YYYY-MM-DD */
export const noteVisit = (on) => {
  if (keeps()) localStorage.setItem(VISIT, on);
};

/** What was answered on this device: per item id. @returns {Record<string, string>} */
export function answers() {
  try {
    return JSON.parse(read(ANSWERS) ?? '{}');
  } catch {
    return {};
  }
}

/** @param {string} id @param {string} answer */
export function noteAnswer(id, answer) {
  write(ANSWERS, JSON.stringify({ ...answers(), [id]: answer }));
}

onLeave(() => {
  memory.clear();
  for (const key of [VISIT, ANSWERS]) localStorage.removeItem(key);
});
