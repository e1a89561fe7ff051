// SPDX-License-Identifier: AGPL-3.0-or-later
/** The few questions beside a message, as they stand on the page. */

import { readCode } from './contact.js';
import { at, say, wording } from './dom.js';

/** @returns {any[]} */
const fields = () => [...document.querySelectorAll('[data-answer]')];

/** @param {any} field */
const value = ({ type, checked, value: text }) => (type === 'checkbox' ? (checked ? 'yes' : '') : text.trim());

/**
 * What she filled in, but for a code that is none.
 * @returns {Record<string, string>}
 */
export function answers() {
  const filled = fields().map((field) => [field.dataset.answer, value(field)]);
  return Object.fromEntries(filled.filter(([name, text]) => text && (name !== 'return_code' || readCode(text))));
}

/** Whether she filled in anything. */
export const answered = () => Object.keys(answers()).length > 0;

/** Whether a code was typed that is none: it is not sent, and keeps nothing from being sent. */
export const wrongCode = () => !!at('return_code').value.trim() && !readCode(at('return_code').value);

/** @param {{type: string}} event in the field of the code: said once she is done, gone once it is right */
export function tellCode({ type }) {
  if (!wrongCode()) say('code-state');
  else if (type === 'change') say('code-state', wording('code_digits'), 'wrong');
}

/** They went with a message: nothing of them stays on the page. */
export function clearAnswers() {
  for (const field of fields()) [field.value, field.checked] = [field.type === 'checkbox' ? 'on' : '', false];
  at('contact').open = at('code').open = false;
  say('code-state');
}

/** @param {boolean} now on its way, so that nothing can be changed */
export function holdAnswers(now) {
  for (const field of fields()) field.disabled = now;
}
