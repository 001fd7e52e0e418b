/** Fields with a label, a hint and an error that says how to mend it. */

import { el, icon } from '../parts/dom.js';

/**
 * @typedef {{ node: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement,
 *   say: (error: string) => void }} Field
 */

/**
 * One text field. `say` shows an error and puts the focus on the field; an empty error takes it away.
 * @param {{ id: string, label: string, help?: string, long?: boolean,
 *   attributes?: import('../parts/dom.js').Attributes }} about
 * @returns {Field}
 */
export function textField({ id, label, help, long = false, attributes = {} }) {
  const kind = long ? 'textarea' : 'textbox';
  const given = {
    id,
    class: `utrecht-${kind} utrecht-${kind}--html-${long ? 'textarea' : 'input'} ${attributes.class ?? ''}`.trim(),
    'aria-describedby': help ? `${id}-hulp` : null,
  };
  const input = el(long ? 'textarea' : 'input', { autocomplete: 'off', spellcheck: 'false', ...attributes, ...given });
  const error = el('div', {
    class: 'utrecht-form-field-error-message utrecht-form-field__error-message or-errline',
    id: `${id}-fout`,
    hidden: true,
  });
  const node = el(
    'div',
    { class: 'utrecht-form-field utrecht-form-field--distanced' },
    el('label', { class: 'utrecht-form-label utrecht-form-field__label', for: id }, label),
    help && el('div', { class: 'utrecht-form-field-description utrecht-form-field__description', id: `${id}-hulp` }, help),
    error,
    input,
  );
  /** @param {string} text */
  const say = (text) => {
    const described = [help ? `${id}-hulp` : '', text ? `${id}-fout` : ''].filter(Boolean).join(' ');
    error.replaceChildren(...(text ? [icon('info', 'or-icon--small'), text] : []));
    error.toggleAttribute('hidden', !text);
    node.classList.toggle('utrecht-form-field--invalid', Boolean(text));
    input.classList.toggle(`utrecht-${kind}--invalid`, Boolean(text));
    input.setAttribute('aria-invalid', String(Boolean(text)));
    if (described) input.setAttribute('aria-describedby', described);
    if (text) input.focus();
  };
  return { node, input, say };
}

/**
 * @typedef {{ value: string, label: string, note?: string, disabled?: boolean }} Choice
 * @typedef {{ node: HTMLElement, chosen: () => string[], say: (error: string) => void }} Choices
 */

/**
 * Large cards to choose from; nothing is chosen in advance.
 * @param {{ name: string, legend: string, showLegend?: boolean, kind?: 'radio' | 'checkbox', choices: Choice[] }} about
 * @returns {Choices}
 */
export function choiceCards({ name, legend, showLegend = false, kind = 'radio', choices }) {
  const look = kind === 'radio' ? 'utrecht-radio-button utrecht-radio-button--html-input' : 'utrecht-custom-checkbox utrecht-custom-checkbox--html-input';
  const error = el('p', {
    class: 'utrecht-form-field-error-message or-errline',
    id: `${name}-fout`,
    role: 'alert',
    hidden: true,
  });
  const cards = choices.map(({ value, label, note, disabled }, index) => {
    const id = `${name}-${index}`;
    return el(
      'div',
      { class: 'or-choice' },
      el('input', { class: look, type: kind, name, id, value, disabled, 'aria-describedby': note ? `${id}-uitleg` : null }),
      el('label', { for: id }, label),
      note && el('p', { class: 'or-choice__note', id: `${id}-uitleg` }, note),
    );
  });
  const node = el(
    'fieldset',
    { class: 'or-choices' },
    el('legend', { class: showLegend ? 'utrecht-heading-3' : 'or-visually-hidden' }, legend),
    error,
    ...cards,
  );
  return {
    node,
    chosen: () =>
      [...node.querySelectorAll('input')].filter((input) => input.checked).map((input) => input.value),
    say: (text) => {
      error.replaceChildren(...(text ? [icon('info', 'or-icon--small'), text] : []));
      error.toggleAttribute('hidden', !text);
      if (text) node.querySelector('input')?.focus();
    },
  };
}

/**
 * A form that never leaves the page.
 * @param {() => void | Promise<void>} submit
 * @param {...import('../parts/dom.js').Child} children
 */
export function form(submit, ...children) {
  return el(
    'form',
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    ...children,
  );
}
