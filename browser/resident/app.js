/** The resident's own page: lock, open, draw, answer, lock again. Everything opened lives in here only. */

import { closeDialogs } from '../parts/dialog.js';
import { dayOf } from '../parts/format.js';
import { watchIdle } from '../parts/idle.js';
import { onLeave } from '../parts/leave.js';
import { address, showAudience, showMenu, showPage } from '../parts/page.js';
import { askWhatIsPaid, askWhatIsWrong, sentMessage } from './answers.js';
import * as api from './api.js';
import { button, one, paragraph, state } from './cards.js';
import * as device from './device.js';
import { deviceKeyOf, forgetDeviceKey } from './device_key.js';
import * as keyring from './keyring.js';
import { usePasskey } from './passkey.js';
import { followRun } from './run_progress.js';
import { readLog } from './log_events.js';
import { settings } from './settings.js';
import { SIGNALS_AT_ONCE, SLUGS, arrange, isShared } from './situation.js';
import { askSubject } from './subject.js';
import { t } from './texts.js';
import * as lock from './unlock.js';
import { domainPage } from './view_domain.js';
import { lookedPage } from './view_looked.js';
import { helpPage, howToGetHelp } from './view_help.js';
import { messagePage, notNowSaid, showAnswer } from './view_message.js';
import { overview } from './view_overview.js';
import { sharingPage } from './view_sharing.js';

/**
 * @typedef {import('./situation.js').Situation} Situation
 * @typedef {{ keys: keyring.Keys, publicKeys: api.PublicKeys, situation: Situation, lastVisit: string | null,
 *   shown: Set<string>, told: Set<string> }} Open
 */

/** @type {Open | null} What is open. INVARIANT: null whenever the lock is shown. */
let opened = null;
/** @type {() => void} */
let stopWatching = () => {};
/** @type {() => void} */
let stopFollowing = () => {};

/** Forget keys and content, and take them off the screen. */
function wipe() {
  opened = null;
  stopWatching();
  stopFollowing();
  closeDialogs();
}
onLeave(() => {
  wipe();
  void api.logout();
});

/** @param {Node[]} nodes @param {{ title?: string, place?: string }} [about] */
function show(nodes, { title = t('overview'), place = '' } = {}) {
  showAudience('only-you', t('onlyYou'));
  showPage(nodes, { title, place });
}

/** Say that something failed, that nothing was lost, and what can be done. @param {unknown} failure @param {() => void} again */
export function showFailure(failure, again) {
  if (failure instanceof api.Unreachable) return show(lock.offlineState(again));
  if (failure instanceof api.Refused && failure.status === 401) return show(lock.loginState(api.loginAddress('/mijn/')));
  const number = failure instanceof api.Refused ? String(failure.status) : '1';
  return show(lock.failedState(number, again));
}

/** Begin at the lock: who is logged in, and with which keys does their vault open? */
export async function start() {
  wipe();
  try {
    const session = await api.session();
    showMenu(session.state === 'known' && session.enrolled);
    if (session.state === 'anonymous') return show(lock.loginState(api.loginAddress('/mijn/')));
    if (!session.enrolled) return show(lock.notJoinedState());
    const [vault, deviceKey] = await Promise.all([api.vault(), deviceKeyOf(session.mailbox)]);
    return showLock(session, vault, deviceKey);
  } catch (failure) {
    return showFailure(failure, () => void start());
  }
}

/** @param {Extract<api.Session, { state: 'known' }>} session @param {api.Vault} vault @param {CryptoKey | null} deviceKey */
function showLock(session, vault, deviceKey) {
  /** @param {api.Wrap[]} wraps @param {CryptoKey} kek */
  const tryKey = async (wraps, kek) => {
    const keys = await keyring.open(vault, wraps, kek, session);
    if (keys) await enterWith(keys);
    return keys !== null;
  };
  /** @param {string} kind */
  const wrapsOf = (kind) => vault.wraps.filter((wrap) => wrap.kind === kind);
  const acts = {
    withDeviceKey: deviceKey && wrapsOf('device').length > 0 ? () => tryKey(wrapsOf('device'), deviceKey) : null,
    /** @param {string} code */
    withCode: async (code) => {
      for (const kind of /** @type {const} */ (['code', 'letter'])) {
        const { kek } = await keyring.codeMeans(code, kind);
        if (await tryKey(wrapsOf(kind), kek)) return true;
      }
      return false;
    },
    /** @param {api.Wrap[]} wraps */
    withPasskey: async (wraps) => {
      try {
        const credentials = wraps.map((wrap) => String(wrap.params['credential']));
        const { credential, secret } = await usePasskey(credentials);
        const { kek } = await keyring.passkeyMeans(secret, credential);
        if (!device.hasChosen()) device.setKeeps(true);
        return await tryKey(wraps, kek);
      } catch {
        return false;
      }
    },
  };
  show(lock.unlockPage(vault.wraps, acts));
}

/** The lock is open: fetch, open here, check whose it is, and draw. @param {keyring.Keys} keys */
export async function enterWith(keys) {
  show(lock.busyState());
  showMenu(true);
  if (!window.location.pathname.startsWith(address('/mijn/'))) window.history.replaceState(null, '', address('/mijn/#/'));
  try {
    const subject = await keyring.subjectOf(keys);
    if (subject) await openFor(keys, subject);
    else {
      const done = (/** @type {import('./situation.js').SubjectCheck} */ typed) => void openFor(keys, typed).catch(retry(keys));
      show([askSubject(done, { title: t('checkTitle'), text: t('checkText') })]);
    }
  } catch (failure) {
    retry(keys)(failure);
  }
}

/** @param {keyring.Keys} keys */
const retry = (keys) => (/** @type {unknown} */ failure) => showFailure(failure, () => void enterWith(keys));

/** @param {keyring.Keys} keys @param {import('./situation.js').SubjectCheck} subject */
async function openFor(keys, subject) {
  show(lock.busyState());
  const [publicKeys, sealed] = await Promise.all([api.publicKeys(), api.items()]);
  if (sealed.length === 0) return showNothingYet(keys);
  const { opened: items, closed } = await keyring.openItems(keys, sealed, publicKeys);
  const lastVisit = device.lastVisit();
  const situation = arrange(items, subject, { closed, lastVisit, answered: device.answers() });
  opened = { keys, publicKeys, situation, lastVisit, shown: new Set(), told: new Set() };
  device.noteVisit(dayOf(new Date()));
  stopWatching = watchIdle(lockAgain);
  draw();
  void tellShown();
}

/** Keys work, but the run has not been by. @param {keyring.Keys} keys */
function showNothingYet(keys) {
  const again = () => void enterWith(keys);
  const run = followRun({ ready: () => window.setTimeout(again, 600) });
  stopFollowing = run.stop;
  stopWatching = watchIdle(lockAgain);
  show([one(state({ icon: 'clock', title: t('nothingYet') }, paragraph(t('nothingYetText')), run.node, button(t('tryAgain'), again)))], { place: 'overview' });
}

/** Nothing was done for a quarter of an hour. */
function lockAgain() {
  void tellShown();
  wipe();
  show(lock.lockedState(() => void start()));
}

/** Close everything and end the session. */
async function logout() {
  await tellShown();
  wipe();
  showMenu(false);
  show(lock.loggedOutState(api.loginAddress('/mijn/')));
  await api.logout();
}

/** Draw the place in the address. Nothing is fetched for it, so the server never learns which. */
export function draw() {
  if (!opened) return;
  closeDialogs();
  const [place = '', number = ''] = window.location.hash.replace(/^#\/?/, '').split('/');
  const domain = /** @type {keyof typeof SLUGS | undefined} */ (
    Object.keys(SLUGS).find((name) => SLUGS[/** @type {keyof typeof SLUGS} */ (name)] === place)
  );
  if (domain) return showDomain(opened, domain);
  if (place === 'bericht') return showMessage(opened, Number(number));
  if (place === 'hulp') return show(helpPage(), { title: t('titleHelp'), place: 'help' });
  if (place === 'delen') return show(sharingPage(opened.situation), { title: t('titleSharing'), place: 'sharing' });
  if (place === 'wie-keek-mee') return void showLooked(opened);
  if (place === 'instellingen') return void settings({ open: opened, show, showFailure, stopped });
  return showOverview(opened);
}

/** @param {Open} open */
function showOverview({ situation, lastVisit, shown }) {
  for (const signal of situation.signals.slice(0, SIGNALS_AT_ONCE)) shown.add(signal.id);
  for (const notice of situation.notices) shown.add(notice.id);
  show(overview(situation, { answered: device.answers(), lastVisit }), { place: 'overview' });
}

/** @param {Open} open @param {keyof typeof SLUGS} domain */
function showDomain({ situation, shown }, domain) {
  for (const fact of situation.facts) if (fact.domain === domain) shown.add(fact.id);
  /** @param {import('./situation.js').Fact[]} facts */
  const dispute = (facts) => askWhatIsWrong(facts, async (about, correction) => {
    await sendCorrections(about, correction);
    draw();
  }, failedToSend);
  show(domainPage(situation, domain, { answered: device.answers(), dispute }), { title: t('titleTopic'), place: 'overview' });
}

/** @param {Open} open @param {number} number */
function showMessage({ situation, shown }, number) {
  const signal = situation.signals[number - 1];
  if (signal) shown.add(signal.id);
  /** @param {import('./situation.js').Signal} about @param {typeof askWhatIsPaid} ask */
  const answer = (about, ask) => (/** @type {import('./situation.js').Fact[]} */ facts) =>
    ask(facts, async (chosen, correction) => {
      await sendCorrections(chosen, correction);
      device.noteAnswer(about.id, correction.kind);
      showAnswer(sentMessage(correction.kind));
    }, failedToSend);
  const nodes = messagePage(situation, number, {
    paid: (about, facts) => answer(about, askWhatIsPaid)(facts),
    wrong: (about, facts) => answer(about, askWhatIsWrong)(facts),
    help: () => showAnswer(howToGetHelp()),
    notNow: (about) => {
      device.noteAnswer(about.id, 'not_now');
      showAnswer(notNowSaid(about));
    },
  });
  show(nodes, { title: t('titleMessage'), place: 'overview' });
  if (signal && isShared(signal)) showAudience('shared', t('youAndDebtHelp'));
}

/** @param {Open} open */
async function showLooked({ keys, publicKeys }) {
  const about = { title: t('titleLooked'), place: 'looked' };
  show(lock.busyState(), about);
  try {
    const looked = await readLog(keys, publicKeys);
    if (window.location.hash.endsWith('/wie-keek-mee')) show(lookedPage(looked), about);
  } catch (failure) {
    showFailure(failure, draw);
  }
}

/** Sealed to the run and signed, one per record. @param {import('./situation.js').Fact[]} facts @param {import('./answers.js').Correction} correction */
async function sendCorrections(facts, { kind, note }) {
  if (!opened) return;
  const { keys, publicKeys } = opened;
  for (const fact of facts) {
    const payload = keyring.correctionPayload(keys, { record: fact.record, kind, note });
    await api.sendReturn(await keyring.sealToRun(keys, 'corrections', payload, publicKeys));
    device.noteAnswer(fact.id, kind);
  }
}

/** @param {unknown} failure */
const failedToSend = (failure) => showFailure(failure, draw);

/** Say once what was on screen: fetching is not seeing. */
async function tellShown() {
  if (!opened) return;
  const { keys, publicKeys, shown, told } = opened;
  const fresh = [...shown].filter((id) => !told.has(id)).sort();
  if (fresh.length === 0) return;
  for (const id of fresh) told.add(id);
  const sealed = await keyring.sealToRun(keys, 'shown', keyring.shownPayload(keys, fresh), publicKeys);
  await api.sendReturn(sealed).catch(() => fresh.forEach((id) => told.delete(id)));
}

/** The resident stopped taking part. */
function stopped() {
  if (opened) void forgetDeviceKey(opened.keys.mailbox);
  wipe();
  device.forget();
  showMenu(false);
  show(lock.stoppedState());
}

/** Listen to the address, the jump links and the way out. */
export function installApp() {
  window.addEventListener('hashchange', () => {
    if (window.location.hash.startsWith('#/') || window.location.hash === '') draw();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('[data-jump]') : null;
    if (!link) return;
    event.preventDefault();
    document.getElementById(link.getAttribute('data-jump') ?? '')?.scrollIntoView();
  });
  document.querySelector('[data-skip]')?.addEventListener('click', (event) => {
    event.preventDefault();
    document.getElementById('inhoud')?.focus();
  });
  for (const link of document.querySelectorAll('a[data-place="help"]')) {
    link.addEventListener('click', (event) => {
      if (!opened) return;
      event.preventDefault();
      window.location.hash = '#/hulp';
    });
  }
  for (const node of document.querySelectorAll('[data-logout]')) node.addEventListener('click', () => void logout());
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload();
  });
}
