// SPDX-License-Identifier: AGPL-3.0-or-later
/** The page's worker without a browser: node page_visit.mjs FOLDER, asked by page_visit.py, line by line. */

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { Visit } = await import(new URL('visit.js', pathToFileURL(`${process.argv[2]}/`)));
/** @type {Visit} */
let visit;

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...request } = JSON.parse(line);
  const told = [];
  try {
    if (ask === 'begin') visit = new Visit(request.config);
    const done = ask === 'begin' ? null : await visit[ask](request, (event) => told.push(event));
    console.log(JSON.stringify({ done: done ?? null, told }));
  } catch (fault) {
    console.log(JSON.stringify({ code: fault.code ?? String(fault) }));
  }
}
