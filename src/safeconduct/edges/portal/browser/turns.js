// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * An office's addresses, tried in turn: the first at which a relay answers is used until it fails.
 * Nothing asks before a call is made, and a single address is never asked whether it is there.
 */

import { Fault } from './faults.js';

/** An address that says it is busy is come back to in its turn; one that lies cannot keep a message for a day. */
const BUSY_SECONDS = 5;

export class Turns {
  #next = 0;
  /** @type {string | undefined} */
  #found;

  /**
   * @param {string[]} addresses
   * @param {(address: string) => Promise<boolean>} answers whether a relay does there
   */
  constructor(addresses, answers) {
    this.addresses = addresses;
    this.answers = answers;
  }

  /**
   * The address to call.
   * @returns {Promise<string>} rejects as `unreachable` when each was tried
   */
  async here() {
    const { addresses } = this;
    if (addresses.length === 1) return addresses[0];
    for (let tried = 0; !this.#found; tried++) {
      if (tried === addresses.length) throw new Fault('unreachable');
      const address = addresses[(this.#next + tried) % addresses.length];
      if (await this.answers(address)) this.#found ??= address;
    }
    return this.#found;
  }

  /**
   * Whether to go on with another address after a call failed.
   * @param {any} fault
   * @returns {Fault} what to tell of it
   */
  failed(fault) {
    const several = this.addresses.length > 1;
    if (!several || !['unreachable', 'unknown_office', 'busy'].includes(fault.code)) return fault;
    this.#next = this.addresses.indexOf(this.#found ?? '') + 1;
    this.#found = undefined;
    if (fault.code === 'busy') return new Fault('busy', { seconds: Math.min(Number(fault.fields.seconds), BUSY_SECONDS) });
    // Another one may keep this office.
    return new Fault('unreachable', fault.fields);
  }
}
