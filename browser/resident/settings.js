/** What the settings page can do: keys added and removed, and stopping altogether. */

import { openDialog } from '../parts/dialog.js';
import * as api from './api.js';
import { actions, button, done, heading, linkButton, paragraph } from './cards.js';
import { codeCard } from './code_sheet.js';
import { deviceKeyOf, forgetDeviceKey, makeDeviceKey } from './device_key.js';
import { form, textField } from './form.js';
import * as keyring from './keyring.js';
import { canUsePasskey, makePasskey } from './passkey.js';
import { t } from './texts.js';
import { settingsPage } from './view_settings.js';

const CHECKED_GROUP = 5;

/**
 * @typedef {{ open: import('./app.js').Open, show: (nodes: Node[], about: { title: string, place?: string }) => void,
 *   showFailure: (failure: unknown, again: () => void) => void, stopped: () => void }} Page
 */

/**
 * Draw the settings.
 * @param {Page} page
 * @param {Node} [message] what just happened
 */
export async function settings(page, message) {
  const { open, show, showFailure } = page;
  const again = () => void settings(page);
  try {
    const { mailbox } = open.keys;
    const [vault, canPasskey, deviceKey] = await Promise.all([api.vault(), canUsePasskey(), deviceKeyOf(mailbox)]);
    const hasDeviceKey = deviceKey !== null && vault.wraps.some((wrap) => wrap.kind === 'device');
    if (!window.location.hash.endsWith('/instellingen')) return;
    const acts = {
      addCode: () => void addCode(page),
      addPhone: () => void attempt(page, () => addPhone(page)),
      addDevice: hasDeviceKey ? null : () => void attempt(page, () => addDevice(page)),
      /** @param {api.Wrap} wrap */
      remove: (wrap) => void attempt(page, () => remove(page, wrap)),
      stop: () => void attempt(page, () => stop(page)),
    };
    show(settingsPage({ wraps: vault.wraps, usedWrapId: open.keys.under.wrapId, canPasskey, acts }), { title: t('titleSettings') });
    if (message) document.getElementById('gemeld')?.replaceChildren(message);
  } catch (failure) {
    showFailure(failure, again);
  }
}

/** Do it; a login that is too old is asked for again. @param {Page} page @param {() => Promise<void>} act */
async function attempt(page, act) {
  try {
    await act();
  } catch (failure) {
    if (failure instanceof api.Refused && failure.status === 403) loginAgain();
    else page.showFailure(failure, () => void settings(page));
  }
}

function loginAgain() {
  const dialog = openDialog(
    heading(2, t('loginFirst')),
    paragraph(t('keyLoginAgain')),
    actions(linkButton(t('loginButton'), api.loginAddress('/mijn/')), button(t('close'), () => dialog.close())),
  );
}

/** A new code, once, with one group typed again before it counts. @param {Page} page */
async function addCode(page) {
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
    if (!isRight) return;
    dialog.close();
    await attempt(page, async () => {
      await api.addWrap(await keyring.alsoUnder(page.open.keys, await keyring.codeMeans(code, 'code')));
      await settings(page, done(t('keyAdded')));
    });
  };
  const dialog = openDialog(
    heading(2, t('codeTitle')),
    paragraph(t('codeText')),
    codeCard(code),
    form(submit, field.node, actions(button(t('codeKept'), undefined, { kind: 'primary-action', type: 'submit' }), button(t('close'), () => dialog.close()))),
  );
}

/** @param {Page} page */
async function addPhone(page) {
  const { credential, secret } = await makePasskey();
  await api.addWrap(await keyring.alsoUnder(page.open.keys, await keyring.passkeyMeans(secret, credential)));
  await settings(page, done(t('keyAdded')));
}

/** @param {Page} page */
async function addDevice(page) {
  const { keys } = page.open;
  const kek = await makeDeviceKey(keys.mailbox);
  try {
    await api.addWrap(await keyring.alsoUnder(keys, { kek, kind: 'device', params: {} }));
  } catch (failure) {
    await forgetDeviceKey(keys.mailbox);
    throw failure;
  }
  await settings(page, done(t('keyAdded')));
}

/** @param {Page} page @param {api.Wrap} wrap */
async function remove(page, wrap) {
  if (wrap.kind === 'device') await forgetDeviceKey(page.open.keys.mailbox);
  await api.removeWrap(wrap.wrapId);
  await settings(page, done(t('keyRemoved')));
}

/** @param {Page} page */
async function stop({ open, stopped }) {
  await api.withdraw(await keyring.sealKeysReturn(open.keys, 'withdraw', {}, open.publicKeys));
  stopped();
}
