// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's elements and wordings.  Text goes in as text, never as markup. */

/**
 * @param {string} id
 * @returns {any} the element
 */
export const at = (id) => document.getElementById(id);

/**
 * @param {string} tag
 * @param {{text?: string, kind?: string}} [options]
 * @param {...Node} children
 * @returns {any}
 */
export function make(tag, { text, kind } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  element.append(...children);
  return element;
}

/**
 * A wording of the page, with its places filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [places]
 * @returns {string}
 */
export function wording(key, places = {}) {
  const found = at('texts').content.querySelector(`[data-text="${key}"]`);
  const text = found?.textContent ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ''));
}

/**
 * Tell a person where things stand; screen readers read it out.
 * @param {string} id of the status line
 * @param {string} [text]
 * @param {'wrong' | ''} [kind]
 */
export function say(id, text = '', kind = '') {
  const line = at(id);
  if (line.textContent !== text) line.textContent = text;
  line.dataset.kind = kind;
}

/**
 * Show some sections and hide the other ones.
 * @param {string[]} shown
 */
export function only(...shown) {
  for (const id of ['about', 'write', 'sent', 'return', 'answers', 'back']) at(id).hidden = !shown.includes(id);
  // What is said by itself stands where she waits, until somebody has answered.
  at('first').hidden = (at('sent').hidden && at('answers').hidden) || at('letters').children.length > 0;
}

/** @param {string} id of a heading to read on from */
export function focus(id) {
  at(id).focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

/** @param {number} share */
export const percent = (share) => Math.floor(100 * share);

/**
 * @param {number} bytes
 * @returns {string} such as 3.4 MB
 */
function size(bytes) {
  const [unit, value] = bytes < 1e6 ? ['kilobyte', bytes / 1e3] : ['megabyte', bytes / 1e6];
  const options = { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, options).format(value);
}

/**
 * A file's name, kept apart from what follows it in whichever direction it runs, and its size.
 * @param {{name: string, size: number}} file
 */
export const nameAndSize = ({ name, size: bytes }) =>
  make('span', {}, make('bdi', { text: name }), new Text(` · ${size(bytes)}`));

/** Where calendars end; formatting what lies beyond throws, and would take all other answers along. */
const LAST = 8.64e15;

/**
 * @param {number} time
 * @param {'short' | undefined} [clock]
 */
export const when = (time, clock) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: clock }).format(
    Math.min(time, LAST),
  );
