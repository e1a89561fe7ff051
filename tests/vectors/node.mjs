// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * `node node.mjs FILE...` runs vector files with the browser code and prints what came out wrong;
 * with `--spare` before them, where there is no WebCrypto.
 */

import { readFileSync } from 'node:fs';

import { runVectors } from './browser.mjs';

const outcomes = {};
const spare = process.argv[2] === '--spare';
if (spare) Object.defineProperty(crypto, 'subtle', { value: undefined });
for (const path of process.argv.slice(spare ? 3 : 2)) {
  outcomes[path] = await runVectors(JSON.parse(readFileSync(path, 'utf8')).cases);
}
console.log(JSON.stringify(outcomes));
