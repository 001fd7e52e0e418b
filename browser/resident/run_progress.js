/** How far the computer is with a run: a bar, and what it does now. Counts only; nothing about anyone. */

import { el } from '../parts/dom.js';
import { latestRun } from './api.js';
import { paragraph } from './cards.js';
import { t } from './texts.js';

const EVERY_MS = 1500;
/** @type {Record<string, import('./texts.js').TextKey>} */
const STOPS = {
  streams: 'stopStreams',
  linkage: 'stopLinkage',
  situations: 'stopSituations',
  signals: 'stopSignals',
  items: 'stopItems',
  seal: 'stopSeal',
  exits: 'stopSeal',
  handover: 'stopHandover',
};

/**
 * A piece of the page that follows the run until it is done.
 * @param {{ ready?: () => void }} [options] called once when the run is done
 * @returns {{ node: HTMLElement, stop: () => void }}
 */
export function followRun({ ready } = {}) {
  const bar = el('progress', { class: 'or-run__bar', max: 100, 'aria-label': t('doneLabel') });
  const sentence = el('p', { class: 'utrecht-paragraph', role: 'status' }, t('doneWaiting'));
  const detail = paragraph('', 'or-small or-soft');
  const node = el('div', { class: 'or-run' }, sentence, bar, detail);
  /** @type {number | undefined} */
  let timer;
  let isStopped = false;
  const look = async () => {
    const run = await latestRun().catch(() => null);
    if (isStopped) return;
    const isOver = run !== null && show(run, { sentence, bar, detail });
    if (isOver) ready?.();
    else timer = window.setTimeout(look, EVERY_MS);
  };
  void look();
  return {
    node,
    stop: () => {
      isStopped = true;
      window.clearTimeout(timer);
    },
  };
}

/**
 * @param {import('./api.js').Run} run
 * @param {{ sentence: HTMLElement, bar: HTMLProgressElement, detail: HTMLElement }} parts
 * @returns {boolean} whether there is no more to wait for
 */
function show(run, { sentence, bar, detail }) {
  const texts = { idle: t('doneIdle'), waiting: t('doneWaiting'), running: t('doneRunning'), done: t('doneReady') };
  const text = texts[run.state] ?? texts.waiting;
  if (sentence.textContent !== text) sentence.textContent = text;
  bar.hidden = run.state === 'idle';
  const { done = 0, total = 0 } = run;
  if (run.state === 'done') bar.value = 100;
  else if (run.state === 'running' && total > 0) bar.value = Math.round((100 * done) / total);
  else bar.removeAttribute('value');
  const doing = run.state === 'running' ? t(STOPS[run.stop ?? ''] ?? 'stopOther') : '';
  const counted = doing && total > 0 ? `: ${t('doneOf', { done, total })}` : '';
  detail.textContent = `${doing}${counted}`;
  return run.state === 'done';
}
