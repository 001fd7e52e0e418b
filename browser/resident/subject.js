/** The two questions by which a device later knows whose data it holds: birth year and initials. */

import { actions, button, heading, one, paragraph } from './cards.js';
import { form, textField } from './form.js';
import { t } from './texts.js';

const OLDEST_YEARS = 120;

/**
 * A form for birth year and initials.
 * @param {(subject: import('./situation.js').SubjectCheck) => void} done
 * @param {{ title: string, text: string, before?: Node | null }} about
 */
export function askSubject(done, { title, text, before = null }) {
  const year = textField({
    id: 'geboortejaar',
    label: t('birthYear'),
    help: t('birthYearHelp'),
    attributes: { inputmode: 'numeric', maxlength: 4, class: 'or-short' },
  });
  const initials = textField({
    id: 'voorletters',
    label: t('initials'),
    help: t('initialsHelp'),
    attributes: { autocapitalize: 'characters', maxlength: 20, class: 'or-short' },
  });
  const submit = () => {
    const birthYear = Number(year.input.value.trim());
    const thisYear = new Date().getFullYear();
    const isYear = Number.isInteger(birthYear) && birthYear > thisYear - OLDEST_YEARS && birthYear <= thisYear;
    const isName = /\p{L}/u.test(initials.input.value);
    initials.say(isName ? '' : t('initialsError'));
    year.say(isYear ? '' : t('birthYearError'));
    if (isYear && isName) done({ birthYear, initials: initials.input.value.trim().toUpperCase() });
  };
  return one(
    before,
    heading(1, title),
    paragraph(text),
    form(submit, year.node, initials.node, actions(button(t('goOn'), undefined, { kind: 'primary-action', type: 'submit' }))),
  );
}
