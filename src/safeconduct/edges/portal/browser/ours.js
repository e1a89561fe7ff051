// SPDX-License-Identifier: AGPL-3.0-or-later
/** The office's own eight words, once somebody wants to compare them. */

import { ask } from './ask.js';
import { at } from './dom.js';

/** Listen to that part of a new page. */
export function watch() {
  at('ours').addEventListener('toggle', async () => {
    at('our-words').textContent = (await ask('ours')).join(' ');
  });
}
