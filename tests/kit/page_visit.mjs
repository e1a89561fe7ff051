// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's worker without a browser: node page_visit.mjs FOLDER, asked by page_visit.py, line by line. */

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { Visit } = await import(new URL('visit.js', pathToFileURL(`${process.argv[2]}/`)));
/** @type {Visit} */
let visit;
/** @type {Promise<object>} what goes on while other questions are asked */
let aside;

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, start, ...request } = JSON.parse(line);
  if (start) aside = answer(start, request);
  console.log(JSON.stringify(start ? {} : await (ask ? answer(ask, request) : aside)));
}

/**
 * @param {string} ask
 * @param {object} request
 * @returns {Promise<object>}
 */
async function answer(ask, request) {
  const told = [];
  try {
    if (ask === 'begin') visit = new Visit(request.config);
    const done = ask === 'begin' ? null : await visit[ask](request, (event) => told.push(event));
    return { done: done ?? null, told };
  } catch (fault) {
    return { code: fault.code ?? String(fault) };
  }
}
