/** One life domain: every fact with its source, its day, who sees it, the law, and when it is deleted. */

import { el, icon } from '../parts/dom.js';
import { CONFIG } from '../parts/page.js';
import { day, euros } from '../parts/format.js';
import { back, button, dataList, done, heading, lawful, paragraph, sentence, signalCard } from './cards.js';
import { ICONS, factsOf, isShared, signalsOf } from './situation.js';
import { answerName } from './answers.js';
import { known, said, t } from './texts.js';

/** @typedef {import('./situation.js').Situation} Situation */
/** @typedef {import('./situation.js').Fact} Fact */

/**
 * @param {Situation} situation
 * @param {'money' | 'housing' | 'care' | 'work' | 'family'} domain
 * @param {{ answered: Record<string, string>, dispute: (facts: Fact[]) => void }} acts
 * @returns {Node[]}
 */
export function domainPage(situation, domain, { answered, dispute }) {
  const facts = factsOf(situation, domain);
  const signals = signalsOf(situation, domain);
  return [
    back(t('overview'), '#/'),
    el(
      'div',
      { class: 'or-cols or-cols--aside' },
      el(
        'div',
        {},
        heading(1, [el('span', { class: 'or-domain__tile' }, icon(ICONS[domain])), t(domain)], { more: 'or-h1icon' }),
        paragraph(facts.length ? t('domainText') : t('domainNothing')),
        ...groups(facts).map(([kind, members]) => factGroup(kind, members, { answered, dispute })),
      ),
      el('div', {}, signals.length > 0 && standsOut(situation, domain, answered), missing()),
    ),
  ];
}

const KINDS = ['arrears', 'benefit', 'municipal_tax', 'debt_help', 'provision', 'job_seeking'];

/** Facts by kind, what may need attention first. @param {Fact[]} facts @returns {[string, Fact[]][]} */
function groups(facts) {
  const others = facts.map((fact) => fact.factKind).filter((kind) => !KINDS.includes(kind));
  /** @type {[string, Fact[]][]} */
  const found = [...KINDS, ...new Set(others)].map((kind) => [kind, facts.filter((fact) => fact.factKind === kind)]);
  return found.filter(([, members]) => members.length > 0);
}

/**
 * @param {string} kind
 * @param {Fact[]} facts
 * @param {{ answered: Record<string, string>, dispute: (facts: Fact[]) => void }} acts
 */
function factGroup(kind, facts, { answered, dispute }) {
  const id = `soort-${kind}`;
  return el(
    'section',
    { class: 'or-card or-factlist or-gap', 'aria-labelledby': id },
    heading(2, t(known(kind, 'otherFacts')), { id, look: 3 }),
    ...facts.map((fact) => factRow(fact, { sent: answered[fact.id], dispute })),
  );
}

/**
 * @param {Fact} fact
 * @param {{ sent: string | undefined, dispute: (facts: Fact[]) => void }} acts
 */
function factRow(fact, { sent, dispute }) {
  const about = fact.subject === 'self' ? '' : ` · ${t('about', { name: fact.subject.name })}`;
  const source = `${fact.source.name}${fact.eventOn ? `, ${day(fact.eventOn)}` : ''}${about}`;
  const isOpen = Boolean(sent || fact.disputed);
  return el(
    'details',
    { class: 'or-more or-factrow', 'data-item': fact.id, open: isOpen },
    el(
      'summary',
      {},
      el(
        'span',
        { class: 'or-factrow__main' },
        el('span', { class: 'or-factrow__name' }, said(fact.title)),
        el('span', { class: 'or-factrow__src' }, source),
      ),
      fact.amountCents !== null && el('span', { class: 'or-fact__amount' }, euros(fact.amountCents)),
      icon('turn', 'or-icon--turn'),
    ),
    el('div', {}, disputeState(fact, sent), dataList(details(fact)), !sent && !fact.disputed && doubt(fact, dispute)),
  );
}

/** @param {Fact} fact @param {(facts: Fact[]) => void} dispute */
function doubt(fact, dispute) {
  return el('div', { class: 'or-factrow__do' }, button(t('notRight'), () => dispute([fact])));
}

/** @param {Fact} fact @param {string | undefined} sent */
function disputeState(fact, sent) {
  if (fact.disputed) {
    const key = { not_me: 'disputedNotMe', wrong: 'disputedWrong', paid: 'disputedPaid' }[fact.disputed.kind];
    return done(t(known(key ?? '', 'disputedWrong'), { day: day(fact.disputed.on) }));
  }
  return sent ? done(t('sentWaiting')) : null;
}

/** @param {Fact} fact @returns {[string, string | Node | (string | Node)[]][]} */
function details(fact) {
  const { law } = fact;
  /** @type {[string, string | Node | (string | Node)[]][]} */
  const pairs = [
    [t('whoSees'), isShared(fact) ? t('whoSeesDebtHelp') : t('whoSeesYou')],
    [t('reportedBy'), `${fact.source.name} (${said(fact.source.kind)})`],
    ...fact.fields.map(field),
    [t('allowed'), lawful(law)],
  ];
  if (fact.receivedOn) pairs.push([t('received'), day(fact.receivedOn)]);
  if (fact.deleteOn) pairs.push([t('deleted'), t('deletedOn', { day: day(fact.deleteOn) })]);
  const reasons = fact.link?.reasons ?? [];
  if (reasons.length) pairs.push([t('whyYours'), `${reasons.map((reason) => sentence(said(reason))).join('. ')}.`]);
  return pairs;
}

/** @param {Fact['fields'][number]} told @returns {[string, string]} */
function field({ label, value, type }) {
  const name = said(label);
  const title = sentence(name);
  if (type === 'cents') return [title, euros(Number(value))];
  if (type === 'date') return [title, day(String(value))];
  return [title, typeof value === 'object' ? said(value) : String(value)];
}

/** @param {Situation} situation @param {string} domain @param {Record<string, string>} answered */
function standsOut(situation, domain, answered) {
  const cards = signalsOf(situation, domain).map((signal) =>
    signalCard(signal, { number: situation.signals.indexOf(signal) + 1, answer: answerName(answered[signal.id]) }),
  );
  return el(
    'section',
    { 'aria-labelledby': 'opv' },
    heading(2, t('standsOut'), { id: 'opv' }),
    el('ul', { class: 'or-signals' }, ...cards),
  );
}

function missing() {
  return el(
    'section',
    { class: 'or-section or-plate', 'aria-labelledby': 'mist' },
    heading(2, t('missing'), { id: 'mist', look: 3 }),
    paragraph(t('missingText', { phone: CONFIG.phone })),
  );
}
