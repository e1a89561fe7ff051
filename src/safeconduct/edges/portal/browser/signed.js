// SPDX-License-Identifier: AGPL-3.0-or-later
/** Checking Ed25519 signatures strictly (spec/seal.md 2 and 3).  The browser signs nothing. */

import { ed25519 } from '@noble/curves/ed25519.js';

import { END, concat, label, u16 } from './bytes.js';
import { Fault, must } from './faults.js';

/** An Ed25519 key that is canonical and not of small order. */
export class VerifyKey {
  /** @param {Uint8Array} raw 32 bytes */
  constructor(raw) {
    must(raw.length === 32, 'bad_key');
    must(!smallOrder(raw), 'bad_key');
    this.raw = raw;
  }
}

/**
 * Check a signature, or throw `bad_signature`.
 * @param {VerifyKey} key
 * @param {string} purpose
 * @param {Uint8Array} context
 * @param {Uint8Array} message
 * @param {Uint8Array} signature 64 bytes
 */
export function verify(key, purpose, context, message, signature) {
  const preimage = concat(label(purpose), END, u16(context.length), context, message);
  must(signature.length === 64 && holds(key.raw, preimage, signature), 'bad_signature', { purpose });
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} preimage
 * @param {Uint8Array} signature
 */
function holds(key, preimage, signature) {
  try {
    return ed25519.verify(signature, preimage, key, { zip215: false });
  } catch {
    return false;
  }
}

/** @param {Uint8Array} raw */
function smallOrder(raw) {
  try {
    return ed25519.Point.fromBytes(raw, false).isSmallOrder();
  } catch {
    throw new Fault('bad_key');
  }
}
