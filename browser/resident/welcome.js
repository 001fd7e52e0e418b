/** Enrolment, steps 2 and 3: two questions, a key of one's own, and then waiting without having to. */

import { el, icon } from '../parts/dom.js';
import { installLeave, onLeave } from '../parts/leave.js';
import { installReadAloud } from '../parts/read_aloud.js';
import { address, showAudience, showPage } from '../parts/page.js';
import * as api from './api.js';
import { enterWith, installApp, showFailure } from './app.js';
import { actions, back, button, explanation, heading, linkButton, one, paragraph, state } from './cards.js';
import { codeCard } from './code_sheet.js';
import { choiceCards, form, textField } from './form.js';
import * as device from './device.js';
import * as keyring from './keyring.js';
import { NoPasskey, canUsePasskey, makePasskey } from './passkey.js';
import { followRun } from './run_progress.js';
import { askSubject } from './subject.js';
import { t } from './texts.js';
import { busyState, loginState } from './unlock.js';

/** @typedef {import('./situation.js').SubjectCheck} Subject */
/** @typedef {{ session: Extract<api.Session, { state: 'known' }>, subject: Subject | null, helper: string | null }} Progress */

const CHECKED_GROUP = 5;

/** @param {number} step */
const progress = (step) =>
  el(
    'div',
    { class: 'or-progress' },
    el('ol', { class: 'or-progress__bar', 'aria-hidden': 'true' }, ...[1, 2, 3].map((n) => el('li', { class: n <= step ? 'is-done' : '' }))),
    el('span', {}, t('stepOf', { step })),
  );

/** @param {Node[]} nodes @param {string} [title] */
const show = (nodes, title = t('titleKey')) => {
  showAudience('only-you', t('onlyYou'));
  showPage(nodes, { title });
};

/** Where someone stands decides where they start. */
async function start() {
  try {
    const session = await api.session();
    if (session.state === 'anonymous') return show(loginState(api.loginAddress('/welkom/sleutel/')));
    if (window.location.pathname.includes('/klaar')) return showDone(null);
    if (session.enrolled) return show([already()]);
    return askWho({ session, subject: null, helper: null });
  } catch (failure) {
    return showFailure(failure, () => void start());
  }
}

const already = () =>
  one(state({ icon: 'done', title: t('already') }, paragraph(t('alreadyText')), linkButton(t('toMyPage'), address('/mijn/'), 'primary-action')));

/** @param {Progress} at */
function askWho(at) {
  const done = (/** @type {Subject} */ subject) => askKey({ ...at, subject });
  show([askSubject(done, { title: t('whoTitle'), text: t('whoText'), before: progress(2) })]);
}

/** @param {Progress} at @param {string} [error] */
async function askKey(at, error = '') {
  const canPasskey = await canUsePasskey();
  const choices = choiceCards({
    name: 'sleutel',
    legend: t('keyLegend'),
    choices: [
      { value: 'phone', label: t('keyPhone'), note: canPasskey ? t('keyPhoneNote') : t('keyPhoneCannot'), disabled: !canPasskey },
      { value: 'code', label: t('keyCode'), note: t('keyCodeNote') },
      { value: 'together', label: t('keyTogether'), note: t('keyTogetherNote') },
    ],
  });
  const submit = () => {
    const [chosen] = choices.chosen();
    choices.say(chosen ? '' : t('keyChooseError'));
    if (chosen === 'phone') void makePhoneKey(at);
    if (chosen === 'code') void showCode({ ...at, helper: null });
    if (chosen === 'together') askHelper(at);
  };
  show([
    one(
      progress(2),
      heading(1, t('keyTitle')),
      paragraph(t('keyText')),
      form(submit, choices.node, actions(button([icon('key'), t('keyMake')], undefined, { kind: 'primary-action', type: 'submit' }))),
      explanation('question', t('keyLost'), paragraph(t('keyLostText')), paragraph(t('keyLostText2'))),
      explanation('question', t('keyKnown'), paragraph(t('keyKnownText'))),
    ),
  ]);
  choices.say(error);
}

/** @param {Progress} at */
function askHelper(at) {
  const field = textField({ id: 'helper', label: t('helperName'), help: t('helperHelp'), attributes: { maxlength: 80 } });
  const submit = () => {
    const helper = field.input.value.trim();
    field.say(helper ? '' : t('helperError'));
    if (helper) void showCode({ ...at, helper });
  };
  show([
    one(
      backTo(at),
      progress(2),
      heading(1, t('helperTitle')),
      paragraph(t('helperText')),
      form(submit, field.node, actions(button(t('goOn'), undefined, { kind: 'primary-action', type: 'submit' }))),
    ),
  ]);
}

/** @param {Progress} at */
function backTo(at) {
  const link = back(t('codeOther'), '#');
  link.addEventListener('click', (event) => {
    event.preventDefault();
    void askKey(at);
  });
  return link;
}

/** The code, once, and one group of it typed again. @param {Progress} at */
async function showCode(at) {
  const code = await keyring.newCode();
  const group = code.split('-')[CHECKED_GROUP - 1] ?? '';
  const field = textField({
    id: 'groep',
    label: t('codeCheck', { group: CHECKED_GROUP }),
    help: t('codeCheckHelp'),
    attributes: { autocapitalize: 'characters', maxlength: 4, class: 'or-short' },
  });
  const submit = async () => {
    const isRight = keyring.sameCharacters(field.input.value, group);
    field.say(isRight ? '' : t('codeCheckError', { group: CHECKED_GROUP }));
    const kind = at.helper ? 'letter' : 'code';
    if (isRight) await enrol(at, await keyring.codeMeans(code, kind));
  };
  show([
    one(
      backTo(at),
      progress(2),
      heading(1, t('codeTitle')),
      at.helper ? el('div', { class: 'or-plate or-gap' }, paragraph(`**${t('helperLookAway')}**`)) : null,
      paragraph(t('codeText')),
      codeCard(code),
      el('div', { class: 'or-section' }, form(submit, field.node, el('div', { class: 'or-plate or-small' }, paragraph(t('codeKeep'))), actions(button(t('codeKept'), undefined, { kind: 'primary-action', type: 'submit' })))),
    ),
  ]);
}

/** @param {Progress} at */
async function makePhoneKey(at) {
  try {
    const { credential, secret } = await makePasskey();
    device.setKeeps(true);
    await enrol(at, await keyring.passkeyMeans(secret, credential));
  } catch (failure) {
    if (failure instanceof NoPasskey) await askKey(at, t('unlockPasskeyError'));
    else showFailure(failure, () => void askKey(at));
  }
}

/**
 * Make keys under one means, and send what may be known of them. Nothing is kept if any of it fails.
 * @param {Progress} at
 * @param {keyring.Means} means
 */
async function enrol({ session, subject: asked, helper }, means) {
  show(busyState(t('busyMaking'), t('busyMakingText')));
  try {
    const subject = asked ?? { birthYear: null, initials: null };
    const publicKeys = await api.publicKeys();
    const { mailbox } = session;
    const epoch = (session.epoch ?? 0) + 1;
    const keys = await keyring.makeKeys({ epoch, mailbox, tenant: publicKeys.tenant, means, subject });
    await api.enrol({
      ...keyring.publicHalves(keys),
      wraps: [keys.under],
      return: await keyring.sealKeysReturn(keys, 'enrol', { subject, helper }, publicKeys),
      assistedBy: helper,
    });
    window.history.replaceState(null, '', address('/welkom/klaar/'));
    showDone(keys);
  } catch (failure) {
    showFailure(failure, () => void start());
  }
}

/**
 * Step 3. Who just made a key goes on without typing it: the key stays in this page's memory.
 * @param {keyring.Keys | null} made
 */
function showDone(made) {
  const go = () => {
    run.stop();
    if (!made) window.location.assign(address('/mijn/'));
    else void enterWith(made);
  };
  const open = button(t('doneOpen'), go, { kind: 'primary-action' });
  const run = followRun({ ready: () => open.focus() });
  onLeave(run.stop);
  show(
    [
      one(
        progress(3),
        heading(1, t('doneTitle')),
        el('div', { class: 'or-card' }, run.node),
        actions(open, linkButton(t('doneLater'), address('/hulp/'))),
        paragraph(t('nothingSent'), 'or-small or-soft'),
      ),
    ],
    t('titleDone'),
  );
}

installLeave();
installReadAloud();
installApp();
void start();
