// SPDX-License-Identifier: AGPL-3.0-or-later
/** The worker: hears what the page asks, one numbered request at a time, and answers. */

import { Visit } from './visit.js';

/** @type {Visit} */
let visit;

self.onmessage = async ({ data: { id, ask, ...request } }) => {
  const tell = (/** @type {object} */ event) => self.postMessage({ id, event });
  try {
    if (ask === 'begin') visit = new Visit(request.config);
    self.postMessage({ id, done: ask === 'begin' ? null : await visit[ask](request, tell) });
  } catch (fault) {
    self.postMessage({ id, fault: { code: fault.code ?? 'defect', fields: fault.fields ?? {} } });
  }
};
