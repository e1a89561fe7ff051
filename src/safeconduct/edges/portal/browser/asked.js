// SPDX-License-Identifier: AGPL-3.0-or-later
/** The few questions beside a message, as they stand on the page. */

import { at } from './dom.js';

/** @returns {any[]} */
const fields = () => [...document.querySelectorAll('[data-answer]')];

/** @param {any} field; one that is not valid is a code that is none, and holds nothing back */
const value = ({ type, checked, validity, value: text }) =>
  type === 'checkbox' ? (checked ? 'yes' : '') : validity.valid ? text.trim() : '';

/**
 * What she filled in, but for a code that is none.
 * @returns {Record<string, string>}
 */
export function answers() {
  const filled = fields().map((field) => [field.id, value(field)]);
  return Object.fromEntries(filled.filter(([, text]) => text));
}

/** Whether she filled in anything. */
export const answered = () => Object.keys(answers()).length > 0;

/** They went with a message: nothing of them stays on the page. */
export function clearAnswers() {
  for (const field of fields()) [field.value, field.checked] = [field.type === 'checkbox' ? 'on' : '', false];
  at('contact').open = at('code').open = false;
}

/** @param {boolean} now on its way, so that nothing can be changed */
export function holdAnswers(now) {
  for (const field of fields()) field.disabled = now;
}
