// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Changing the language.  The form works without this; but it leaves a step in the tab's history,
 * to which a hunter could go back after she left (docs/adr/0006-quick-exit.md).  So the script
 * fetches the page in the other language and puts it in the place of this one.
 */

import { forget } from './ask.js';
import { at, say, wording } from './dom.js';
import { parsePage } from './trusted.js';

/** @param {() => void} begin wires the new page */
export function watch(begin) {
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
      show(await fetchPage(language));
    } catch {
      say('language-state', wording('no_connection_now'), 'wrong');
      return;
    }
    begin();
  });
}

/** Whether something is on the page that a new page would not have. */
const wouldLose = () =>
  at('text').value || at('typed').value || at('chosen').children.length || !at('sent').hidden || !at('answers').hidden || !at('show').hidden || !at('show-words').hidden;

/** @param {string} language */
async function fetchPage(language) {
  const answer = await fetch('/', {
    ...{ method: 'POST', body: new URLSearchParams({ lang: language }) },
    ...{ cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' },
  });
  if (!answer.ok) throw new Error('no page');
  return parsePage(await answer.text());
}

/** @param {Document} page */
function show(page) {
  forget();
  const { lang, dir } = page.documentElement;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceWith(page.body);
}
