/** Mijn situatie: what stands out, what is new, everything in a row. */

import { el, icon } from '../parts/dom.js';
import { day } from '../parts/format.js';
import { button, can, explanation, heading, paragraph, row, signalCard, state } from './cards.js';
import { DOMAINS, ICONS, SIGNALS_AT_ONCE, SLUGS, factsOf, signalsOf } from './situation.js';
import { answerName } from './answers.js';
import { CONFIG } from '../parts/page.js';
import { known, said, t } from './texts.js';

/** @typedef {import('./situation.js').Situation} Situation */

/**
 * @param {Situation} situation
 * @param {{ answered: Record<string, string>, lastVisit: string | null }} memory
 * @returns {Node[]}
 */
export function overview(situation, { answered, lastVisit }) {
  const { signals, facts } = situation;
  if (!situation.situation && signals.length + facts.length === 0 && situation.notMine > 0) return allHidden(situation);
  const open = signals.filter((signal) => !answered[signal.id]).length;
  const greeting = situation.situation ? t('hello', { name: situation.situation.name }) : t('helloPlain');
  const things = open === 0 ? t('thingsNone') : open === 1 ? t('thingsOne') : t('thingsMany', { count: open });
  return [
    el('div', { class: 'or-pagehead' }, heading(1, greeting), paragraph(things)),
    el(
      'div',
      { class: 'or-home' },
      standsOut(situation, answered),
      beside(whatIsNew(situation, lastVisit), ...hidden(situation)),
      inARow(situation),
      home(situation),
    ),
  ];
}

/** Nothing here fits what was typed; a typing mistake is likelier than a wrong link. @param {Situation} situation */
function allHidden(situation) {
  const again = button(t('tryAgain'), () => window.location.reload(), { kind: 'primary-action' });
  const parts = hidden(situation);
  parts[0]?.append(again);
  return [heading(1, t('helloPlain')), el('div', { class: 'or-one or-stack' }, ...parts)];
}

/** The second column's first part, only where there is something to say. @param {...(Node | null)} parts */
function beside(...parts) {
  const present = parts.filter((part) => part !== null);
  return present.length > 0 && el('div', { class: 'or-stack or-home__side' }, ...present);
}

/** @param {Situation} situation @param {Record<string, string>} answered */
function standsOut({ signals }, answered) {
  const shown = signals.slice(0, SIGNALS_AT_ONCE);
  if (shown.length === 0) {
    return el(
      'section',
      { 'aria-label': t('standsOut') },
      state(
        { icon: 'sun', title: t('nothingStandsOut'), level: 2 },
        paragraph(t('nothingStandsOutText')),
        el('a', { class: 'utrecht-button utrecht-button--secondary-action', href: '#leven', 'data-jump': 'leven' }, t('nothingStandsOutLook')),
      ),
    );
  }
  const cards = shown.map((signal, index) =>
    signalCard(signal, { number: index + 1, answer: answerName(answered[signal.id]) }),
  );
  return el(
    'section',
    { 'aria-labelledby': 'valtop' },
    heading(2, t('standsOut'), { id: 'valtop' }),
    el('ul', { class: 'or-signals' }, ...cards),
  );
}

/** @param {Situation} situation @param {string | null} lastVisit */
function whatIsNew(situation, lastVisit) {
  const added = situation.facts.filter((fact) => situation.fresh.has(fact.id));
  if (!lastVisit && situation.notices.length === 0) return null;
  const lines = [
    ...situation.notices.map((notice) => newLine('pencil', t('newChanged'), `${said(notice.title)}. ${said(notice.text)}`)),
    ...added.map((fact) => newLine('plus', t('newAdded'), `${said(fact.title)} (${fact.source.name}).`)),
  ];
  const since = lastVisit ?? situation.day;
  return el(
    'section',
    { 'aria-labelledby': 'nieuw' },
    heading(2, t('newSince', { day: day(since) }), { id: 'nieuw' }),
    el(
      'div',
      { class: 'or-card' },
      lines.length ? el('ul', { class: 'or-new' }, ...lines) : paragraph(t('newNothing')),
    ),
  );
}

/** @param {string} name @param {string} what @param {string} text */
function newLine(name, what, text) {
  return el('li', {}, icon(name), el('span', {}, el('strong', {}, what), ` ${text}`));
}

/** What did not open or may be someone else's: said, never shown. @param {Situation} situation */
function hidden({ notMine, closed }) {
  const parts = [];
  if (notMine > 0) {
    const title = notMine === 1 ? t('maybeNotYours') : t('maybeNotYoursMore', { count: notMine });
    const why = explanation('question', t('maybeNotYoursWhy'), paragraph(t('maybeNotYoursBecause')));
    parts.push(state({ icon: 'person', title, level: 2 }, paragraph(t('maybeNotYoursText', { phone: CONFIG.phone })), why));
  }
  if (closed > 0) {
    const title = closed === 1 ? t('cannotOpen') : t('cannotOpenMore', { count: closed });
    parts.push(state({ icon: 'lock', title, level: 2 }, paragraph(t('cannotOpenText', { phone: CONFIG.phone }))));
  }
  return parts;
}

/** @param {Situation} situation */
function inARow(situation) {
  const rows = DOMAINS.map((domain) => {
    const look = signalsOf(situation, domain).length;
    const facts = factsOf(situation, domain).length;
    const quiet = facts > 0 ? t('quiet') : t('unknownDomain');
    const status = look === 0 ? quiet : look === 1 ? t('lookOne') : t('lookMany', { count: look });
    return row({ icon: ICONS[domain], name: t(domain), status, look: look > 0, href: `#/${SLUGS[domain]}` });
  });
  return el(
    'section',
    { 'aria-labelledby': 'leven' },
    heading(2, t('inARow'), { id: 'leven' }),
    el('ul', { class: 'or-rows or-card' }, ...rows),
    situation.day && paragraph(t('updated', { day: day(situation.day) }), 'or-small or-soft or-gap'),
  );
}

/** The household we derived; it may be wrong, so it says whose words these are. @param {Situation} situation */
function home({ situation }) {
  const people = situation?.household ?? [];
  if (people.length < 2) return null;
  const lines = people.map(({ name, relation }) => {
    const key = known(`relation${relation.charAt(0).toUpperCase()}${relation.slice(1)}`, 'relationOther');
    return `${name}, ${relation === 'self' ? t('you') : t(key)}`;
  });
  return el(
    'section',
    { 'aria-labelledby': 'huis' },
    heading(2, t('home'), { id: 'huis' }),
    el('div', { class: 'or-card' }, paragraph(t('homeText')), can('yes', lines)),
  );
}
