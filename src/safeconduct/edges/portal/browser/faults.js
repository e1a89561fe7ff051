// SPDX-License-Identifier: AGPL-3.0-or-later
/** One error type for the browser code: a code of docs/spec and typed fields, never free text. */

export class Fault extends Error {
  /**
   * @param {string} code as in docs/spec: `bad_key`, `cannot_open`, `unreachable`...
   * @param {Record<string, unknown>} [fields] what the reader needs to go on
   */
  constructor(code, fields = {}) {
    super(code);
    this.code = code;
    this.fields = fields;
  }
}

/**
 * Refuse when a condition does not hold.
 * @param {unknown} condition
 * @param {string} code
 * @param {Record<string, unknown>} [fields]
 * @returns {asserts condition}
 */
export function must(condition, code, fields) {
  if (!condition) throw new Fault(code, fields);
}
