// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A slip among the answers (spec/slips.md 4): one errand, with buttons that say something back.
 * Its words come sealed with it, in the language of whom it is for, so that no other page carries them.
 */

import { ask } from './ask.js';
import { make } from './dom.js';

/**
 * Say once a visit that somebody came with the words of a slip; what asks for that is never shown.
 * @param {{ask?: string} | undefined} slip
 * @returns {boolean} whether it asked
 */
export function came(slip) {
  const asks = slip?.ask;
  if (asks) ask('report', { text: asks, said: 'opened' }).catch(() => {});
  return Boolean(asks);
}

/**
 * @param {any} slip
 * @returns {Node[]} what stands under one; nothing under an answer that is none
 */
export function reports(slip) {
  if (!slip?.says) return [];
  const { says, saying, told, again, word, timer, token } = slip;
  const state = make('p', { kind: 'state' });
  state.setAttribute('role', 'status');
  const typed = make('input');
  Object.assign(typed, { type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: false, dir: 'auto' });
  const buttons = says.map(([said, text]) => {
    const button = make('button', { text });
    button.type = 'button';
    button.addEventListener('click', async () => {
      button.disabled = true;
      state.textContent = saying;
      try {
        await ask('report', { text, said, word: typed.value, timer, token });
        [typed.value, state.textContent] = ['', told];
      } catch {
        state.textContent = again;
      }
      button.disabled = false;
    });
    return button;
  });
  return [...(word ? [make('label', { text: word }, typed)] : []), ...buttons, state];
}
