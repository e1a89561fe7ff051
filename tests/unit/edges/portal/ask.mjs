// SPDX-License-Identifier: AGPL-3.0-or-later
/** Answers a list of calls of the browser code for test_agrees.py: JSON in, JSON out. */

import { readFileSync } from 'node:fs';

import { hex, unhex } from '../../../../src/safeconduct/edges/portal/browser/bytes.js';
import { decode, encode } from '../../../../src/safeconduct/edges/portal/browser/canon.js';
import { read } from '../../../../src/safeconduct/edges/portal/browser/phrase.js';
import { solve } from '../../../../src/safeconduct/edges/portal/browser/work.js';

const calls = {
  canon: (data) => hex(encode(decode(unhex(data), 'test'))),
  phrase: (typed, list) => read(typed, list),
  work: (seed, payload, bits) => solve(unhex(seed), unhex(payload), bits),
};

const answers = [];
for (const [name, ...given] of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    answers.push({ done: await calls[name](...given) });
  } catch (fault) {
    answers.push({ code: fault.code ?? String(fault), fields: fault.fields });
  }
}
console.log(JSON.stringify(answers));
