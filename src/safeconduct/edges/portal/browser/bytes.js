// SPDX-License-Identifier: AGPL-3.0-or-later
/** Bytes: joining, numbers, hex, comparing, and the labels of spec/seal.md 1. */

import { Fault } from './faults.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);

/** @param {Uint8Array} bytes */
export const text = (bytes) => decoder.decode(bytes);

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array}
 */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** @param {number} value */
export const u16 = (value) => new Uint8Array([value >> 8, value & 255]);

/** @param {number} value */
export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** @param {number} value a safe integer */
export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * @param {string} digits lower-case hex
 * @returns {Uint8Array}
 */
export function unhex(digits) {
  if (digits.length % 2 || /[^0-9a-f]/.test(digits)) throw new Fault('malformed', { format: 'hex' });
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * Compare in time that depends on the lengths alone.
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
export function equal(one, other) {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one[i] ^ other[i];
  return difference === 0;
}

/** @param {number} count */
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/**
 * The domain label of a purpose, version 1.
 * @param {string} purpose
 */
export const label = (purpose) => utf8(`safeconduct/${purpose}/1`);

/** One zero byte, which ends a label. */
export const END = new Uint8Array(1);
