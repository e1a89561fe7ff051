// SPDX-License-Identifier: AGPL-3.0-or-later
/** The eight words of a message that arrived: on the screen once she asks, and here until she knows them. */

import { at, focus, make, only, say, wording } from './dom.js';

/** @type {{words: string[], typed: boolean}[]} the first is on the screen, or comes on it next */
let kept = [];

/** Listen to the words' part of a new page. */
export function watch() {
  forgetWords();
  at('show-words').addEventListener('click', reveal);
  at('hide-words').addEventListener('click', known);
  for (const id of ['more', 'reply', 'again']) at(id).addEventListener('click', cover);
}

/** Nothing is kept from here on. */
export function forgetWords() {
  kept = [];
}

/**
 * Keep words, out of sight.
 * @param {string[]} words
 * @param {boolean} typed by her, so that she may have had others before
 */
export function keep(words, typed) {
  const shown = !at('keep').hidden;
  kept[shown ? 'push' : 'unshift']({ words, typed });
  at('show-words').hidden = shown;
}

/** Show them. */
export function reveal() {
  const [{ words, typed }] = kept;
  at('phrase').replaceChildren(...words.map((word) => make('li', { text: word })));
  at('sent-title').textContent = wording(typed ? 'words_typed' : 'words_new');
  at('keep-hint').textContent = wording(typed ? 'words_typed_hint' : 'words_new_hint');
  only('sent', at('answers').hidden ? '' : 'answers');
  at('keep').hidden = false;
  at('show-words').hidden = true;
  say('there');
  focus('sent-title');
}

/** She knows them: they are not shown again. */
function known() {
  kept.shift();
  cover();
  focus('marks-title');
}

/** Take them off the screen; a button brings them back. */
function cover() {
  at('phrase').replaceChildren();
  at('keep').hidden = true;
  at('show-words').hidden = !kept.length;
}
