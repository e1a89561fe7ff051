// SPDX-License-Identifier: AGPL-3.0-or-later
/** Coming back with eight words, and reading what the office wrote. */

import { ask } from './ask.js';
import { at, focus, make, nameAndSize, only, percent, say, wording, when } from './dom.js';
import { came, reports } from './slip.js';

/** After so long without an answer the page says so. */
export const SLOW_MS = 8_000;
const FIRST_MS = 1_000;
const SOON_MS = 4_000;
const LATER_MS = 30_000;
const GROWTH = 1.3;
/** An answer goes at a midnight of UTC; the day before is the last that is whole everywhere. */
const DAY_MS = 86_400_000;
/** What this page waits for and has seen; a page in another language begins anew. */
let state = fresh();

/** Listen to the reading part of a new page. */
export function watch() {
  state = fresh();
  at('to-return').addEventListener('click', askWords);
  at('again').addEventListener('click', askWords);
  at('back').addEventListener('click', () => {
    only('about');
    scrollTo({ top: 0 });
  });
  at('show').addEventListener('click', unfold);
  at('enter').addEventListener('click', enter);
  at('typed').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    enter();
  });
}

/** Show the field for her words. */
function askWords() {
  only('return', 'back');
  say('return-state');
  focus('return-title');
  at('typed').focus({ preventScroll: true });
}

/** @returns {{awaited: Map<string, () => void>, polling: boolean, taken: boolean}} */
function fresh() {
  return { awaited: new Map(), polling: false, taken: false };
}

/**
 * @param {string} message id
 * @param {() => void} act once the office has it
 */
export const received = (message, act) => state.awaited.set(message, act);

/** Look into the box, gently, as long as the page is open. */
export async function poll() {
  if (state.polling) return;
  const mine = state;
  mine.polling = true;
  setTimeout(sayFirst, FIRST_MS);
  for (let wait = SOON_MS; mine === state; wait = Math.min(GROWTH * wait, LATER_MS)) {
    await new Promise((resume) => setTimeout(resume, wait));
    // Words that were entered meanwhile have a box of their own, which this must not empty.
    if (mine !== state) return;
    if (!document.hidden) await ask('look', { quiet: true }).then((told) => mine === state && hear(told), () => {});
  }
}

/**
 * The office's own first words in the place of the page's.  They are fetched whatever lies in her box,
 * so that the line does not show whether an answer does; and after the receipt, which they must not delay.
 */
async function sayFirst() {
  const text = await ask('first').catch(() => {});
  if (text) at('first-text').textContent = text;
}

async function enter() {
  // What the words before these brought, or may still bring, is not of these.
  state = fresh();
  announce(0);
  at('letters').replaceChildren();
  at('enter').disabled = true;
  at('derive').hidden = false;
  say('return-state', wording('opening'));
  try {
    await ask('enter', { typed: at('typed').value }, ({ share }) => (at('derive').value = share));
    const told = await look();
    at('typed').value = '';
    reach();
    focus('answers-title');
    hear(told);
    poll();
  } catch (fault) {
    say('return-state', trouble(fault), 'wrong');
  }
  at('enter').disabled = false;
  at('derive').hidden = true;
}

/**
 * The look that she asked for shows what it finds, unless she may have put the phone down since.
 * @returns {Promise<Told>}
 */
async function look() {
  const slow = setTimeout(say, SLOW_MS, 'return-state', wording('slow_line'), 'wrong');
  for (let wait = SOON_MS; ; wait = Math.min(2 * wait, LATER_MS)) {
    try {
      return await ask('look', { quiet: wait > SOON_MS || document.hidden });
    } catch (fault) {
      if (fault.code !== 'unreachable' && fault.code !== 'busy') throw fault;
      say('return-state', wording('no_connection'), 'wrong');
      await new Promise((resume) => setTimeout(resume, wait));
    } finally {
      clearTimeout(slow);
    }
  }
}

/**
 * @typedef {{found: any[], held: number}} Told what came since the last look, and how much waits for her
 *
 * @param {Told} told
 */
function hear({ found, held }) {
  for (const { kind, about } of found) if (kind === 'have') has(about);
  add(found.filter(({ kind }) => kind !== 'have'));
  announce(held);
  if (!at('letters').children.length) {
    say('answers-state', held ? '' : wording(state.taken ? 'none_taken' : 'none'));
  }
}

/** @param {number} held how many answers wait until she asks for them */
function announce(held) {
  say('news', held ? wording('news') : '');
  at('show').hidden = !held;
}

/** Show what waited; she reads on from there. */
async function unfold() {
  const first = add(await ask('show'));
  announce(0);
  reach();
  first?.focus({ preventScroll: true });
  first?.scrollIntoView();
}

/** Show where answers stand; below the words, if those are on the screen. */
function reach() {
  only('answers', at('sent').hidden ? '' : 'sent');
}

/**
 * @param {any[]} found answers
 * @returns {any} the first of them on the page
 */
function add(found) {
  const letters = found.filter(({ slip }) => !came(slip)).sort((a, b) => a.time - b.time).map(letter);
  at('letters').append(...letters);
  if (letters.length) {
    say('answers-state', wording('answers_here'));
    at('first').hidden = true;
  }
  return letters[0];
}

/** @param {string} message */
function has(message) {
  state.taken = true;
  state.awaited.get(message)?.();
}

/** @param {any} one */
function letter(one) {
  const article = make('article', { kind: 'letter' }, ...parts(one));
  article.tabIndex = -1;
  return article;
}

/** @param {any} one */
function parts({ kind, time, text, files, expires, slip }) {
  if (kind === 'newer') return [make('p', { text: wording('newer') })];
  const title = make('h3', { text: wording('answer_of', { time: when(time, 'short') }) });
  const offers = make('ul', { kind: 'files' }, ...files.map(offer));
  const gone = make('p', { kind: 'hint', text: wording('expires', { time: when(expires - DAY_MS) }) });
  return [title, make('p', { text }), offers, ...reports(slip), gone];
}

/** A file is fetched when she asks, and saved when she asks again. */
function offer({ name, size, file }) {
  const line = make('li', {}, nameAndSize({ name, size }));
  const state = make('span', { kind: 'hint' });
  state.setAttribute('role', 'status');
  const get = make('button', { text: wording('get') });
  get.type = 'button';
  get.setAttribute('aria-label', wording('get_file', { name }));
  get.addEventListener('click', async () => {
    get.disabled = true;
    const tell = ({ state: how, share }) => (state.textContent = wording(`get_${how}`, { share: percent(share) }));
    try {
      const link = save(await ask('fetch', { file }, tell), name);
      state.textContent = wording('save_hint');
      const held = [get, document.body].includes(document.activeElement);
      get.replaceWith(link);
      if (held) link.focus();
    } catch (fault) {
      get.disabled = false;
      state.textContent = wording(fault.code === 'too_large' ? 'get_too_large' : 'get_failed');
    }
  });
  line.append(get, state);
  return line;
}

/**
 * @param {Blob} opened
 * @param {string} name
 */
function save(opened, name) {
  const link = make('a', { text: wording('save') });
  link.href = URL.createObjectURL(opened);
  link.download = name.replaceAll(/[\p{Cc}\p{Cf}/\\:]/gu, '_');
  link.setAttribute('aria-label', wording('save_file', { name }));
  return link;
}

/** @param {any} fault */
function trouble({ code, fields }) {
  if (code === 'word_count') return wording('word_count', { count: fields.count });
  if (['words_foreign', 'words_ours'].includes(code)) return wording(code);
  if (code !== 'word_unknown') return wording('no_answer');
  const { at: place, word, near } = fields;
  const places = { place, word, near: near.join(', ') };
  return wording(near.length ? 'word_near' : 'word_unknown', places);
}
