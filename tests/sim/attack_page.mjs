// SPDX-License-Identifier: AGPL-3.0-or-later
/** Calls the page's own code for test_attack_page.py: node attack_page.mjs FOLDER CALL, JSON in, a code or text out. */

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , folder, call] = process.argv;
const load = (name) => import(new URL(name, pathToFileURL(`${folder}/`)));
const { unhex } = await load('bytes.js');
const { SealingKey } = await load('hpke.js');
const { checkReceipt, readCertificate, readFirstWords } = await load('letters.js');
const { officeWords } = await load('phrase.js');
const { VerifyKey } = await load('signed.js');
const given = JSON.parse(readFileSync(0, 'utf8'));
const bytes = (name) => unhex(given[name]);

const calls = {
  certificate: () =>
    readCertificate(bytes('signed'), bytes('office'), new VerifyKey(bytes('pin')), given.least),
  first: () => readFirstWords(bytes('signed'), bytes('office'), new VerifyKey(bytes('pin')), given.now),
  receipt: () => {
    const receipt = [given.index, bytes('hash'), given.time, bytes('signature')];
    return checkReceipt(receipt, bytes('item'), bytes('office'), new VerifyKey(bytes('key')));
  },
  sealing: () => new SealingKey(bytes('key')),
  signing: () => new VerifyKey(bytes('key')),
  words: () => officeWords(bytes('office'), bytes('pin'), Array.from({ length: 2048 }, (_, at) => at)).join(' '),
};

try {
  const said = calls[call]();
  console.log(typeof said === 'string' ? said : 'taken');
} catch (fault) {
  console.log(fault.code ?? String(fault));
}
