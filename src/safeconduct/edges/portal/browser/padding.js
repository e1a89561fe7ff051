// SPDX-License-Identifier: AGPL-3.0-or-later
/** Hide exact lengths: Padme with a floor (spec/seal.md 5). */

import { must } from './faults.js';

/**
 * The padded length (Nikitin et al., PURBs, algorithm 1).
 * @param {number} length at most 2^53
 */
export function padme(length) {
  if (length < 2) return length;
  const exponent = bits(length) - 1;
  const step = 2 ** (exponent - bits(exponent));
  return Math.ceil(length / step) * step;
}

/**
 * @param {Uint8Array} message
 * @param {number} least
 */
export function pad(message, least) {
  const padded = new Uint8Array(Math.max(least, padme(message.length + 1)));
  padded.set(message);
  padded[message.length] = 0x80;
  return padded;
}

/** @param {Uint8Array} padded */
export function unpad(padded) {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end--;
  must(end > 0 && padded[end - 1] === 0x80, 'malformed', { format: 'padding' });
  return padded.subarray(0, end - 1);
}

/** @param {number} value how many bits it takes */
const bits = (value) => value.toString(2).length;
