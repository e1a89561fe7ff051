// SPDX-License-Identifier: AGPL-3.0-or-later
/** `node node.mjs FILE...` runs vector files with the browser code and prints what came out wrong. */

import { readFileSync } from 'node:fs';

import { runVectors } from './browser.mjs';

const outcomes = {};
for (const path of process.argv.slice(2)) {
  outcomes[path] = await runVectors(JSON.parse(readFileSync(path, 'utf8')).cases);
}
console.log(JSON.stringify(outcomes));
