// SPDX-License-Identifier: AGPL-3.0-or-later
/** Asks the worker, which holds the keys, and hears its answers. */

import source from 'worker:source';

import { at } from './dom.js';
import { Fault } from './faults.js';
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
  const { office, pin } = document.documentElement.dataset;
  const language = document.documentElement.lang;
  const words = at('words').content.textContent.trim().split(' ');
  // The worker's source travels inside this file, so that it costs no call.
  const started = startWorker(source);
  started.onmessage = ({ data: { id, event, fault, done } }) => {
    const request = open.get(id);
    if (event) return request?.tell(event);
    open.delete(id);
    return fault ? request?.fail(new Fault(fault.code, fault.fields)) : request?.done(done);
  };
  const config = { base: location.origin, office, pin, language, words };
  post(started, 'begin', { config }, () => {}).catch(() => {});
  return started;
}

/** @returns {Promise<any>} */
function post(to, what, request, tell) {
  const id = ++asked;
  to.postMessage({ id, ask: what, ...request });
  return new Promise((done, fail) => open.set(id, { tell, done, fail }));
}
