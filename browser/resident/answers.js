/** What a resident says about facts: asked in a dialog, sealed and signed by the keyring, sent once. */

import { el } from '../parts/dom.js';
import { openDialog } from '../parts/dialog.js';
import { actions, button, done, heading, paragraph } from './cards.js';
import { choiceCards, form, textField } from './form.js';
import { known, said, t } from './texts.js';

/** @typedef {import('./situation.js').Fact} Fact */
/** @typedef {{ kind: 'not_me' | 'wrong' | 'paid', note: string }} Correction */
/** @typedef {(facts: Fact[], correction: Correction) => Promise<void>} Send */

const NOTE_LENGTH = 500;
const NAMES = { paid: 'answerPaid', wrong: 'answerWrong', not_me: 'disputeNotMe', not_now: 'answerNotNow' };

/** How an answer given before is called. @param {string | undefined} answer */
export function answerName(answer) {
  if (!answer) return undefined;
  return t(known(NAMES[/** @type {keyof typeof NAMES} */ (answer)] ?? '', 'answerNotNow')).toLowerCase();
}

/**
 * Ask what is not right about these facts, and send it.
 * @param {Fact[]} facts
 * @param {Send} send
 * @param {(failure: unknown) => void} failed
 */
export function askWhatIsWrong(facts, send, failed) {
  const kinds = choiceCards({
    name: 'klopt-niet',
    legend: t('disputeTitle'),
    choices: [
      { value: 'not_me', label: t('disputeNotMe'), note: t('disputeNotMeNote') },
      { value: 'wrong', label: t('disputeWrong'), note: t('disputeWrongNote') },
      ...(facts.some((fact) => fact.factKind === 'arrears')
        ? [{ value: 'paid', label: t('disputePaid'), note: t('disputePaidNote') }]
        : []),
    ],
  });
  const which = facts.length > 1 ? factChoice(facts) : null;
  const note = textField({
    id: 'toelichting',
    label: t('disputeNote'),
    help: t('disputeNoteHelp'),
    long: true,
    attributes: { rows: 3, maxlength: NOTE_LENGTH },
  });
  const submit = async () => {
    const [kind] = kinds.chosen();
    const about = which ? facts.filter((fact) => which.chosen().includes(fact.id)) : facts;
    kinds.say(kind ? '' : t('disputeChooseError'));
    if (kind) which?.say(about.length ? '' : t('paidChooseError'));
    if (!kind || about.length === 0) return;
    const correction = { kind: /** @type {Correction['kind']} */ (kind), note: note.input.value.trim() };
    await sendOnce(dialog, () => send(about, correction), failed);
  };
  const dialog = openDialog(
    heading(2, t('disputeTitle')),
    ...(which ? [] : facts.map((fact) => paragraph(`${said(fact.title)}, ${fact.source.name}`, 'or-soft'))),
    form(submit, which && el('div', { class: 'or-dialog__part' }, which.node), kinds.node, note.node, paragraph(t('disputeWho'), 'or-small or-soft'), sendOrNot(() => dialog.close())),
  );
}

/**
 * Ask which bills were paid, and send it. One bill needs no question.
 * @param {Fact[]} facts
 * @param {Send} send
 * @param {(failure: unknown) => void} failed
 */
export function askWhatIsPaid(facts, send, failed) {
  const bills = facts.filter((fact) => fact.factKind === 'arrears');
  const which = factChoice(bills);
  const submit = async () => {
    const about = bills.filter((fact) => which.chosen().includes(fact.id));
    which.say(about.length ? '' : t('paidChooseError'));
    if (about.length) await sendOnce(dialog, () => send(about, { kind: 'paid', note: '' }), failed);
  };
  const dialog = openDialog(
    heading(2, t('paidTitle')),
    paragraph(t('paidText')),
    form(submit, which.node, paragraph(t('disputeWho'), 'or-small or-soft or-gap'), sendOrNot(() => dialog.close())),
  );
}

/** @param {Fact[]} facts */
function factChoice(facts) {
  return choiceCards({
    name: 'gegeven',
    legend: t('paidText'),
    kind: 'checkbox',
    choices: facts.map((fact) => ({ value: fact.id, label: said(fact.title), note: fact.source.name })),
  });
}

/** Two buttons of the same size. @param {() => void} close */
const sendOrNot = (close) =>
  actions(button(t('disputeSend'), undefined, { kind: 'primary-action', type: 'submit' }), button(t('disputeNot'), close));

/**
 * @param {{ close: () => void }} dialog
 * @param {() => Promise<void>} send
 * @param {(failure: unknown) => void} failed
 */
async function sendOnce(dialog, send, failed) {
  dialog.close();
  try {
    await send();
  } catch (failure) {
    failed(failure);
  }
}

/** @param {Correction['kind']} kind */
export const sentMessage = (kind) =>
  kind === 'paid' ? done(t('paidSent'), t('disputeSentMore')) : done(t('disputeSent'), t('disputeSentMore'));
