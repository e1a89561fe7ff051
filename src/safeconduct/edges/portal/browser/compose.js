// SPDX-License-Identifier: AGPL-3.0-or-later
/** Writing, attaching and sending; then the eight words and the two marks. */

import { SLOW_MS, poll, received } from './answers.js';
import { ask } from './ask.js';
import { answered, answers, clearAnswers, holdAnswers } from './asked.js';
import { at, focus, make, nameAndSize, only, percent, say, wording } from './dom.js';
import { Fault } from './faults.js';
import { keep, reveal } from './kept.js';

const LARGEST_FILE = 500_000_000;
let slow = 0;
/** @type {File[]} */
let chosen = [];
/** Files of this visit still on their way, and whether one was lost. */
let underway = 0;
let lost = false;

/** Listen to the writing part of a new page. */
export function watch() {
  [chosen, underway, lost] = [[], 0, false];
  at('to-write').addEventListener('click', start);
  at('more').addEventListener('click', start);
  at('reply').addEventListener('click', start);
  at('text').addEventListener('input', prepare);
  at('contact').addEventListener('input', prepare);
  at('files').addEventListener('change', choose);
  at('send').addEventListener('click', send);
  at('hurry').addEventListener('click', hurry);
  at('back').addEventListener('click', () => {
    if (!at('hurry').hidden) say('there', at('send-state').textContent, 'wrong');
  });
}

/** Show the sheet: an empty one, or that of a message on its way, with what was said of it. */
function start() {
  only('write', 'back');
  say('there');
  focus('write-title');
  at('text').focus({ preventScroll: true });
}

/** Words and keys are made while she writes. */
function prepare() {
  if (at('send-state').textContent === wording('nothing')) say('send-state');
  ask('prepare').catch(() => {});
}

function choose() {
  prepare();
  chosen.push(...at('files').files);
  at('files').value = '';
  listChosen();
}

function listChosen() {
  at('chosen').replaceChildren(...chosen.map((file, place) => {
    const remove = make('button', { text: wording('remove') });
    remove.type = 'button';
    remove.setAttribute('aria-label', wording('remove_file', { name: file.name }));
    remove.addEventListener('click', () => {
      chosen.splice(place, 1);
      listChosen();
      at('files').focus();
    });
    return make('li', {}, nameAndSize(file), remove);
  }));
}

async function send() {
  const [text, files] = [at('text').value, chosen];
  if (!text.trim() && !files.length && !answered()) return say('send-state', wording('nothing'), 'wrong');
  const large = files.find((file) => file.size > LARGEST_FILE);
  if (large) return say('send-state', wording('file_too_large', { name: large.name }), 'wrong');
  busy(true);
  patient();
  /** @type {((event: any) => void) | undefined} */
  let carry;
  try {
    await ask('send', { text, files, contact: answers() }, (event) => {
      if (event.waiting) hangs('waiting');
      else if (event.receipt) carry = done(event, files);
      else carry?.(event);
    });
  } catch (fault) {
    if (!carry) tell(trouble(/** @type {Fault} */ (fault), files), 'wrong');
  }
  return carry || busy(false);
}

/**
 * Say how the message fared, where she is now.
 * @param {string} text
 * @param {'wrong' | ''} [kind]
 */
function tell(text, kind) {
  say('send-state', text, kind);
  if (at('write').hidden) say('there', text, kind);
}

/** Hope for a while. */
function patient() {
  at('hurry').hidden = true;
  say('send-state', wording('sending'));
  clearTimeout(slow);
  slow = setTimeout(hangs, SLOW_MS, 'slow');
}

/** @param {string} key of what to say of a message that is not through */
function hangs(key) {
  clearTimeout(slow);
  tell(wording(key), 'wrong');
  at('hurry').hidden = false;
}

/** Try at once; the message goes as it was sealed, so that it cannot arrive twice. */
function hurry() {
  ask('hurry');
  patient();
  at('send-state').focus();
}

/** @param {boolean} now */
function busy(now) {
  clearTimeout(slow);
  at('hurry').hidden = true;
  for (const id of ['send', 'text', 'files']) at(id).disabled = now;
  for (const button of at('chosen').querySelectorAll('button')) button.disabled = now;
  holdAnswers(now);
}

/**
 * The words are kept: forget the text, show the marks and, once, the eight words.
 * They are worth more than an answer: when she is not looking at this, they wait for a button too.
 * @param {{receipt: string, words?: string[], typed?: boolean}} event
 * @param {File[]} files
 * @returns {(event: any) => void} hears how the files fare
 */
function done({ receipt, words, typed }, files) {
  [at('text').value, chosen] = ['', []];
  listChosen();
  clearAnswers();
  busy(false);
  mark('server', true);
  mark('office', false);
  received(receipt, () => mark('office', true));
  say('send-state');
  if (words) keep(words, typed);
  const here = !at('write').hidden;
  if (here) only('sent');
  if (!here || document.hidden) say('there', wording('there'));
  else if (words) reveal();
  else focus('marks-title');
  poll();
  return carrier(files);
}

/**
 * @param {'server' | 'office'} which
 * @param {boolean} there
 */
function mark(which, there) {
  const line = at(`mark-${which}`);
  line.dataset.done = there ? 'yes' : 'no';
  line.textContent = wording(`${which}_${there ? 'has' : 'waits'}`);
}

/**
 * Lines for the files of one message.
 * @param {File[]} files
 * @returns {(event: {at: number, state: string, share?: number, code?: string}) => void}
 */
function carrier(files) {
  const lines = files.map(({ name }) => make('li', {}, make('span', {}, make('bdi', { text: name })), make('span')));
  at('carried').append(...lines);
  underway += files.length;
  tellUnderway('going');
  return ({ at: place, state, share = 0, code }) => {
    const key = state === 'failed' && code === 'unreadable' ? 'unreadable' : state;
    lines[place].lastChild.textContent = wording(`file_${key}`, { share: percent(share) });
    if (state === 'there' || state === 'failed') underway -= 1;
    lost ||= state === 'failed';
    tellUnderway(state);
  };
}

/** @param {string} state of the file that moved last */
function tellUnderway(state) {
  const there = lost ? 'files_lost' : 'files_there';
  const key = underway ? (state === 'words_first' ? 'files_later' : 'files_going') : there;
  if (!at('carried').children.length) return;
  say('carry-state', wording(key), lost ? 'wrong' : '');
  const { textContent, dataset } = at('there');
  if (textContent && dataset.kind !== 'wrong') say('there', wording(underway || lost ? key : 'there'), lost ? 'wrong' : '');
}

/**
 * @param {Fault} fault
 * @param {File[]} files
 */
function trouble({ code, fields }, files) {
  if (fields.purpose === 'receipt') return wording('no_receipt');
  if (code === 'text_too_long') return wording('text_too_long');
  if (code === 'file_too_large') return wording('file_too_large', { name: files[fields.at].name });
  const untrusted = ['bad_signature', 'bad_key', 'malformed', 'not_canonical', 'unknown_version'];
  return wording(untrusted.includes(code) ? 'untrusted' : 'not_sent');
}
