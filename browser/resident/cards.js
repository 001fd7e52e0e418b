/** Pieces that several pages draw: a state, a row, a signal, an explanation. */

import { el, icon, isSafeHref, rich } from '../parts/dom.js';
import { address } from '../parts/page.js';
import { day } from '../parts/format.js';
import { ICONS, isShared } from './situation.js';
import { said, t } from './texts.js';

/** @typedef {import('../parts/dom.js').Child} Child */

/** A paragraph in which **words** may be strong. @param {string} text @param {string} [more] */
export const paragraph = (text, more = '') =>
  el('p', { class: `utrecht-paragraph ${more}`.trim() }, ...rich(text));

/**
 * A heading; `level` is its place, `look` its size.
 * @param {1 | 2 | 3} level
 * @param {Child | Child[]} content
 * @param {{ id?: string, more?: string, look?: number }} [options]
 */
export function heading(level, content, { id, more = '', look = level } = {}) {
  const name = /** @type {'h1' | 'h2' | 'h3'} */ (`h${level}`);
  return el(name, { class: `utrecht-heading-${look} ${more}`.trim(), id }, content);
}

/**
 * A button of ours.
 * @param {Child | Child[]} content
 * @param {(event: Event) => void} [onclick]
 * @param {{ kind?: 'primary-action' | 'secondary-action', type?: string, more?: string }} [options]
 */
export function button(content, onclick, { kind = 'secondary-action', type = 'button', more = '' } = {}) {
  return el('button', { type, class: `utrecht-button utrecht-button--${kind} ${more}`.trim(), onclick }, content);
}

/**
 * A link that looks like a button.
 * @param {Child | Child[]} content
 * @param {string} href
 * @param {'primary-action' | 'secondary-action'} [kind]
 */
export const linkButton = (content, href, kind = 'secondary-action') =>
  el('a', { class: `utrecht-button utrecht-button--${kind}`, href }, content);

/** Buttons below each other, all as wide. @param {...Child} children */
export const actions = (...children) =>
  el(
    'div',
    { class: 'utrecht-action-group utrecht-action-group--column utrecht-action-group--distanced or-actions' },
    ...children,
  );

/**
 * What is, that nothing bad happened, and what can be done.
 * @param {{ icon: string, title: string, level?: 1 | 2, dir?: boolean }} about
 * @param {...Child} children
 */
export function state({ icon: name, title, level = 1, dir = false }, ...children) {
  return el(
    'div',
    { class: 'or-card or-state' },
    el('span', { class: 'or-state__tile' }, icon(name, dir ? 'or-icon--big or-icon--dir' : 'or-icon--big')),
    heading(level, title, { look: 2 }),
    ...children,
  );
}

/** A page of one narrow column. @param {...Child} children */
export const one = (...children) => el('div', { class: 'or-one' }, ...children);

/** The way back. @param {string} text @param {string} href */
export const back = (text, href) =>
  el('a', { class: 'utrecht-link or-back', href }, icon('back', 'or-icon--dir'), text);

/** Something went well. @param {string} text @param {string} [more] */
export function done(text, more = '') {
  return el(
    'div',
    { class: 'utrecht-alert utrecht-alert--ok', role: 'status' },
    el('div', { class: 'utrecht-alert__icon' }, icon('done')),
    el('div', { class: 'utrecht-alert__content' }, paragraph(`${text} ${more}`.trim())),
  );
}

/**
 * An explanation that opens when asked.
 * @param {string} name icon
 * @param {string} title
 * @param {...Child} children
 */
export function explanation(name, title, ...children) {
  return el(
    'details',
    { class: 'or-more' },
    el('summary', {}, icon(name), el('span', {}, title), icon('turn', 'or-icon--turn')),
    el('div', {}, ...children),
  );
}

/**
 * A row that leads somewhere, or only says something.
 * @param {{ icon: string, name: string, status?: string, look?: boolean, href?: string }} row
 */
export function row({ icon: name, name: title, status = '', look = false, href }) {
  const inside = [
    el('span', { class: 'or-domain__tile' }, icon(name)),
    el(
      'span',
      {},
      el('span', { class: 'or-row__name' }, title),
      status && el('span', { class: `or-row__status${look ? ' or-row__status--look' : ''}` }, status),
    ),
  ];
  if (!href) return el('li', {}, el('div', { class: 'or-row or-row--plain' }, ...inside));
  return el(
    'li',
    {},
    el('a', { class: 'or-row', href }, ...inside, icon('forward', 'or-icon--dir or-icon--end')),
  );
}

/** Lines with a sign before them. @param {'yes' | 'no'} kind @param {string[]} lines @param {string} [more] */
export function can(kind, lines, more = '') {
  const sign = kind === 'yes' ? 'check' : 'minus';
  return el(
    'ul',
    { class: `or-can or-can--${kind} ${more}`.trim() },
    ...lines.map((line) => el('li', {}, icon(sign), el('span', {}, ...rich(line)))),
  );
}

/** A term and what it is. @param {[string, Child | Child[]][]} pairs */
export function dataList(pairs) {
  return el(
    'dl',
    { class: 'utrecht-data-list utrecht-data-list--rows' },
    ...pairs.map(([key, value]) =>
      el(
        'div',
        { class: 'utrecht-data-list__item' },
        el('dt', { class: 'utrecht-data-list__item-key' }, key),
        el('dd', { class: 'utrecht-data-list__item-value utrecht-data-list__item-value--html-dd' }, value),
      ),
    ),
  );
}

/** `5 minuten`. @param {number} count */
export const minutes = (count) => (count === 1 ? t('oneMinute') : t('minutes', { count }));

/** With a capital. @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** That the law allows it, and where it says so. @param {import('./situation.js').Law} law */
export function lawful(law) {
  const article = /^\d/.test(law.article) ? t('article', { article: law.article }) : law.article;
  return t('allowedYes', { law: said(law), article });
}

/** A domain's tile and name. @param {string} domain */
export function domainBadge(domain) {
  const key = /** @type {keyof typeof ICONS} */ (domain in ICONS ? domain : 'family');
  return el(
    'span',
    { class: 'or-domain' },
    el('span', { class: 'or-domain__tile' }, icon(ICONS[key])),
    t(key),
  );
}

/** The day to act by. @param {string} on */
export const due = (on) =>
  el('span', { class: 'or-due' }, icon('calendar', 'or-icon--small'), t('before', { day: day(on) }));

/** The mark on an item that the debt team sees too. */
export const alsoDebtHelp = () =>
  el('p', { class: 'or-also' }, icon('people', 'or-icon--small'), t('debtHelpToo'));

/**
 * One thing that stands out, with its one small step.
 * @param {import('./situation.js').Signal} signal
 * @param {{ number: number, answer?: string }} place its number in the address; what was answered before
 */
export function signalCard(signal, { number, answer }) {
  const href = `#/bericht/${number}`;
  return el(
    'li',
    { class: 'or-card or-signal', 'data-item': signal.id },
    el(
      'div',
      { class: 'or-signal__body' },
      el('div', { class: 'or-signal__top' }, domainBadge(signal.domain), signal.actByOn && due(signal.actByOn)),
      heading(3, el('a', { href }, said(signal.title), icon('forward', 'or-icon--dir'))),
      paragraph(said(signal.text)),
      isShared(signal) && alsoDebtHelp(),
      answer && paragraph(t('youChose', { answer }), 'or-small or-soft'),
    ),
    signal.step && stepLink(signal.step, href),
  );
}

/**
 * The small step. Where it leads nowhere of its own, it opens the message.
 * @param {NonNullable<import('./situation.js').Signal['step']>} step
 * @param {string} otherwise
 */
function stepLink(step, otherwise) {
  const href = isSafeHref(step.href) ? address(String(step.href)) : otherwise;
  return el(
    'a',
    { class: 'or-step', href },
    el('span', { class: 'or-domain__tile' }, icon(href.startsWith('tel:') ? 'phone' : 'list')),
    el(
      'span',
      {},
      el('span', { class: 'or-step__label' }, t('smallStep', { minutes: minutes(step.minutes ?? 5) })),
      el('span', { class: 'or-step__what' }, said(step.title)),
    ),
    icon('arrow', 'or-icon--dir'),
  );
}
