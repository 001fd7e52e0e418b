/** Who to reach now. Drawn here too, so that the lock stays open; the public page says the same. */

import { el, icon } from '../parts/dom.js';
import { CONFIG } from '../parts/page.js';
import { heading, paragraph, row } from './cards.js';
import { t } from './texts.js';

export const CALL = `tel:${CONFIG.phone.replace(/\D/g, '')}`;

/** @returns {Node[]} */
export function helpPage() {
  return [
    el('div', { class: 'or-pagehead' }, heading(1, t('helpPage')), paragraph(t('helpText'))),
    el(
      'div',
      { class: 'or-cols or-cols--half' },
      el(
        'section',
        { class: 'or-card', 'aria-labelledby': 'praat' },
        heading(2, t('helpTitle'), { id: 'praat' }),
        el('ul', { class: 'or-rows' }, ...reach()),
      ),
      el(
        'section',
        { class: 'or-card', 'aria-labelledby': 'nu' },
        heading(2, t('helpNow'), { id: 'nu' }),
        el(
          'ul',
          { class: 'or-rows' },
          row({ icon: 'phone', name: t('help112'), status: t('helpAlways'), href: 'tel:112' }),
          row({ icon: 'phone', name: t('help113'), status: t('help113Note'), href: 'tel:113' }),
          row({ icon: 'phone', name: t('helpHome'), status: t('helpHomeNote'), href: 'tel:08002000' }),
        ),
      ),
    ),
  ];
}

/** The phone and the desk. */
export const reach = () => [
  row({ icon: 'phone', name: t('helpCall', { phone: CONFIG.phone }), status: t('helpCallNote'), href: CALL }),
  row({ icon: 'door', name: t('helpDesk'), status: t('helpDeskNote', { desk: CONFIG.desk }) }),
];

/** Below an answer: nothing is sent. */
export function howToGetHelp() {
  return el(
    'div',
    { class: 'or-plate or-gap' },
    heading(3, [icon('hand', 'or-icon--inline'), ` ${t('helpTitle')}`]),
    paragraph(t('helpText')),
    el('ul', { class: 'or-rows' }, ...reach()),
  );
}
