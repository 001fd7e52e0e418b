/** Snel weg: forget everything at once and go to a page about the weather. Also on Esc, three times. */

import { CONFIG } from './page.js';

const TIMES = 3;
const WITHIN_MS = 2000;

/** @type {Set<() => void>} */
const wipers = new Set();

/** Have something forgotten when the reader leaves in a hurry. @param {() => void} wipe */
export function onLeave(wipe) {
  wipers.add(wipe);
}

/** Forget, then go. Nothing waits for a network. */
export function leave() {
  document.body.replaceChildren();
  document.title = '';
  for (const wipe of wipers) wipe();
  window.location.replace(CONFIG.leaveUrl);
}

/** Make the button and the Esc key work. */
export function installLeave() {
  for (const button of document.querySelectorAll('[data-leave]')) {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      leave();
    });
  }
  /** @type {number[]} */
  let pressed = [];
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.repeat) return;
      pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
      if (pressed.length >= TIMES) leave();
    },
    { capture: true },
  );
}
