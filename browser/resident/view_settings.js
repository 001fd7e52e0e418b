/** Keys, this device, language, and stopping: each with its way back. */

import { el, icon } from '../parts/dom.js';
import { openDialog } from '../parts/dialog.js';
import { actions, button, can, heading, linkButton, paragraph } from './cards.js';
import { choiceCards } from './form.js';
import * as device from './device.js';
import { t } from './texts.js';

/** @typedef {import('./api.js').Wrap} Wrap */
/** @typedef {{ addCode: () => void, addPhone: () => void,
 *   addDevice: (() => void) | null, remove: (wrap: Wrap) => void, stop: () => void }} SettingsActs */

const KINDS = /** @type {const} */ ({
  code: { icon: 'paper', name: 'kindCode' },
  passkey: { icon: 'mobile', name: 'kindPasskey' },
  letter: { icon: 'people', name: 'kindLetter' },
  device: { icon: 'mobile', name: 'kindDevice' },
});

/**
 * @param {{ wraps: Wrap[], usedWrapId: string, canPasskey: boolean, acts: SettingsActs }} about
 * @returns {Node[]}
 */
export function settingsPage({ wraps, usedWrapId, canPasskey, acts }) {
  return [
    el('div', { class: 'or-pagehead' }, heading(1, t('settingsTitle'))),
    el('div', { id: 'gemeld', 'aria-live': 'polite' }),
    el(
      'div',
      { class: 'or-cols or-cols--half' },
      el('div', { class: 'or-stack' }, keys(wraps, usedWrapId, acts), addKeys(canPasskey, acts)),
      el('div', { class: 'or-stack' }, sharedPhone(), language(), stopping(acts)),
    ),
  ];
}

/** @param {Wrap[]} wraps @param {string} usedWrapId @param {SettingsActs} acts */
function keys(wraps, usedWrapId, acts) {
  const rows = wraps.map((wrap) => {
    const kind = KINDS[/** @type {keyof typeof KINDS} */ (wrap.kind)] ?? KINDS.code;
    const status = wrap.wrapId === usedWrapId ? t('keyThis') : '';
    return el(
      'li',
      {},
      el(
        'div',
        { class: 'or-row or-row--plain' },
        el('span', { class: 'or-domain__tile' }, icon(kind.icon)),
        el('span', {}, el('span', { class: 'or-row__name' }, t(kind.name)), el('span', { class: 'or-row__status' }, status)),
        wraps.length > 1 && button(t('keyRemove'), () => askRemove(wrap, acts), { more: 'or-button--small' }),
      ),
    );
  });
  return el(
    'section',
    { class: 'or-card', 'aria-labelledby': 'sleutels' },
    heading(2, t('keysTitle'), { id: 'sleutels' }),
    paragraph(t('keysText')),
    el('ul', { class: 'or-rows' }, ...rows),
    wraps.length === 1 && paragraph(t('keyOnlyOne'), 'or-small or-soft'),
  );
}

/** @param {Wrap} wrap @param {SettingsActs} acts */
function askRemove(wrap, acts) {
  const dialog = openDialog(
    heading(2, t('keyRemoveTitle')),
    paragraph(t('keyRemoveText')),
    actions(
      button(t('keyRemoveYes'), () => {
        dialog.close();
        acts.remove(wrap);
      }),
      button(t('keyRemoveNo'), () => dialog.close()),
    ),
  );
}

/** @param {boolean} canPasskey @param {SettingsActs} acts */
function addKeys(canPasskey, acts) {
  return el(
    'section',
    { class: 'or-card or-stack--tight', 'aria-label': t('keyAddCode') },
    paragraph(t('keyAddCodeNote')),
    actions(button([icon('paper'), t('keyAddCode')], acts.addCode)),
    canPasskey && paragraph(t('keyAddPhoneNote')),
    canPasskey && actions(button([icon('mobile'), t('keyAddPhone')], acts.addPhone)),
    acts.addDevice && paragraph(t('keyAddDeviceNote')),
    acts.addDevice && actions(button([icon('mobile'), t('keyAddDevice')], acts.addDevice)),
  );
}

function sharedPhone() {
  const choice = choiceCards({
    name: 'gedeeld',
    legend: t('sharedPhone'),
    kind: 'checkbox',
    choices: [{ value: 'onthoud', label: t('sharedPhoneOn'), note: t('sharedPhoneOnNote') }],
  });
  const box = choice.node.querySelector('input');
  if (box) box.checked = device.keeps();
  choice.node.addEventListener('change', () => device.setKeeps(choice.chosen().length > 0));
  return el(
    'section',
    { class: 'or-card', 'aria-labelledby': 'gedeelde' },
    heading(2, t('sharedPhone'), { id: 'gedeelde' }),
    paragraph(t('sharedPhoneText')),
    choice.node,
  );
}

function language() {
  const link = document.querySelector('[data-language]');
  return el(
    'section',
    { class: 'or-card', 'aria-labelledby': 'taal' },
    heading(2, t('language'), { id: 'taal' }),
    paragraph(t('languageText')),
    linkButton(t('otherLanguage'), link?.getAttribute('href') ?? '/'),
  );
}

/** @param {SettingsActs} acts */
function stopping(acts) {
  return el(
    'section',
    { class: 'or-card', 'aria-labelledby': 'stoppen' },
    heading(2, t('stopTitle'), { id: 'stoppen' }),
    paragraph(t('stopText')),
    actions(button([icon('stop'), t('stopButton')], () => askStop(acts))),
  );
}

/** Stop or stay: two buttons of the same size, and what stopping does and cannot do. @param {SettingsActs} acts */
function askStop(acts) {
  const dialog = openDialog(
    heading(2, t('stopAsk')),
    can('yes', [t('stopYes1'), t('stopYes2')]),
    can('no', [t('stopNo1'), t('stopNo2'), t('stopNo3')], 'or-gap'),
    actions(
      button(t('stopGo'), () => {
        dialog.close();
        acts.stop();
      }),
      button(t('stopStay'), () => dialog.close()),
    ),
  );
}
