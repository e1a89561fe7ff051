// SPDX-License-Identifier: AGPL-3.0-or-later
/** Where this page is: served, from the address to which it sends.  place_file.js is the other place. */

import { watch } from './language.js';
import { parsePage } from './trusted.js';

/** Where to send. */
export const addresses = () => [location.origin];

/** Whether it may be used here: what came over an open line may have been changed on the way. */
export const able = () => isSecureContext && crypto.subtle;

/** @param {() => void} begin */
export const settle = (begin) => begin();

/**
 * The server's answer asks the browser to drop whatever it kept of this site.
 * No beacon: Firefox writes one down, with its second, although the answer may not be kept.
 */
export const left = () => fetch('/', { method: 'POST', keepalive: true, cache: 'no-store' }).catch(() => {});

/** @param {() => void} begin wires the new page */
export const watchLanguages = (begin) => watch(begin, fetchPage);

/** @param {string} language */
async function fetchPage(language) {
  const answer = await fetch('/', {
    ...{ method: 'POST', body: new URLSearchParams({ lang: language }) },
    ...{ cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' },
  });
  if (!answer.ok) throw new Error('no page');
  return parsePage(await answer.text());
}
