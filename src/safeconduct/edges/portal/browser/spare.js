// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * AES-256-GCM by the library, for the one-file page where there is no WebCrypto: a file that a phone
 * opens through its file manager is no secure context.  The served page refuses such a place, and is
 * built without this (build.mjs).
 */

import { gcm } from '@noble/ciphers/aes.js';

/**
 * @param {Uint8Array} raw 32 bytes
 * @returns {Promise<import('./cipher.js').Cipher>}
 */
export async function ofLibrary(raw) {
  return {
    seal: async (iv, plaintext) => gcm(raw, iv).encrypt(plaintext),
    open: async (iv, sealed) => gcm(raw, iv).decrypt(sealed),
  };
}
