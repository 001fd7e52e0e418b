/** Wie keek mee: every event about this reader, opened here, per day; and what this device checked of it. */

import { el, icon } from '../parts/dom.js';
import { CONFIG } from '../parts/page.js';
import { clockTime, day, dayOf } from '../parts/format.js';
import { explanation, heading, paragraph, state } from './cards.js';
import { t } from './texts.js';

/**
 * @typedef {{ type: string, at: string, chain: string, details: Record<string, any> } | null} LogEvent
 * @typedef {{ events: LogEvent[], checked: number, verdict: 'right' | 'wrong' | 'unknown' }} Looked
 */

/**
 * @param {Looked} looked
 * @param {Date} [now]
 * @returns {Node[]}
 */
export function lookedPage(looked, now = new Date()) {
  const days = byDay(looked.events.filter((event) => event !== null));
  const closed = looked.events.filter((event) => event === null).length;
  return [
    el(
      'div',
      { class: 'or-cols or-cols--aside' },
      el(
        'div',
        {},
        heading(1, t('titleLooked')),
        paragraph(days.length ? t('lookedText') : t('lookedNone')),
        el('div', { class: 'or-verify or-verify--phone' }, verdict(looked)),
        ...days.flatMap(([on, events]) => [
          heading(2, dayName(on, now), { more: 'or-day', look: 4 }),
          el('ul', { class: 'or-timeline' }, ...counted(events).flatMap(({ event, times }) => tell(event).map((told) => eventLine(event, told, times)))),
        ]),
        closed > 0 && paragraph(`${t('lookedClosed')} (${closed})`, 'or-small or-soft'),
      ),
      el(
        'div',
        {},
        el('div', { class: 'or-verify--desk' }, verdict(looked)),
        el(
          'section',
          { class: 'or-section', 'aria-labelledby': 'oneens' },
          heading(2, t('disagree'), { id: 'oneens' }),
          paragraph(t('disagreeText', { phone: CONFIG.phone })),
        ),
      ),
    ),
  ];
}

/** A run says its day only; it comes after what has a time. @param {NonNullable<LogEvent>} event */
const moment = (event) => Date.parse(event.at.length > 10 ? event.at : `${event.at}T00:00:00`);

/** @param {NonNullable<LogEvent>[]} events newest first @returns {[string, NonNullable<LogEvent>[]][]} */
function byDay(events) {
  /** @type {Map<string, NonNullable<LogEvent>[]>} */
  const days = new Map();
  for (const event of [...events].sort((a, b) => moment(b) - moment(a))) {
    const on = event.at.length > 10 ? dayOf(event.at) : event.at;
    days.set(on, [...(days.get(on) ?? []), event]);
  }
  return [...days];
}

/** @param {string} on @param {Date} now */
const dayName = (on, now) => (on === dayOf(now) ? t('lookedToday', { day: day(on) }) : day(on));

/** @typedef {{ icon: string, what: string, more: string, look?: boolean }} Told */

/**
 * What a reader did several times on one day takes one line, with how often.
 * @param {NonNullable<LogEvent>[]} events
 */
function counted(events) {
  /** @type {{ event: NonNullable<LogEvent>, times: number }[]} */
  const lines = [];
  for (const event of events) {
    const kind = `${event.type} ${event.details.stream ?? ''}`;
    const isRoutine = kind.startsWith('items.opened') || kind === 'return.sent shown';
    const same = isRoutine && lines.find((line) => `${line.event.type} ${line.event.details.stream ?? ''}` === kind);
    if (same) same.times += 1;
    else lines.push({ event, times: 1 });
  }
  return lines;
}

/** @param {NonNullable<LogEvent>} event @param {Told} told @param {number} times */
function eventLine(event, told, times) {
  const time = event.at.length > 10 ? t('lookedTime', { time: clockTime(event.at) }) : '';
  return el(
    'li',
    { class: `or-event or-event--${told.look ? 'look' : 'own'}` },
    el('span', { class: 'or-event__dot' }, icon(told.icon)),
    el(
      'div',
      { class: 'or-event__box' },
      el('p', { class: 'or-event__what' }, told.what),
      el('span', { class: 'or-event__time' }, [time, told.more, times > 1 ? t('lookedTimes', { times }) : ''].filter(Boolean).join(' · ')),
    ),
  );
}

/** @param {number} count */
const envelopes = (count) => (count === 1 ? t('lookedItem') : t('lookedItems', { count }));

/**
 * An event in plain words; what went to someone else comes first.
 * @param {NonNullable<LogEvent>} event
 * @returns {Told[]}
 */
function tell({ type, details }) {
  const yourself = t('lookedYouMore');
  switch (type) {
    case 'items.sealed':
      return [
        ...(details.handed?.length ? [{ icon: 'people', what: t('lookedTeam'), more: t('lookedTeamMore'), look: true }] : []),
        { icon: 'computer', what: t('lookedRun'), more: `${t('lookedRunMore')} · ${envelopes(details.added?.length ?? 0)}` },
      ];
    case 'items.opened':
      return [{ icon: 'eye', what: t('lookedYou'), more: `${yourself} · ${envelopes(details.items?.length ?? 0)}` }];
    case 'key.added':
      return [{ icon: 'key', what: t('lookedKey'), more: details.assistedBy ? t('lookedKeyHelped', { helper: details.assistedBy }) : yourself }];
    case 'wrap.added':
      return [{ icon: 'key', what: t('lookedKeyAdded'), more: yourself }];
    case 'wrap.removed':
      return [{ icon: 'key', what: t('lookedKeyRemoved'), more: yourself }];
    case 'return.sent':
      return [
        details.stream === 'shown'
          ? { icon: 'eye', what: t('lookedShown'), more: yourself }
          : { icon: 'message', what: t('lookedReturn'), more: yourself },
      ];
    case 'key.withdrawn':
      return [{ icon: 'stop', what: t('lookedStopped'), more: yourself }];
    default:
      return [{ icon: 'paper', what: t('lookedOther'), more: '' }];
  }
}

/** Only what was really checked is claimed. @param {Looked} looked */
function verdict({ verdict: found, checked, events }) {
  if (found === 'wrong') {
    return state({ icon: 'shield', title: t('checkFailed'), level: 2 }, paragraph(t('checkFailedText', { phone: CONFIG.phone })));
  }
  const isRight = found === 'right';
  const text = checked === events.length ? t('checkedText') : t('checkedSome', { checked, count: events.length });
  return el(
    'section',
    { class: 'or-plate or-verified', 'aria-label': isRight ? t('checkedTitle') : t('notChecked') },
    el(
      'div',
      { class: 'or-human' },
      el('span', { class: isRight ? 'or-promises__tile' : 'or-human__tile' }, icon(isRight ? 'shield' : 'clock')),
      el('div', {}, heading(2, isRight ? t('checkedTitle') : t('notChecked'), { look: 3 }), paragraph(isRight ? text : t('notCheckedText'))),
    ),
    explanation('question', t('checkHow'), paragraph(t('checkHowText')), paragraph(t('checkHowNot'))),
  );
}
