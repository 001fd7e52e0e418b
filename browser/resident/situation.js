/** From opened items to what a page shows: whose they are, what stands out, what is where. */

/**
 * @typedef {{ nl: string, en: string }} Both
 * @typedef {{ id: string, article: string, nl: string, en: string }} Law
 * @typedef {{ birthYear: number | null, initials: string | null }} SubjectCheck
 * @typedef {{ street: string, postcode: string, city: string }} Address
 * @typedef {{ v: number, id: string, kind: string, subjectCheck: SubjectCheck, day: string }} Item
 * @typedef {Item & { name: string, address?: Address | null,
 *   household?: { name: string, relation: string }[], updatedAt?: string }} SituationItem
 * @typedef {Item & { record: string, stream: string, factKind: string, domain: string, law: Law,
 *   source: { name: string, kind: Both }, subject: 'self' | { name: string },
 *   title: Both, amountCents: number | null, fields: { label: Both, value: string | number | Both, type: string }[],
 *   eventOn: string | null, receivedOn?: string | null, endsOn?: string | null, deleteOn: string | null, audience: string[],
 *   disputed: null | { kind: string, on: string }, link?: { method: string, reasons: Both[] } }} Fact
 * @typedef {{ title: Both, text: Both, where: string, minutes?: number | null, href?: string | null }} Offer
 * @typedef {Item & { rule: string, domain: string, title: Both, text: Both, facts: string[],
 *   totalCents: number | null, actByOn: string | null, why: Both, law: Law, audience: string[],
 *   offers: Offer[], step: { title: Both, minutes?: number | null, href?: string | null } | null,
 *   never: Both, seen_by: Both }} Signal
 * @typedef {Item & { title: Both, text: Both }} Notice
 * @typedef {{ seq: number, item: any }} Opened
 * @typedef {{ situation: SituationItem | null, facts: Fact[], signals: Signal[], notices: Notice[],
 *   fresh: Set<string>, notMine: number, closed: number, day: string }} Situation
 */

export const DOMAINS = /** @type {const} */ (['money', 'housing', 'care', 'work', 'family']);
/** What a life domain is called in the address. */
export const SLUGS = { money: 'geld', housing: 'wonen', care: 'zorg', work: 'werk', family: 'gezin' };
export const ICONS = { money: 'money', housing: 'home', care: 'care', work: 'work', family: 'family' };
/** No more than this many things stand out at once; the rest waits in its domain. */
export const SIGNALS_AT_ONCE = 3;

/** Letters only, without accents. @param {string | null | undefined} initials */
function letters(initials) {
  return (initials ?? '').normalize('NFD').replace(/[^A-Za-z]/g, '').toUpperCase();
}

/**
 * Whether an item is about who typed this birth year and these initials. What a source does not know
 * cannot differ; of initials the shorter must begin the longer.
 * @param {SubjectCheck | null | undefined} told what the item says
 * @param {SubjectCheck} typed what the resident typed
 */
export function isSubject(told, typed) {
  if (!told) return false;
  if (told.birthYear !== null && Number(told.birthYear) !== Number(typed.birthYear)) return false;
  const [a, b] = [letters(told.initials), letters(typed.initials)];
  return a === '' || b === '' || a.startsWith(b) || b.startsWith(a);
}

/**
 * Sort opened items into a situation. What may be someone else's is counted and left out.
 * @param {Opened[]} opened
 * @param {SubjectCheck} typed
 * @param {{ closed?: number, lastVisit?: string | null, answered?: Record<string, string> }} [options]
 * @returns {Situation}
 */
export function arrange(opened, typed, { closed = 0, lastVisit = null, answered = {} } = {}) {
  const mine = opened.filter(({ item }) => isSubject(item.subjectCheck, typed));
  const items = newestOnly(mine);
  const situation = items.filter((item) => item.kind === 'situation').at(-1) ?? null;
  const day = items.reduce((latest, item) => (item.day > latest ? item.day : latest), '');
  const signals = items.filter((item) => item.kind === 'signal');
  const fresh = items.filter((item) => lastVisit !== null && item.day > lastVisit).map((item) => item.id);
  return {
    situation,
    facts: items.filter((item) => item.kind === 'fact').sort(newestFirst),
    signals: signals.sort((a, b) => urgency(a, answered).localeCompare(urgency(b, answered))),
    notices: items.filter((item) => item.kind === 'notice').sort(newestFirst),
    fresh: new Set(fresh),
    notMine: opened.length - mine.length,
    closed,
    day,
  };
}

/**
 * Of one record only what was sealed last.
 * @param {Opened[]} opened
 * @returns {any[]}
 */
function newestOnly(opened) {
  const newest = new Map();
  for (const { item } of [...opened].sort((a, b) => a.seq - b.seq)) {
    const key = item.kind === 'fact' ? `fact:${item.record}` : `${item.kind}:${item.id}`;
    newest.delete(key);
    newest.set(key, item);
  }
  return [...newest.values()];
}

/** @param {any} a @param {any} b */
function newestFirst(a, b) {
  return (b.eventOn ?? b.day).localeCompare(a.eventOn ?? a.day) || a.id.localeCompare(b.id);
}

/** Unanswered first, then by the day to act by. @param {Signal} signal @param {Record<string, string>} answered */
function urgency(signal, answered) {
  return `${answered[signal.id] ? 1 : 0} ${signal.actByOn ?? '9999'} ${signal.id}`;
}

/** Whether a team sees an item too, as the law says. @param {{ audience: string[] }} item */
export const isShared = (item) => item.audience.some((who) => who !== 'resident');

/**
 * What stands out in a domain: its own signals, and those about a fact in it.
 * @param {Situation} situation
 * @param {string} domain
 */
export function signalsOf(situation, domain) {
  return situation.signals.filter(
    (signal) =>
      signal.domain === domain || factsBehind(situation, signal).some((fact) => fact.domain === domain),
  );
}

/** @param {Situation} situation @param {string} domain */
export const factsOf = (situation, domain) => situation.facts.filter((f) => f.domain === domain);

/** The facts a signal was made of. @param {Situation} situation @param {Signal} signal */
export function factsBehind(situation, signal) {
  return situation.facts.filter((fact) => signal.facts.includes(fact.id));
}
