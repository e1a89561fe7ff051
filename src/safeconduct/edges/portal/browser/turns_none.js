// SPDX-License-Identifier: AGPL-3.0-or-later
/** The served page's place of turns.js: it has one address, that which it came from. */

export class Turns {
  /** @param {string[]} addresses */
  constructor([address]) {
    this.address = address;
  }

  async here() {
    return this.address;
  }

  /** @param {any} fault */
  failed(fault) {
    return fault;
  }
}
