/** The frame around what is drawn: who sees the page, its title, the menu, and the place for content. */

import { byId, icon } from './dom.js';

const SET = document.documentElement.dataset;

/** What the server says about itself; nothing about the reader. */
export const CONFIG = Object.freeze({
  language: /** @type {'nl' | 'en'} */ (document.documentElement.lang === 'en' ? 'en' : 'nl'),
  prefix: SET.prefix ?? '',
  dataOrigin: SET.dataOrigin ?? '',
  leaveUrl: SET.leaveUrl ?? '/',
  tenantName: SET.tenantName ?? '',
  phone: SET.phone ?? '',
  desk: SET.desk ?? '',
});

/** @typedef {'only-you' | 'shared' | 'everyone'} Audience */

const AUDIENCES = {
  'only-you': { icon: 'lock', more: '' },
  shared: { icon: 'people', more: ' or-audience--shared' },
  everyone: { icon: 'globe', more: ' or-audience--public' },
};

/**
 * Say above the page who sees it.
 * @param {Audience} audience
 * @param {string} sentence
 */
export function showAudience(audience, sentence) {
  byId('wie-ziet-dit').setAttribute('class', `or-audience${AUDIENCES[audience].more}`);
  byId('wie-ziet-dit-tekst').replaceChildren(icon(AUDIENCES[audience].icon), sentence);
}

let isFirst = true;

/**
 * Put content in the page and the focus on it, except where a page has only just been opened. The title names the kind of page, never the content.
 * @param {Node[]} nodes
 * @param {{ title: string, place?: string }} about
 */
export function showPage(nodes, { title, place = '' }) {
  const main = byId('inhoud');
  main.replaceChildren(...nodes);
  document.title = `${title} – ${CONFIG.tenantName}`;
  for (const link of document.querySelectorAll('[data-place]')) {
    if (link.getAttribute('data-place') === place) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (isFirst) {
    isFirst = false;
    return;
  }
  window.scrollTo(0, 0);
  const heading = main.querySelector('h1');
  heading?.setAttribute('tabindex', '-1');
  (heading ?? main).focus({ preventScroll: true });
}

/** Show the menu and the links for someone who is in. @param {boolean} isIn */
export function showMenu(isIn) {
  for (const node of document.querySelectorAll('[data-when="in"]')) node.toggleAttribute('hidden', !isIn);
}

/** An address in the language of this page. @param {string} path */
export function address(path) {
  return path.startsWith('/') ? `${CONFIG.prefix}${path}` : path;
}
