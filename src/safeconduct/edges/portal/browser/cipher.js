// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * AES-256-GCM (spec/seal.md 4, 6 and 7): the browser's own where it has one, else the library's.
 * Both give the same bytes for the same key, and refuse the same ones.
 */

import { ofLibrary } from './spare.js';

/**
 * @typedef {object} Cipher
 * @property {(iv: Uint8Array, plaintext: Uint8Array) => Promise<Uint8Array>} seal ciphertext || tag
 * @property {(iv: Uint8Array, sealed: Uint8Array) => Promise<Uint8Array>} open rejects what the key did not seal
 */

/**
 * A cipher of one key.
 * @param {Uint8Array} raw 32 bytes
 * @returns {Promise<Cipher>}
 */
export const cipherOf = (raw) => (globalThis.crypto?.subtle ? ofBrowser(raw) : ofLibrary(raw));

/** @param {Uint8Array} raw */
async function ofBrowser(raw) {
  const { subtle } = crypto;
  const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const algorithm = (/** @type {Uint8Array} */ iv) => ({ name: 'AES-GCM', iv });
  return {
    seal: async (iv, plaintext) => new Uint8Array(await subtle.encrypt(algorithm(iv), key, plaintext)),
    open: async (iv, sealed) => new Uint8Array(await subtle.decrypt(algorithm(iv), key, sealed)),
  };
}
