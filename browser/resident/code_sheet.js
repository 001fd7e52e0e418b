/** The code: on the screen once, and on an A4 sheet that exists only while it is printed. */

import { el, icon, rich } from '../parts/dom.js';
import { CONFIG, address } from '../parts/page.js';
import { day, dayOf } from '../parts/format.js';
import { qrCode } from '../parts/qr.js';
import { onLeave } from '../parts/leave.js';
import { button, can, heading, paragraph } from './cards.js';
import { t } from './texts.js';

const SHEET = 'codeblad';

/** Seven groups of four. @param {string} code @param {string} [more] */
export function codeGroups(code, more = '') {
  const groups = code.split('-').map((group, index) => el('li', {}, el('span', { 'aria-hidden': 'true' }, String(index + 1)), group));
  return el('ol', { class: `or-code ${more}`.trim(), 'aria-label': t('codeLabel') }, ...groups);
}

/**
 * The code on the screen, with the button that prints it.
 * @param {string} code
 */
export function codeCard(code) {
  return el(
    'div',
    { class: 'or-card' },
    codeGroups(code),
    paragraph(t('codeLetters'), 'or-small or-soft or-gap'),
    button([icon('print'), t('codePrint')], () => printSheet(code), { more: 'or-button--wide' }),
  );
}

/** Put the sheet in the page for printing only, print, and take it away again. @param {string} code */
export function printSheet(code) {
  removeSheet();
  document.body.append(sheet(code));
  document.documentElement.classList.add('is-printing-sheet');
  window.addEventListener('afterprint', removeSheet, { once: true });
  window.print();
}

function removeSheet() {
  document.getElementById(SHEET)?.remove();
  document.documentElement.classList.remove('is-printing-sheet');
}
onLeave(removeSheet);

/** The A4 sheet. @param {string} code */
export function sheet(code) {
  const home = `${window.location.host}${address('/mijn/')}`;
  return el(
    'section',
    { class: 'or-sheet', id: SHEET, 'aria-hidden': 'true' },
    el(
      'div',
      { class: 'or-sheet__head' },
      el('span', { class: 'or-brand__mark' }),
      el('span', {}, CONFIG.tenantName),
      el('span', { class: 'or-sheet__date' }, day(dayOf(new Date()), new Date(0))),
    ),
    heading(2, t('sheetTitle'), { look: 1 }),
    paragraph(t('sheetText')),
    el('div', { class: 'or-sheet__grid' }, codeGroups(code, 'or-code--print'), el('div', { class: 'or-qr' }, qrCode(code, t('sheetQr')))),
    paragraph(t('sheetLetters')),
    heading(2, t('sheetKeep')),
    can('yes', [t('sheetKeep1'), t('sheetKeep2'), t('sheetKeep3')]),
    heading(2, t('sheetUse'), { more: 'or-gap' }),
    el(
      'ol',
      { class: 'or-can' },
      ...[t('sheetUse1', { address: home }), t('sheetUse2'), t('sheetUse3')].map((line, index) =>
        el('li', {}, el('strong', {}, String(index + 1)), el('span', {}, ...rich(line))),
      ),
    ),
    el('p', { class: 'or-plate or-gap' }, ...rich(t('sheetLost', { phone: CONFIG.phone }))),
  );
}
