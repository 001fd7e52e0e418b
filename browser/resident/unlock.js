/** Opening the lock: with this device, or with the code on paper. */

import { el, icon } from '../parts/dom.js';
import { CONFIG, address } from '../parts/page.js';
import { actions, button, explanation, heading, linkButton, one, paragraph, row, state } from './cards.js';
import { form, textField } from './form.js';
import { codeProblem } from './keyring.js';
import { t } from './texts.js';

/** @typedef {import('./api.js').Wrap} Wrap */
/** @typedef {{ withDeviceKey: (() => Promise<boolean>) | null, withCode: (code: string) => Promise<boolean>,
 *   withPasskey: (wraps: Wrap[]) => Promise<boolean> }} UnlockActs */

/**
 * The lock: what this vault's keys allow, and what to do when none fits.
 * @param {Wrap[]} wraps
 * @param {UnlockActs} acts
 */
export function unlockPage(wraps, acts) {
  const passkeys = wraps.filter((wrap) => wrap.kind === 'passkey');
  const first = acts.withDeviceKey ? 'secondary-action' : 'primary-action';
  const hasCode = wraps.some((wrap) => wrap.kind === 'code' || wrap.kind === 'letter');
  return [
    one(
      heading(1, t('unlockTitle')),
      paragraph(t('unlockText')),
      acts.withDeviceKey && oneTap('unlockDevice', 'unlockDeviceError', acts.withDeviceKey, 'primary-action'),
      passkeys.length > 0 && oneTap('unlockPhone', 'unlockPasskeyError', () => acts.withPasskey(passkeys), first),
      hasCode && withCode(acts, passkeys.length === 0 && !acts.withDeviceKey),
      whenNoneFits(),
    ),
  ];
}

/**
 * One button; what to do when it does not open.
 * @param {import('./texts.js').TextKey} name
 * @param {import('./texts.js').TextKey} error
 * @param {() => Promise<boolean>} attempt
 * @param {'primary-action' | 'secondary-action'} kind
 */
function oneTap(name, error, attempt, kind) {
  const failure = el('p', { class: 'utrecht-paragraph', role: 'alert', hidden: true }, t(error));
  const open = async () => failure.toggleAttribute('hidden', await attempt());
  return el(
    'div',
    { class: 'or-card or-gap' },
    actions(button([icon('mobile'), t(name)], () => void open(), { kind })),
    failure,
  );
}

/** @param {UnlockActs} acts @param {boolean} isOnlyWay */
function withCode(acts, isOnlyWay) {
  const field = textField({
    id: 'code',
    label: t('unlockCodeLabel'),
    help: t('unlockCodeHelp'),
    attributes: { autocapitalize: 'characters', maxlength: 60, class: 'or-codefield' },
  });
  const submit = async () => {
    const problem = await codeProblem(field.input.value);
    field.say(problem);
    if (problem) return;
    const isOpen = await acts.withCode(field.input.value);
    if (isOpen) field.input.value = '';
    else field.say(t('unlockCodeError'));
  };
  const button_ = button([icon('key'), t('unlockOpen')], undefined, {
    kind: isOnlyWay ? 'primary-action' : 'secondary-action',
    type: 'submit',
  });
  return el('div', { class: 'or-card or-gap' }, heading(2, t('unlockCode'), { look: 3 }), form(submit, field.node, actions(button_)));
}

function whenNoneFits() {
  return explanation(
    'question',
    t('unlockLost'),
    el(
      'ul',
      { class: 'or-rows' },
      row({ icon: 'paper', name: t('unlockLostPaper'), status: t('unlockLostPaperNote') }),
      row({ icon: 'people', name: t('unlockLostDesk'), status: t('unlockLostDeskNote', { desk: CONFIG.desk }) }),
      row({ icon: 'phone', name: t('unlockLostCall', { phone: CONFIG.phone }), status: t('unlockLostCallNote'), href: `tel:${CONFIG.phone.replace(/\D/g, '')}` }),
    ),
    paragraph(t('unlockLostText'), 'or-small or-soft'),
  );
}

/** Nobody is logged in. @param {string} login where to log in */
export const loginState = (login) => [
  one(state({ icon: 'key', title: t('loginFirst') }, paragraph(t('loginFirstText')), linkButton(t('loginButton'), login, 'primary-action'))),
];

/** Logged in, but without keys: yes and no are equally large. */
export const notJoinedState = () => [
  one(
    state(
      { icon: 'person', title: t('notJoined') },
      paragraph(t('notJoinedText')),
      actions(
        linkButton(t('notJoinedYes'), address('/welkom/sleutel/'), 'primary-action'),
        linkButton(t('notJoinedNo'), address('/hulp/')),
      ),
    ),
  ),
];

/** While keys work. @param {string} [title] @param {string} [text] */
export const busyState = (title = t('opening'), text = t('openingText')) => [
  el(
    'div',
    { class: 'or-one or-waiting' },
    state(
      { icon: 'unlock', title },
      el('p', { class: 'utrecht-paragraph', role: 'status' }, text),
      el('div', { class: 'or-skeleton', 'aria-hidden': 'true' }, ...Array.from({ length: 4 }, () => el('span'))),
    ),
  ),
];

/** After a quarter of an hour. @param {() => void} reopen */
export const lockedState = (reopen) => [
  one(
    state(
      { icon: 'lock', title: t('locked') },
      paragraph(t('lockedText')),
      button([icon('key'), t('lockedOpen')], reopen, { kind: 'primary-action' }),
    ),
  ),
];

/** @param {string} login */
export const loggedOutState = (login) => [
  one(state({ icon: 'lock', title: t('loggedOut') }, paragraph(t('loggedOutText')), linkButton(t('loggedOutAgain'), login))),
];

export const stoppedState = () => [
  one(state({ icon: 'done', title: t('stoppedTitle') }, paragraph(t('stoppedText')), linkButton(t('toOverview'), address('/welkom/')))),
];

/** @param {() => void} again */
export const offlineState = (again) => [
  one(state({ icon: 'offline', title: t('offline') }, paragraph(t('offlineText')), button(t('tryAgain'), again))),
];

/** @param {string} number what to mention on the phone @param {() => void} again */
export const failedState = (number, again) => [
  one(
    state(
      { icon: 'undo', title: t('failed'), dir: true },
      paragraph(t('failedText')),
      button(t('tryAgain'), again, { kind: 'primary-action' }),
      paragraph(t('failedCall', { phone: CONFIG.phone, number })),
    ),
  ),
];
