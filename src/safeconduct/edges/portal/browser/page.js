// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page: shows what this browser can do, and wires its parts together. */

import { watch as watchAnswers } from './answers.js';
import { watch as watchComposing } from './compose.js';
import { at, say, wording } from './dom.js';
import { watch as watchLeaving } from './leave.js';

watchLeaving();
if (isSecureContext && crypto.subtle) {
  watchComposing();
  watchAnswers();
  watchLanguages();
  at('choice').hidden = false;
} else at('unable').hidden = false;

/** Another language is another page: what is typed here would be lost, so ask once. */
function watchLanguages() {
  const form = document.forms[0];
  let warned = false;
  form.addEventListener('submit', (event) => {
    const typed = at('text').value || at('typed').value || at('phrase').children.length;
    if (!typed || warned) return;
    event.preventDefault();
    warned = true;
    say(at('write').hidden ? (at('return').hidden ? 'carry-state' : 'return-state') : 'send-state', wording('switching'), 'wrong');
  });
}
