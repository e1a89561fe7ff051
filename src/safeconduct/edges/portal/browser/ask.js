// SPDX-License-Identifier: AGPL-3.0-or-later
/** Asks the worker, which holds the keys, and hears its answers. */

import source from 'worker:source';

import { at } from './dom.js';
import { Fault } from './faults.js';
import { addresses } from './place.js';
import { startWorker } from './trusted.js';

/** @type {Worker | undefined} */
let worker;
/** @type {Map<number, {tell: (event: any) => void, done: (value: any) => void, fail: (fault: Fault) => void}>} */
const open = new Map();
let asked = 0;

/**
 * Ask the worker to do something.
 * @param {string} what a method of `Visit`
 * @param {object} [request]
 * @param {(event: any) => void} [tell] hears how it goes
 * @returns {Promise<any>}
 */
export function ask(what, request = {}, tell = () => {}) {
  worker ??= begin();
  return post(worker, what, request, tell);
}

/** End the worker and all it knows. */
export function forget() {
  worker?.terminate();
  worker = undefined;
  open.clear();
}

/** Start it with what the page says of itself. */
function begin() {
  const { dataset, lang: language } = document.documentElement;
  const { content, dataset: others } = at('words');
  const words = whole(content.textContent);
  // Where a language has no list of its own, the words' template names whose it is.
  const config = { ...dataset, list: language, ...others, addresses: addresses(), language, words };
  // The worker's source travels inside this file, so that it costs no call.
  const started = startWorker(source);
  started.onmessage = ({ data: { id, event, fault, done } }) => {
    const request = open.get(id);
    if (event) return request?.tell(event);
    open.delete(id);
    return fault ? request?.fail(new Fault(fault.code, fault.fields)) : request?.done(done);
  };
  post(started, 'begin', { config }, () => {}).catch(() => {});
  return started;
}

/** @returns {Promise<any>} */
function post(to, what, request, tell) {
  const id = ++asked;
  to.postMessage({ id, ask: what, ...request });
  return new Promise((done, fail) => open.set(id, { tell, done, fail }));
}

/**
 * The word list as it was: each word says how many letters it shares with the one before.
 * @param {string} list
 * @returns {string[]}
 */
function whole(list) {
  let before = '';
  return (list.match(/\d\D+/g) ?? []).map((word) => (before = before.slice(0, Number(word[0])) + word.slice(1)));
}
