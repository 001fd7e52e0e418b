/** One message: what was reported, four answers of the same size, what can be done, and why. */

import { el, icon, isSafeHref } from '../parts/dom.js';
import { address } from '../parts/page.js';
import { day, euros } from '../parts/format.js';
import { back, done, explanation, heading, lawful, linkButton, minutes, one, paragraph, state } from './cards.js';
import { factsBehind, isShared } from './situation.js';
import { said, t } from './texts.js';

/** @typedef {import('./situation.js').Situation} Situation */
/** @typedef {import('./situation.js').Signal} Signal */
/** @typedef {import('./situation.js').Fact} Fact */
/** @typedef {{ paid: (signal: Signal, facts: Fact[]) => void, wrong: (signal: Signal, facts: Fact[]) => void,
 *   help: (signal: Signal) => void, notNow: (signal: Signal) => void }} Answers */

/**
 * @param {Situation} situation
 * @param {number} number its place among the signals, from 1
 * @param {Answers} answers
 * @returns {Node[]}
 */
export function messagePage(situation, number, answers) {
  const signal = situation.signals[number - 1];
  if (!signal) return [gone()];
  const facts = factsBehind(situation, signal);
  return [
    back(t('overview'), '#/'),
    el('div', { class: 'or-pagehead', 'data-item': signal.id }, heading(1, said(signal.title)), paragraph(said(signal.text))),
    el(
      'div',
      { class: 'or-cols or-cols--signal' },
      el('div', { class: 'or-area-facts' }, facts.length > 0 && reported(signal, facts), whatFits(signal, facts, answers)),
      el('div', { class: 'or-area-do' }, whatToDo(signal)),
      more(signal),
    ),
  ];
}

function gone() {
  return one(
    state(
      { icon: 'done', title: t('messageGone') },
      paragraph(t('messageGoneText')),
      linkButton(t('toOverview'), '#/', 'primary-action'),
    ),
  );
}

/** @param {Signal} signal @param {Fact[]} facts */
function reported(signal, facts) {
  const total = signal.totalCents;
  return el(
    'section',
    { 'aria-labelledby': 'feit' },
    heading(2, t('reported'), { id: 'feit' }),
    el(
      'div',
      { class: 'or-card' },
      ...facts.map((fact, index) => reportedFact(fact, index === 0)),
      total !== null && facts.length > 1 && el('div', { class: 'or-total' }, el('span', {}, t('together')), el('span', { class: 'or-num' }, euros(total))),
    ),
  );
}

/** @param {Fact} fact @param {boolean} isFirst */
function reportedFact(fact, isFirst) {
  const about = fact.subject === 'self' ? '' : ` · ${t('about', { name: fact.subject.name })}`;
  const source = `${fact.source.name}${fact.eventOn ? `, ${day(fact.eventOn)}` : ''}${about}`;
  return el(
    'div',
    { class: `or-fact${isFirst ? ' or-fact--first' : ''}` },
    el(
      'div',
      { class: 'or-fact__head' },
      heading(3, said(fact.title)),
      fact.amountCents !== null && el('span', { class: 'or-fact__amount' }, euros(fact.amountCents)),
    ),
    el('ul', { class: 'or-fact__meta' }, el('li', {}, source)),
  );
}

/** @param {Signal} signal @param {Fact[]} facts @param {Answers} answers */
function whatFits(signal, facts, answers) {
  const canBePaid = facts.some((fact) => fact.factKind === 'arrears');
  const offered = [
    canBePaid && answer('done', t('answerPaid'), () => answers.paid(signal, facts)),
    facts.length > 0 && answer('cross', t('answerWrong'), () => answers.wrong(signal, facts)),
    answer('hand', t('answerHelp'), () => answers.help(signal)),
    answer('clock', t('answerNotNow'), () => answers.notNow(signal)),
  ];
  const until = signal.actByOn ? t('answerBefore', { day: day(signal.actByOn) }) : t('answerAlways');
  return el(
    'section',
    { class: 'or-section', 'aria-labelledby': 'antw' },
    heading(2, t('fits'), { id: 'antw' }),
    el('ul', { class: 'or-answers' }, ...offered),
    el('div', { id: 'antwoord', 'aria-live': 'polite' }),
    paragraph(until, 'or-gap'),
  );
}

/** @param {string} name @param {string} text @param {() => void} act */
const answer = (name, text, act) =>
  el('li', {}, el('button', { type: 'button', class: 'or-answer', onclick: act }, icon(name), text));

/** What happened after an answer, below the answers. @param {...Node} nodes */
export function showAnswer(...nodes) {
  document.getElementById('antwoord')?.replaceChildren(...nodes);
}

/** @param {Signal} signal */
export const notNowSaid = (signal) =>
  done(`**${t('notNowTitle')}** ${t('notNowText')}`, isShared(signal) ? t('notNowShared') : '');

/** @param {Signal} signal */
function whatToDo(signal) {
  if (signal.offers.length === 0) return null;
  return el(
    'section',
    { 'aria-labelledby': 'doen' },
    heading(2, t('canDo'), { id: 'doen' }),
    el('ul', { class: 'or-signals' }, ...signal.offers.map(offer)),
  );
}

const PLACES = /** @type {const} */ ({
  self: { icon: 'list', name: 'whereSelf', who: 'onlyYouSmall' },
  near: { icon: 'pin', name: 'whereNear', who: 'youDecide' },
  team: { icon: 'people', name: 'whereTeam', who: 'youDecide' },
});

/** @param {import('./situation.js').Offer} told */
function offer({ title, text, where, minutes: count, href }) {
  const place = PLACES[/** @type {keyof typeof PLACES} */ (where)] ?? PLACES.near;
  const go = isSafeHref(href) ? address(String(href)) : '#/hulp';
  return el(
    'li',
    { class: 'or-card or-signal' },
    el(
      'div',
      { class: 'or-signal__body' },
      el(
        'div',
        { class: 'or-signal__top' },
        el('span', { class: 'or-domain' }, el('span', { class: 'or-domain__tile' }, icon(place.icon)), t(place.name)),
        el('span', { class: 'or-small or-soft' }, t(place.who)),
      ),
      heading(3, said(title)),
      paragraph(said(text)),
    ),
    el(
      'a',
      { class: 'or-step', href: go },
      el('span', { class: 'or-domain__tile' }, icon(go.startsWith('tel:') ? 'phone' : count ? 'clock' : 'eye')),
      el('span', { class: 'or-step__what' }, count ? t('begin', { minutes: minutes(count) }) : t('look')),
      icon('arrow', 'or-icon--dir'),
    ),
  );
}

/** @param {Signal} signal */
function more(signal) {
  const { law } = signal;
  return el(
    'section',
    { class: 'or-area-more', 'aria-labelledby': 'uitleg' },
    heading(2, t('more'), { id: 'uitleg' }),
    explanation('question', t('whyThis'), paragraph(said(signal.why))),
    law && explanation('law', t('law'), paragraph(lawful(law))),
    explanation('eye', t('seenBy'), paragraph(said(signal.seen_by))),
    explanation('shield', t('never'), paragraph(said(signal.never))),
  );
}
