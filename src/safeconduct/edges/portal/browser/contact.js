// SPDX-License-Identifier: AGPL-3.0-or-later
/** What she may tell beside her message, as it stands in a letter's extras (spec/mailbox.md 4.1). */

const VERSION = 1;
const CHOICES = { danger_today: ['yes', 'no'], safe_to_read: ['yes', 'no'], for_whom: ['self', 'other', 'taken'] };
const TEXT_MOST = { from_whom: 500, region: 100, answer_how: 500, answer_when: 500, if_silent: 500, not_alone_word: 40 };
const PARTS_OF_DAY = ['night', 'morning', 'day', 'evening'];
/** A return code (spec/lines.md 2), without what stands between its digits. */
const CODE = /^\d{8}$/;
const HOUR = /^(1?\d|2[0-3])$/;

/**
 * Digits of Arabic and Persian keyboards end in 0 to 9 as numbers of characters.
 * @type {(one: string) => any}
 */
const digit = (one) => one.charCodeAt(0) & 15;

/**
 * Only what was answered; nothing for nothing.
 * @param {Record<string, string>} given fields of the form
 * @returns {Record<string, unknown>}
 */
export function contactExtras(given) {
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (choices.includes(given[name])) answers[name] = given[name];
  }
  for (const [name, most] of Object.entries(TEXT_MOST)) {
    const text = [...(given[name] ?? '').trim()].slice(0, most).join('').trim();
    if (text) answers[name] = text;
  }
  const hours = PARTS_OF_DAY.filter((part) => given[part]);
  if (hours.length) answers.answer_hours = hours;
  const code = (given.return_code ?? '').replace(/[\s.,-]/g, '').replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit);
  if (CODE.test(code)) answers.return_code = code;
  if (HOUR.test(given.clock_shows)) answers.clock_shows = Number(given.clock_shows);
  return Object.keys(answers).length ? { contact: { version: VERSION, ...answers } } : {};
}
