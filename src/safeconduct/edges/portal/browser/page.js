// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page: shows what this browser can do, and wires its parts together. */

import { watch as watchAnswers } from './answers.js';
import { watch as watchComposing } from './compose.js';
import { at } from './dom.js';
import { watch as watchWords } from './kept.js';
import { watch as watchLeaving, watchOnce } from './leave.js';
import { watch as watchOurs } from './ours.js';
import { able, settle, watchLanguages } from './place.js';

watchOnce();
settle(begin);

/** Wire what is on the page; once more after its language was changed. */
function begin() {
  watchLeaving();
  // The notice shows itself where this script never runs; see page.css.
  at('unable').hidden = true;
  if (!able()) {
    at('unable').className = 'notice now';
    at('unable').hidden = false;
    return;
  }
  watchComposing();
  watchWords();
  watchAnswers();
  watchOurs();
  watchLanguages(begin);
  at('choice').hidden = false;
}
