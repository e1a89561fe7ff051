// SPDX-License-Identifier: AGPL-3.0-or-later
/** What a person and an office write to each other (spec/mailbox.md 3 to 5). */

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

import { concat, equal, label, u32, u64, utf8 } from './bytes.js';
import { decode, encode, shaped } from './canon.js';
import { must } from './faults.js';
import { SealingKey, open, seal } from './hpke.js';
import { pad, unpad } from './padding.js';
import { verify } from './signed.js';

const VERSION = 1;
const VERSION_BYTE = new Uint8Array([VERSION]);
const LONG_SIGNATURE_BYTES = 64 + 3309;
const LEAST_LETTER = 4096;

/**
 * @typedef {object} IntakeKey
 * @property {number} epoch
 * @property {SealingKey} key
 *
 * @typedef {object} Attachment
 * @property {Uint8Array} id
 * @property {Uint8Array} key
 * @property {string} name
 * @property {number} size
 * @property {string} type
 *
 * @typedef {object} Answer
 * @property {'answer' | 'have'} kind
 * @property {number} time
 * @property {string} text
 * @property {Attachment[]} attachments
 * @property {Uint8Array} about
 * @property {Record<string, unknown>} extras of a newer office; not shown
 */

/**
 * Check the current intake key under the pinned key of the office.
 * @param {Uint8Array} signed certificate || long signature; its Ed25519 half is checked
 * @param {Uint8Array} office
 * @param {import('./signed.js').VerifyKey} pin
 * @param {number} [least] the largest epoch seen in this visit
 * @returns {IntakeKey}
 */
export function readCertificate(signed, office, pin, least = 0) {
  const format = 'certificate';
  must(signed.length > LONG_SIGNATURE_BYTES, 'malformed', { format });
  const certificate = signed.subarray(0, -LONG_SIGNATURE_BYTES);
  const signature = signed.subarray(certificate.length, certificate.length + 64);
  verify(pin, 'intake-key', office, certificate, signature);
  const fields = decode(certificate, format);
  must(Array.isArray(fields), 'malformed', { format });
  must(fields[0] === VERSION, 'unknown_version', { format, version: fields[0] });
  const [, named, epoch, key] = shaped(fields, 'i b16 i b1216 i i', format);
  must(equal(named, office) && epoch >= least, 'malformed', { format });
  return { epoch, key: new SealingKey(key) };
}

/**
 * What the office says at once, by language (spec/first-words.md 3): signed by the pinned key, and not ended.
 * @param {Uint8Array} signed words || long signature; its Ed25519 half is checked
 * @param {Uint8Array} office
 * @param {import('./signed.js').VerifyKey} pin
 * @param {number} now by this device, which nobody is told
 * @returns {Record<string, unknown>}
 */
export function readFirstWords(signed, office, pin, now) {
  const words = signed.subarray(0, -LONG_SIGNATURE_BYTES);
  verify(pin, 'first-words', office, words, signed.subarray(words.length, words.length + 64));
  const [version, , , until, texts] = shaped(decode(words, 'first_words'), 'i b16 i i m', 'first_words');
  must(version === VERSION && now < until, 'words_ended');
  return texts;
}

/**
 * @param {import('./phrase.js').Mailbox} mailbox
 * @param {string} language
 * @param {string} words what she wrote
 * @param {Attachment[]} attachments
 * @param {Record<string, unknown>} [extras]
 * @returns {Uint8Array}
 */
export function writeLetter(mailbox, language, words, attachments, extras = {}) {
  const { voice, address, sealingKey } = mailbox;
  const files = attachments.map(({ id, key, name, size, type }) => [id, key, name, size, type]);
  return encode([VERSION, voice, address, sealingKey, language, words, files, extras]);
}

/**
 * @param {Uint8Array} letter
 * @param {Uint8Array} office
 * @param {IntakeKey} intake
 * @returns {Promise<Uint8Array>} the item that a relay keeps
 */
export async function sealLetter(letter, office, { epoch, key }) {
  const context = concat(office, u32(epoch));
  const sealed = await seal(key, 'intake', context, pad(letter, LEAST_LETTER));
  return concat(VERSION_BYTE, context, sealed);
}

/**
 * Open one item of her box.  Whatever opens was written by the office.
 * @param {Uint8Array} item
 * @param {Uint8Array} office
 * @param {import('./phrase.js').Mailbox} mailbox
 * @returns {Promise<Answer>}
 */
export async function openAnswer(item, office, { seed, address, voice }) {
  const format = 'answer';
  must(item.length > 0, 'malformed', { format });
  must(item[0] === VERSION, 'unknown_version', { format, version: item[0] });
  const context = concat(office, address, hmac(sha256, voice, label('answer')));
  const fields = decode(unpad(await open(seed, 'answer', context, item.subarray(1))), format);
  must(Array.isArray(fields), 'malformed', { format });
  must(fields[0] === VERSION, 'unknown_version', { format, version: fields[0] });
  return readAnswer(fields, format);
}

/**
 * @param {unknown[]} fields
 * @param {string} format
 * @returns {Answer}
 */
function readAnswer(fields, format) {
  const [, kind, time, text, files, about, extras] = shaped(fields, 'i s i s a b m', format);
  must(kind === 'answer' || kind === 'have', 'malformed', { format });
  must(about.length === 0 || about.length === 32, 'malformed', { format });
  const attachments = files.map((/** @type {unknown} */ file) => {
    const [id, key, name, size, type] = shaped(file, 'b32 b32 s i s', format);
    return { id, key, name, size, type };
  });
  return { kind, time, text, attachments, about, extras };
}

/**
 * The receipt of an item: throws unless it is this item's and signed by this relay.
 * @param {unknown[]} receipt [index, hash, time, signature]
 * @param {Uint8Array} item
 * @param {Uint8Array} office
 * @param {import('./signed.js').VerifyKey} relayKey
 * @returns {Uint8Array} the message id
 */
export function checkReceipt(receipt, item, office, relayKey) {
  const [index, hash, time, signature] = shaped(receipt, 'i b32 i b64', 'receipt');
  must(equal(hash, sha256(item)), 'bad_signature', { purpose: 'receipt' });
  verify(relayKey, 'receipt', office, concat(u64(index), hash, u64(time)), signature);
  return hash;
}

/**
 * @param {string} words
 * @returns {number} their length in UTF-8
 */
export const weight = (words) => utf8(words).length;
