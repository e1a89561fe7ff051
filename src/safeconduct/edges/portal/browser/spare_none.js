// SPDX-License-Identifier: AGPL-3.0-or-later
/** The served page's place of spare.js: it works where the browser has a cipher of its own, or not at all. */

import { Fault } from './faults.js';

/** @returns {Promise<import('./cipher.js').Cipher>} never */
export async function ofLibrary() {
  throw new Fault('defect');
}
