// SPDX-License-Identifier: AGPL-3.0-or-later
/** The eight words, and what they give (spec/mailbox.md 1 and 2). */

import { argon2id, argon2idAsync } from '@noble/hashes/argon2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

import { END, concat, hex, label, random, utf8 } from './bytes.js';
import { Fault, must } from './faults.js';
import { publicKey } from './hpke.js';

export const WORDS = 8;
const LETTERS = 4;
const NEAR = 3;
const FARTHEST = 2;
/** 19 MiB, two passes, one lane. */
const COST = { m: 19 * 1024, t: 2, p: 1, dkLen: 32 };
const SALT_BYTES = 40;
/** A longer slice wastes less time on giving way; progress is told between slices. */
const SLICE_MS = 60;

/**
 * @typedef {object} Mailbox
 * @property {Uint8Array} seed of her sealing key
 * @property {Uint8Array} sealingKey its public half
 * @property {Uint8Array} address
 * @property {Uint8Array} voice
 * @property {number} after the last item of the box that was read
 * @property {import('./relay.js').Item[]} unread read and not yet looked at, because more was to come
 * @property {import('./relay.js').Item[]} held answers that she has not asked for yet, sealed
 */

/**
 * Draw eight words: 11 random bits each.
 * @param {string[]} list 2,048 words
 * @returns {string[]}
 */
export function draw(list) {
  must(list.length === 2048, 'malformed', { format: 'words' });
  const dice = new Uint16Array(random(2 * WORDS).buffer);
  return Array.from(dice, (die) => list[die & 2047]);
}

/**
 * The office's own eight words: 88 bits over its founding key's hash and the key that a page pins
 * (spec/journal.md 2).  They are no secret, and open nothing.
 * @param {Uint8Array} office
 * @param {Uint8Array} pin
 * @param {string[]} list
 * @returns {string[]}
 */
export function officeWords(office, pin, list) {
  const digest = sha256(concat(label('office-words'), END, office, pin));
  const bits = BigInt(`0x${hex(digest.subarray(0, WORDS * 11 / 8))}`);
  return Array.from({ length: WORDS }, (_, at) => list[Number(BigInt.asUintN(11, bits >> BigInt(11 * (WORDS - 1 - at))))]);
}

/**
 * Split what a person typed into folded words; kernel/phrase does the same.
 * @param {string} typed
 * @returns {string[]}
 */
export function fold(typed) {
  const lower = typed.normalize('NFKC').toLowerCase().normalize('NFKC');
  const bare = lower.replaceAll(/[\p{Cf}\p{Me}\p{Mn}]/gu, '').replaceAll('ё', 'е');
  return bare.split(/\P{L}+/u).filter(Boolean);
}

/**
 * Find the word that is typed or begins with it; four letters at least.
 * @param {string} typed one folded word
 * @param {string[]} list
 * @returns {string | undefined}
 */
const find = (typed, list) =>
  list.find((word) => word.startsWith(typed) && word.slice(0, LETTERS) === typed.slice(0, LETTERS));

/**
 * Read a typed phrase, or say what is wrong with it.
 * @param {string} typed
 * @param {string[]} list
 * @returns {string[]} eight words of the list
 */
export function read(typed, list) {
  const given = fold(typed);
  const found = given.map((word) => find(word, list));
  must(given.length < WORDS || found.some(Boolean), 'words_foreign');
  const at = found.indexOf(undefined);
  if (at >= 0) throw new Fault('word_unknown', { at: at + 1, word: given[at], near: near(given[at], list) });
  must(given.length === WORDS, 'word_count', { count: given.length });
  return /** @type {string[]} */ (found);
}

/**
 * The few words of the list that a typed one may be a slip of.  Whoever types four letters meant
 * the first four, so those are compared too.
 * @param {string} typed
 * @param {string[]} list
 * @returns {string[]}
 */
function near(typed, list) {
  const alike = list.filter((word) => Math.abs(word.length - typed.length) <= FARTHEST);
  const ranked = alike.map((word) => ({ word, far: distance(typed, word) }));
  if (typed.length <= LETTERS) {
    ranked.push(...list.map((word) => ({ word, far: distance(typed, word.slice(0, LETTERS)) })));
  }
  ranked.sort((one, other) => one.far - other.far || (one.word < other.word ? -1 : 1));
  const close = ranked.filter(({ far }) => far <= FARTHEST).map(({ word }) => word);
  return [...new Set(close)].slice(0, NEAR);
}

/**
 * Letters to change, add, drop or swap with the next, to make one word of the other.
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const differs = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + differs);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[other.length];
}

/**
 * @param {string} list its name
 * @param {string[]} words
 */
export const canonical = (list, words) => utf8(`${list}:${words.join(' ')}`);

/**
 * @param {Uint8Array} phrase canonical
 * @param {Uint8Array} office
 * @returns {Uint8Array} the 32-byte secret, computed at once
 */
export const stretch = (phrase, office) => argon2id(phrase, salt(office), COST);

/**
 * The same with word of how far it is; it gives way to other work of this thread.
 * @param {Uint8Array} phrase canonical
 * @param {Uint8Array} office
 * @param {(share: number) => void} onProgress
 * @returns {Promise<Uint8Array>}
 */
export const stretchSlowly = (phrase, office, onProgress) =>
  argon2idAsync(phrase, salt(office), { ...COST, asyncTick: SLICE_MS, onProgress });

/** @param {Uint8Array} office */
function salt(office) {
  const padded = new Uint8Array(SALT_BYTES);
  padded.set(concat(label('phrase'), office));
  return padded;
}

/**
 * @param {Uint8Array} secret
 * @param {'mailbox-seal' | 'mailbox-address' | 'mailbox-voice'} name
 */
export const part = (secret, name) =>
  hmac(sha512, secret, concat(label(name), new Uint8Array([0, 1]))).subarray(0, 32);

/**
 * @param {Uint8Array} secret
 * @returns {Mailbox}
 */
export function mailbox(secret) {
  const seed = part(secret, 'mailbox-seal');
  const [address, voice] = [part(secret, 'mailbox-address'), part(secret, 'mailbox-voice')];
  return { seed, sealingKey: publicKey(seed), address, voice, after: 0, unread: [], held: [] };
}
