// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Changing the language.  The form works without this; but it leaves a step in the tab's history,
 * to which a hunter could go back after she left (docs/adr/0006-quick-exit.md).  So the script
 * takes the page in the other language, from wherever it comes, and puts it in the place of this one.
 */

import { forget } from './ask.js';
import { answered } from './asked.js';
import { at, say, wording } from './dom.js';

/**
 * @typedef {object} Page a document that runs nothing, or what there is of one
 * @property {{lang: string, dir: string}} documentElement
 * @property {string} title
 * @property {Element} body
 *
 * @param {() => void} begin wires the new page
 * @param {(language: string) => Promise<Page>} pageIn
 */
export function watch(begin, pageIn) {
  let warned = false;
  document.forms[0].addEventListener('submit', async (event) => {
    event.preventDefault();
    const language = /** @type {any} */ (event.submitter).value;
    if (language === document.documentElement.lang) return;
    if (wouldLose() && !warned) {
      warned = true;
      say('language-state', wording('switching'), 'wrong');
      return;
    }
    try {
      show(await pageIn(language));
    } catch {
      say('language-state', wording('no_connection_now'), 'wrong');
      return;
    }
    begin();
  });
}

/** Whether something is on the page that a new page would not have. */
const wouldLose = () =>
  at('text').value || at('typed').value || at('chosen').children.length || !at('sent').hidden || answered() || !at('answers').hidden || !at('show').hidden || !at('show-words').hidden;

/** @param {Page} page */
export function show(page) {
  forget();
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceWith(page.body);
}
