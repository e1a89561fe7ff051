// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Runs vectors with the browser code: every operation of the README that it implements.
 * `node browser.mjs FILE` in Node; bundled, it gives `runVectors(cases)` to a page.
 */

import { BlobCipher, checkBlobId, derive, plan } from '../../src/safeconduct/edges/portal/browser/blobs.js';
import { hex, unhex, utf8 } from '../../src/safeconduct/edges/portal/browser/bytes.js';
import { decode, encode } from '../../src/safeconduct/edges/portal/browser/canon.js';
import { contactExtras } from '../../src/safeconduct/edges/portal/browser/contact.js';
import { SealingKey, open, publicKey } from '../../src/safeconduct/edges/portal/browser/hpke.js';
import { openAnswer, readCertificate, writeLetter } from '../../src/safeconduct/edges/portal/browser/letters.js';
import { pad, padme, unpad } from '../../src/safeconduct/edges/portal/browser/padding.js';
import { mailbox, officeWords, stretch } from '../../src/safeconduct/edges/portal/browser/phrase.js';
import { VerifyKey, verify } from '../../src/safeconduct/edges/portal/browser/signed.js';

const fileOf = ([id, key, name, size, type]) => ({ id: unhex(id), key: unhex(key), name, size, type });

/** Each takes a case whose bytes are bytes, and gives what the README says. */
const OPERATIONS = {
  sealing_keypair: (given) => ({ public: publicKey(given.raw('seed')) }),
  sealing_key: (given) => void new SealingKey(given.raw('key')),
  open_sealed: async (given) => ({
    plaintext: await open(given.raw('seed'), given.purpose, given.raw('context'), given.raw('sealed')),
  }),
  derive(given) {
    const { cipherKey, commitment } = derive(given.raw('key'), given.purpose, given.raw('context'));
    return { cipher_key: cipherKey, commitment };
  },
  padme: (given) => ({ padded: padme(given.length) }),
  pad: (given) => ({ padded: pad(given.raw('message'), given.least) }),
  unpad: (given) => ({ message: unpad(given.raw('padded')) }),
  blob_plan(given) {
    const { id, padded, chunks } = plan(given.raw('key'), given.size);
    checkBlobId(id, given.raw('key'));
    return { blob: id, padded, chunks };
  },
  open_chunk: async (given) => {
    const cipher = await BlobCipher.of(given.raw('key'), given.size);
    return { part: await cipher.open(given.index, given.raw('sealed')) };
  },
  canonical: (given) => void decode(given.raw('data'), 'canonical'),
  verify_key: (given) => void new VerifyKey(given.raw('key')),
  verify_ed25519(given) {
    const key = new VerifyKey(given.raw('key'));
    verify(key, given.purpose, given.raw('context'), given.raw('message'), given.raw('signature'));
  },
  phrase_secret: (given) => ({ secret: stretch(utf8(given.phrase), given.raw('office')) }),
  phrase_parts(given) {
    const { seed, sealingKey, address, voice } = mailbox(given.raw('secret'));
    return { seed, public: sealingKey, address, voice };
  },
  office_words(given) {
    const places = Array.from({ length: 2048 }, (_, place) => place);
    return { places: officeWords(given.raw('office'), given.raw('key'), places).join(' ') };
  },
  certificate(given) {
    const pin = new VerifyKey(given.raw('key').subarray(0, 32));
    const { epoch, key } = readCertificate(given.raw('data'), given.raw('office'), pin, given.least);
    return { epoch, intake: key.raw };
  },
  write_letter(given) {
    const mine = { voice: given.raw('voice'), address: given.raw('address'), sealingKey: given.raw('public') };
    const letter = writeLetter(mine, given.language, given.text, given.files.map(fileOf), given.extras);
    return { letter };
  },
  write_contact: (given) => ({ extras: encode(contactExtras(given.answers)) }),
  open_reply: async (given) => {
    const mine = { seed: given.raw('seed'), address: given.raw('address'), voice: given.raw('voice') };
    const { kind, time, text, attachments, about, extras } = await openAnswer(given.raw('item'), given.raw('office'), mine);
    const files = attachments.map(({ id, key, name, size, type }) => [id, key, name, size, type]);
    return { reply: encode([1, kind, time, text, files, about, extras]) };
  },
};

/**
 * Everything in which a case did not come out as it says.
 * @param {any} vector
 * @returns {Promise<string[]>}
 */
async function differs(vector) {
  const given = { ...vector, raw: (name) => unhex(vector[name]) };
  const operation = OPERATIONS[vector.op];
  if (!operation) return [`no operation ${vector.op}`];
  let [code, gives] = ['ok', undefined];
  try {
    gives = await operation(given);
  } catch (fault) {
    code = fault.code ?? String(fault);
  }
  const wrong = code === vector.expect ? [] : [`expected ${vector.expect}, got ${code}`];
  for (const [name, value] of Object.entries(gives ?? {})) {
    const told = value instanceof Uint8Array ? hex(value) : value;
    if (told !== vector[name]) wrong.push(`${name} differs`);
  }
  return wrong;
}

/**
 * Run the cases that are for browsers; give the names of those that came out wrong, and why.
 * @param {any[]} cases
 * @returns {Promise<{ran: number, wrong: Record<string, string[]>}>}
 */
export async function runVectors(cases) {
  const mine = cases.filter(({ browser }) => browser);
  const outcomes = [];
  for (const vector of mine) outcomes.push([vector.name, await differs(vector)]);
  return { ran: mine.length, wrong: Object.fromEntries(outcomes.filter(([, wrong]) => wrong.length)) };
}

globalThis.runVectors = runVectors;
