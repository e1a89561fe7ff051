// SPDX-License-Identifier: AGPL-3.0-or-later
/** The work that a relay asks of a sender (spec/relay.md 3). */

import { sha256 } from '@noble/hashes/sha2.js';

import { END, concat, u64, utf8 } from './bytes.js';

const LABEL = utf8('safeconduct/work/1');
/** Tries between two pauses, in which the thread does other things. */
const STRETCH = 1 << 13;

/**
 * Find a nonce so that the hash begins with as many zero bits.
 * @param {Uint8Array} seed 16 bytes
 * @param {Uint8Array} payload its hash, 32 bytes
 * @param {number} bits
 * @returns {Promise<number>}
 */
export async function solve(seed, payload, bits) {
  const start = sha256.create().update(concat(LABEL, END, seed, payload));
  const scratch = sha256.create();
  const digest = new Uint8Array(32);
  for (let nonce = 0; ; nonce++) {
    start._cloneInto(scratch).update(u64(nonce)).digestInto(digest);
    if (zeroBits(digest) >= bits) return nonce;
    if (nonce % STRETCH === STRETCH - 1) await new Promise((resume) => setTimeout(resume, 0));
  }
}

/**
 * @param {Uint8Array} digest
 * @returns {number} how many zero bits it begins with, up to 64
 */
export function zeroBits(digest) {
  const view = new DataView(digest.buffer, digest.byteOffset);
  const first = Math.clz32(view.getUint32(0));
  return first < 32 ? first : 32 + Math.clz32(view.getUint32(4));
}
