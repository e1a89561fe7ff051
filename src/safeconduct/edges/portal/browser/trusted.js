// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The two places where text becomes something that runs or is shown as markup: the worker's source,
 * which stands in this very file, and this page in another language, from the server it came from.
 */

/** What browsers without Trusted Types do by themselves. */
const PLAIN = {
  createScriptURL: (/** @type {string} */ url) => url,
  createHTML: (/** @type {string} */ html) => html,
};

/** @type {any} */
const policy = self.trustedTypes?.createPolicy('portal', PLAIN) ?? PLAIN;

/** @param {string} source */
export const startWorker = (source) =>
  new Worker(policy.createScriptURL(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))));

/**
 * A document that runs nothing.
 * @param {string} html
 */
export const parsePage = (html) => new DOMParser().parseFromString(policy.createHTML(html), 'text/html');
