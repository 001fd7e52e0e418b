/** Lees voor: only with a voice that lives on this device, so that no text leaves it. */

import { byId } from './dom.js';
import { CONFIG } from './page.js';
import { onLeave } from './leave.js';

const BLOCKS = 'h1, h2, h3, h4, p, li, dt, dd, label, legend, summary, button, .or-fact__head, .or-total';

/** @returns {SpeechSynthesisVoice | undefined} */
function ownVoice() {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(CONFIG.language));
}

/** What can be seen in the page, one string per block, in reading order. @returns {string[]} */
export function readableText() {
  const found = [];
  for (const block of byId('inhoud').querySelectorAll(BLOCKS)) {
    if (block.querySelector(BLOCKS) || !block.checkVisibility()) continue;
    const text = (block.textContent ?? '').replace(/\s+/g, ' ').trim();
    if (text) found.push(text);
  }
  return found;
}

/** Show the button where a voice of the device itself exists. */
export function installReadAloud() {
  const button = byId('lees-voor');
  const synthesis = window.speechSynthesis;
  if (!synthesis) return;
  const offer = () => button.toggleAttribute('hidden', !ownVoice());
  const stop = () => {
    synthesis.cancel();
    button.setAttribute('aria-pressed', 'false');
  };
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-pressed') === 'true') stop();
    else start(button, stop);
  });
  synthesis.addEventListener?.('voiceschanged', offer);
  window.addEventListener('hashchange', stop);
  onLeave(stop);
  offer();
}

/**
 * @param {HTMLElement} button
 * @param {() => void} stop
 */
function start(button, stop) {
  const voice = ownVoice();
  const texts = readableText();
  if (!voice || texts.length === 0) return;
  button.setAttribute('aria-pressed', 'true');
  texts.forEach((text, index) => {
    const speech = new SpeechSynthesisUtterance(text);
    speech.voice = voice;
    speech.lang = voice.lang;
    if (index === texts.length - 1) speech.addEventListener('end', stop);
    window.speechSynthesis.speak(speech);
  });
}
