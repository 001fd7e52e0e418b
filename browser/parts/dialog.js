/** A native dialog: the focus stays in it, Esc closes it, and closing it never does anything else. */

import { el } from './dom.js';

let number = 0;

/**
 * Open a dialog with these nodes; the first heading names it. Gone from the page once closed.
 * @param {...Node} nodes
 * @returns {{ close: () => void }}
 */
export function openDialog(...nodes) {
  const dialog = el('dialog', { class: 'or-dialog' }, ...nodes);
  const title = dialog.querySelector('h2');
  if (title) {
    number += 1;
    title.id ||= `venster-${number}`;
    dialog.setAttribute('aria-labelledby', title.id);
  }
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { close: () => dialog.close() };
}

/** Close whatever is open. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
}
