// SPDX-License-Identifier: AGPL-3.0-or-later
/** The calls that anyone may make to a relay (spec/relay.md 2, 5, 7), and how to try again. */

import { sha256 } from '@noble/hashes/sha2.js';

import { concat, hex, random, u32, u64 } from './bytes.js';
import { decode, encode, shaped } from './canon.js';
import { Fault } from './faults.js';
import { unpad } from './padding.js';
import { Turns } from './turns.js';
import { solve } from './work.js';

/** A call may take this long, and a second more for each 2 KiB: phones on mountain roads are slow. */
const PATIENCE_MS = 60_000;
const SLOWEST_BYTES_A_MS = 2;
/** Of several addresses, each may take this long to say that a relay is there. */
const TURN_MS = 20_000;
const LARGEST_ANSWER = 1 << 20;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** What the fields of an error are called (spec/relay.md 7). */
const FIELDS = {
  malformed: ['format'],
  too_large: ['largest'],
  more_work: ['seed', 'bits'],
  key_closed: ['certificate'],
  busy: ['seconds'],
};

/**
 * @typedef {object} Task what a relay asks for a call
 * @property {Uint8Array} seed
 * @property {number} bits
 *
 * @typedef {[number, number, Uint8Array]} Item of a box: its number, when it goes, and what it is
 */

/** What is waited for now: each ends one call or one pause.  @type {Set<() => void>} */
const waits = new Set();

/** Wait no longer: break off what hangs and try it again at once.  A relay keeps the same bytes once. */
export function hurry() {
  for (const end of waits) end();
}

export class Relay {
  /**
   * @param {string[]} addresses origins at which the relay is met
   * @param {Uint8Array} office
   */
  constructor(addresses, office) {
    this.turns = new Turns(addresses, isRelay);
    this.path = `/v1/${hex(office)}`;
  }

  /** @returns {Promise<{certificate: Uint8Array, relayKey: Uint8Array, message: Task, blob: Task, largest: number[]}>} */
  async intake() {
    const answer = shaped(await this.#ask('GET', '/intake'), 'b b1984 a a i', 'intake');
    const [certificate, relayKey, announced, sizes] = answer;
    const [seed, message, blob] = shaped(announced, 'b16 i i', 'intake');
    const largest = shaped(sizes, 'i i', 'intake');
    return { certificate, relayKey, message: { seed, bits: message }, blob: { seed, bits: blob }, largest };
  }

  /** @returns {Promise<Uint8Array>} the first words, signed, the same for everybody */
  firstWords() {
    return this.#call('GET', '/first-words');
  }

  /**
   * @param {Uint8Array} item
   * @param {Task} task
   * @returns {Promise<any[]>} the receipt
   */
  send(item, task) {
    const call = (seed, nonce) => this.#ask('POST', '/intake', encode([seed, nonce, item]));
    return worked(call, sha256(item), task);
  }

  /**
   * @param {Uint8Array} address
   * @param {number} after
   * @returns {Promise<{items: Item[], more: boolean}>}
   */
  async box(address, after) {
    const body = await this.#call('POST', '/box', encode([address, after]));
    const [items, more] = decode(unpad(body), 'box');
    const shapes = items.map((item) => shaped(item, 'i i b', 'box'));
    return { items: shapes, more: Boolean(more) };
  }

  /**
   * @param {Uint8Array} timer
   * @param {Uint8Array} token
   */
  moved(timer, token) {
    return this.#call('POST', '/moved', encode([timer, token]));
  }

  /**
   * Announce a blob.
   * @param {import('./blobs.js').Plan} plan
   * @param {Uint8Array} token the write token
   * @param {Task} task
   * @returns {Promise<number>} the next missing chunk
   */
  async openBlob({ id, padded, chunks }, token, task) {
    const payload = sha256(concat(id, u32(chunks), u64(padded)));
    const call = (seed, nonce) =>
      this.#ask('POST', '/blobs', encode([seed, nonce, id, chunks, padded, sha256(token)]));
    return shaped(await worked(call, payload, task), 'i', 'blob')[0];
  }

  /**
   * @param {Uint8Array} id
   * @param {number} index
   * @param {Uint8Array} token
   * @param {Uint8Array} chunk sealed
   * @returns {Promise<number>} the next missing chunk
   */
  async putChunk(id, index, token, chunk) {
    const headers = { Authorization: `Bearer ${hex(token)}` };
    const path = `/blobs/${hex(id)}/${index}`;
    return shaped(await this.#ask('PUT', path, chunk, headers), 'i', 'blob')[0];
  }

  /**
   * @param {Uint8Array} id
   * @returns {Promise<{chunks: number, length: number, next: number}>}
   */
  async blob(id) {
    const [chunks, length, next] = shaped(await this.#ask('GET', `/blobs/${hex(id)}`), 'i i i', 'blob');
    return { chunks, length, next };
  }

  /**
   * @param {Uint8Array} id
   * @param {number} index
   * @returns {Promise<Uint8Array>} the sealed chunk
   */
  chunk(id, index) {
    return this.#call('GET', `/blobs/${hex(id)}/${index}`);
  }

  /** @returns {Promise<any>} */
  async #ask(method, path, body, headers) {
    return decode(await this.#call(method, path, body, headers), 'answer');
  }

  /** @returns {Promise<Uint8Array>} */
  async #call(method, path, body, headers = {}) {
    const address = await this.turns.here();
    const patience = PATIENCE_MS + (body?.length ?? LARGEST_ANSWER) / SLOWEST_BYTES_A_MS;
    const request = { method, body, headers: body ? { 'Content-Type': typeOf(method), ...headers } : headers };
    try {
      return await exchange(address + this.path + path, request, patience);
    } catch (fault) {
      throw this.turns.failed(fault);
    }
  }
}

/**
 * Whether a relay answers at an address, in time that leaves some for the next one.
 * @param {string} address
 */
async function isRelay(address) {
  try {
    const said = await exchange(`${address}/v1/health`, { method: 'GET' }, TURN_MS);
    return Boolean(shaped(decode(said, 'health'), 's', 'health'));
  } catch {
    return false;
  }
}

/**
 * One request and its answer, without cookies and without a trace; `hurry` breaks it off.
 * @param {string} url
 * @param {RequestInit} request
 * @param {number} patience in milliseconds
 * @returns {Promise<Uint8Array>}
 */
async function exchange(url, request, patience) {
  let response, bytes;
  let now = false;
  const control = new AbortController();
  const hurried = () => {
    now = true;
    control.abort();
  };
  const timer = setTimeout(() => control.abort(), patience);
  waits.add(hurried);
  try {
    response = await fetch(url, {
      ...request,
      ...{ cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' },
      signal: control.signal,
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Fault('unreachable', { now });
  } finally {
    clearTimeout(timer);
    waits.delete(hurried);
  }
  if (!response.ok) throw refusal(bytes);
  return bytes;
}

/** @param {string} method */
const typeOf = (method) => (method === 'PUT' ? 'application/octet-stream' : 'application/msgpack');

/**
 * What an answer that is no success means; one that the relay did not write means no relay.
 * @param {Uint8Array} body
 */
function refusal(body) {
  let code, values;
  try {
    [code, ...values] = decode(body, 'error');
  } catch {
    return new Fault('unreachable');
  }
  const names = FIELDS[code] ?? [];
  return new Fault(String(code), Object.fromEntries(names.map((name, at) => [name, values[at]])));
}

/**
 * Make a call with work, and again when more is asked.
 * @template T
 * @param {(seed: Uint8Array, nonce: number) => Promise<T>} call
 * @param {Uint8Array} payload hash
 * @param {Task} task
 * @returns {Promise<T>}
 */
async function worked(call, payload, task) {
  for (;;) {
    try {
      return await call(task.seed, await solve(task.seed, payload, task.bits));
    } catch (fault) {
      if (fault.code !== 'more_work') throw fault;
      task = /** @type {Task} */ (fault.fields);
    }
  }
}

/**
 * Try until the relay answers, with growing, uneven pauses; any other fault is thrown.
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {(code: string) => void} [onWait] told before each pause
 * @returns {Promise<T>}
 */
export async function persist(attempt, onWait = () => {}) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      return await attempt();
    } catch (fault) {
      if (fault.code !== 'unreachable' && fault.code !== 'busy') throw fault;
      if (fault.fields.now) continue;
      onWait(fault.code);
      await pause(Math.max(1000 * (Number(fault.fields.seconds) || 0), wait * (0.75 + random(1)[0] / 512)));
    }
  }
}

/**
 * Wait a while, or until somebody is in a hurry.
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export const pause = (milliseconds) =>
  new Promise((resume) => {
    const end = () => {
      clearTimeout(timer);
      waits.delete(end);
      resume();
    };
    const timer = setTimeout(end, milliseconds);
    waits.add(end);
  });
