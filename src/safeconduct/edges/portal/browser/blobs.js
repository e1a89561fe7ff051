// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Files, sealed in chunks of 1 MiB under a fresh key each (spec/seal.md 4 and 7).
 * cipher.js does the bulk work; no more than one chunk is held.
 */

import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';

import { END, concat, equal, label, u32 } from './bytes.js';
import { cipherOf } from './cipher.js';
import { Fault, must } from './faults.js';
import { padme } from './padding.js';

export const CHUNK = 1 << 20;
export const TAG = 16;

/**
 * @typedef {object} Plan
 * @property {Uint8Array} id
 * @property {number} size of the file
 * @property {number} padded
 * @property {number} chunks
 */

/**
 * The AES key and the commitment of a shared key (spec/seal.md 4).
 * @param {Uint8Array} key
 * @param {string} purpose
 * @param {Uint8Array} context
 */
export function derive(key, purpose, context) {
  const block = hmac(sha512, key, concat(label(purpose), END, context, new Uint8Array([1])));
  return { cipherKey: block.subarray(0, 32), commitment: block.subarray(32) };
}

/**
 * @param {Uint8Array} key fresh, 32 bytes
 * @param {number} size
 * @returns {Plan}
 */
export function plan(key, size) {
  const padded = Math.max(1, padme(size));
  const id = derive(key, 'blob', new Uint8Array(0)).commitment;
  return { id, size, padded, chunks: Math.ceil(padded / CHUNK) };
}

/** Seals and opens the chunks of one blob, in any order. */
export class BlobCipher {
  /**
   * @param {import('./cipher.js').Cipher} cipher
   * @param {Plan} plan
   */
  constructor(cipher, plan) {
    this.cipher = cipher;
    this.plan = plan;
  }

  /**
   * @param {Uint8Array} key
   * @param {number} size
   */
  static async of(key, size) {
    const raw = derive(key, 'blob', new Uint8Array(0)).cipherKey;
    return new BlobCipher(await cipherOf(raw), plan(key, size));
  }

  /**
   * The plaintext length of a chunk.
   * @param {number} index
   */
  length(index) {
    const { padded, chunks } = this.plan;
    return index === chunks - 1 ? padded - index * CHUNK : CHUNK;
  }

  /**
   * @param {number} index
   * @param {Blob} file
   * @returns {Promise<Uint8Array>}
   */
  async seal(index, file) {
    let part = new Uint8Array(await file.slice(index * CHUNK, (index + 1) * CHUNK).arrayBuffer());
    if (part.length < this.length(index)) {
      const filled = new Uint8Array(this.length(index));
      filled.set(part);
      part = filled;
    }
    return this.cipher.seal(this.#nonce(index), part);
  }

  /**
   * @param {number} index
   * @param {Uint8Array} sealed
   * @returns {Promise<Uint8Array>} the file's bytes there, without the filling
   */
  async open(index, sealed) {
    must(sealed.length === this.length(index) + TAG, 'cannot_open', { purpose: 'blob' });
    try {
      const part = await this.cipher.open(this.#nonce(index), sealed);
      return part.subarray(0, Math.max(0, Math.min(part.length, this.plan.size - index * CHUNK)));
    } catch {
      throw new Fault('cannot_open', { purpose: 'blob' });
    }
  }

  /** @param {number} index */
  #nonce(index) {
    const last = index === this.plan.chunks - 1 ? 1 : 0;
    return concat(new Uint8Array(7), u32(index), new Uint8Array([last]));
  }
}

/**
 * Refuse a blob that is not the one its key names.
 * @param {Uint8Array} id
 * @param {Uint8Array} key
 */
export function checkBlobId(id, key) {
  const { commitment } = derive(key, 'blob', new Uint8Array(0));
  must(equal(id, commitment), 'cannot_open', { purpose: 'blob' });
}
