// SPDX-License-Identifier: AGPL-3.0-or-later
/** Leaving at once: nothing stays on the screen, in the worker or in the tab's history. */

import { forget } from './ask.js';
import { at } from './dom.js';
import { forgetWords } from './kept.js';
import { left } from './place.js';

const TWICE_MS = 1500;

/** Listen for the button. */
export function watch() {
  at('leave').addEventListener('click', leave);
}

/** Listen for Esc pressed twice, and for the page being put away. */
export function watchOnce() {
  addEventListener('keydown', twice(leave), { capture: true });
  addEventListener('pagehide', wipe);
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
}

/** @param {Event} event */
function leave(event) {
  event.preventDefault();
  const { exit } = document.documentElement.dataset;
  wipe();
  left();
  location.replace(exit);
}

/** Empty the page and end the worker. */
function wipe() {
  forget();
  forgetWords();
  document.title = '';
  document.body.replaceChildren();
  document.head.replaceChildren();
}

/**
 * @param {(event: Event) => void} act
 * @returns {(event: KeyboardEvent) => void}
 */
function twice(act) {
  let last = -Infinity;
  return (event) => {
    if (event.key !== 'Escape' || event.repeat) return;
    if (event.timeStamp - last < TWICE_MS) act(event);
    last = event.timeStamp;
  };
}
