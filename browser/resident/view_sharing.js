/** What is shared: nothing by the resident yet, and what the law sends to debt help. */

import { el, icon } from '../parts/dom.js';
import { CONFIG } from '../parts/page.js';
import { can, heading, paragraph, row } from './cards.js';
import { SLUGS, isShared } from './situation.js';
import { said, t } from './texts.js';

/**
 * @param {import('./situation.js').Situation} situation
 * @returns {Node[]}
 */
export function sharingPage(situation) {
  const shared = situation.facts.filter(isShared);
  return [
    el('div', { class: 'or-pagehead' }, heading(1, t('sharingTitle')), paragraph(`**${t('sharingNone')}** ${t('sharingLater')}`)),
    el(
      'div',
      { class: 'or-cols or-cols--aside' },
      el(
        'section',
        { class: 'or-card', 'aria-labelledby': 'wet' },
        heading(2, [el('span', { class: 'or-domain__tile' }, icon('law')), t('sharingLaw')], { id: 'wet', more: 'or-h1icon' }),
        paragraph(shared.length ? t('sharingLawSome') : t('sharingLawNone')),
        shared.length > 0 &&
          el(
            'ul',
            { class: 'or-rows' },
            ...shared.map((fact) =>
              row({
                icon: 'people',
                name: said(fact.title),
                status: fact.source.name,
                href: `#/${SLUGS[/** @type {keyof typeof SLUGS} */ (fact.domain)] ?? 'geld'}`,
              }),
            ),
          ),
        paragraph(t('sharingLawText'), 'or-gap'),
        paragraph(`${t('sharingLawOnly')} ${t('sharingLawObject', { phone: CONFIG.phone })}`),
      ),
      el(
        'section',
        { class: 'or-plate', 'aria-labelledby': 'nooit' },
        heading(2, t('sharingNever'), { id: 'nooit', look: 3 }),
        can('yes', [t('sharingNever1'), t('sharingNever2')]),
      ),
    ),
  ];
}
