// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * One visit, in the worker: the words, the keys they give, and what the page asks to be done.
 * Nothing here outlives the page.
 */

import { hex, unhex } from './bytes.js';
import { contactExtras } from './contact.js';
import { Fault, must } from './faults.js';
import { checkReceipt, openAnswer, readCertificate, readFirstWords, sealLetter, weight, writeLetter } from './letters.js';
import { canonical, draw, mailbox, officeWords, read, stretchSlowly } from './phrase.js';
import { Relay, hurry, persist } from './relay.js';
import { VerifyKey } from './signed.js';
import { download, upload, wrap } from './uploads.js';

const LARGEST_TEXT = 200_000;

/**
 * @typedef {object} Config what the page says of itself
 * @property {string[]} addresses origins at which the relay is met
 * @property {string} office hex
 * @property {string} pin hex
 * @property {string} language
 * @property {string} list which list the words are of; a language that has none takes another's
 * @property {string[]} words
 *
 * @typedef {(event: Record<string, unknown>) => void} Tell
 *
 * @typedef {object} Words what a box is opened with
 * @property {string[]} [words] drawn in this visit, or typed and not borne out, and not yet shown
 * @property {boolean} typed by her
 */

export class Visit {
  /** @type {Promise<import('./phrase.js').Mailbox & Words> | undefined} */
  #mailbox;
  #epoch = 0;
  /** @type {import('./letters.js').Attachment[]} */
  #offered = [];

  /** @param {Config} config */
  constructor({ addresses, office, pin, language, list, words }) {
    this.office = unhex(office);
    this.pin = new VerifyKey(unhex(pin));
    this.language = language;
    this.list = list;
    this.words = words;
    this.relay = new Relay(addresses, this.office);
  }

  /** The office's own eight words, of what this page pins: those of no box (spec/journal.md 2). */
  ours() {
    return officeWords(this.office, this.pin.raw, this.words);
  }

  /** Make words and keys while she writes; does nothing when there are some. */
  async prepare() {
    this.#mailbox ??= this.#derive(draw(this.words), false);
    await this.#mailbox;
  }

  /**
   * Come back with words.
   * @param {{typed: string}} request
   * @param {Tell} tell
   */
  async enter({ typed }, tell) {
    const words = read(typed, this.words);
    // A box of words that everyone knows would be read by everyone.
    must(words.join() !== this.ours().join(), 'words_ours');
    // A wrong word opens a box too: until something lies in it, they are as good as new.
    this.#mailbox = this.#derive(words, true, (share) => tell({ share }));
    await this.#mailbox;
  }

  /**
   * Send words, then files.  Tells `receipt` once the words are kept.
   * @param {{text: string, files: File[], contact?: Record<string, string>, slip?: object}} request what she wrote, and told beside it
   * @param {Tell} tell
   */
  async send({ text, files, contact = {}, slip }, tell) {
    must(weight(text) <= LARGEST_TEXT, 'text_too_long');
    // Words that are entered while this hangs have a box of their own; this goes on with its own.
    const ready = this.prepare();
    const box = this.#mailbox;
    const waiting = () => tell({ waiting: true });
    const extras = { ...contactExtras(contact), ...(slip && { slip }) };
    const intake = await persist(() => this.relay.intake(), waiting);
    const large = files.findIndex((file) => file.size > intake.largest[1]);
    must(large < 0, 'file_too_large', { at: large, largest: intake.largest[1] });
    await ready;
    const mine = await box;
    const parcels = files.map(wrap);
    const message = await this.#post(mine, { text, extras }, parcels, intake, waiting);
    tell({ receipt: hex(message), words: mine.words, typed: mine.typed });
    mine.words = undefined;
    for (const [at, parcel] of parcels.entries()) await this.#carry(at, parcel, intake.blob, tell);
  }

  /**
   * Say something back to a slip, and put the alarm off that waits for it: alike with whatever word (spec/slips.md 4).
   * @param {{text: string, said: string, word?: string, timer?: Uint8Array, token?: Uint8Array}} request
   */
  async report({ text, said, word = '', timer, token }) {
    await this.send({ text, files: [], slip: { version: 1, said, word } }, () => {});
    if (timer && said === 'arrived') await persist(() => this.relay.moved(timer, token));
  }

  /** Try at once what hangs. */
  hurry() {
    hurry();
  }

  /**
   * What the office says at once in her language; nothing where it says nothing of its own.
   * @returns {Promise<string>}
   */
  async first() {
    return readFirstWords(await this.relay.firstWords(), this.office, this.pin, Date.now())[this.language];
  }

  /**
   * What waits in her box since the last look.  A quiet look was not her own act, so it tells no answer:
   * `held` says how many wait, sealed, until she asks for them (spec/mailbox.md 7).
   * @param {{quiet: boolean}} request
   * @returns {Promise<{found: object[], held: number}>}
   */
  async look({ quiet }) {
    must(this.#mailbox, 'no_words');
    const mine = await this.#mailbox;
    const found = [];
    for (const item of await this.#unread(mine)) {
      const reply = await this.#open(item, mine);
      if (reply && reply.kind !== 'newer') mine.words = undefined;
      if (quiet && reply && reply.kind !== 'have') mine.held.push(item);
      else if (reply) found.push(this.#told(reply));
    }
    return { found, held: mine.held.length };
  }

  /**
   * The answers that quiet looks held back.
   * @returns {Promise<object[]>}
   */
  async show() {
    const mine = await this.#mailbox;
    const opened = await Promise.all(mine.held.splice(0).map((item) => this.#open(item, mine)));
    return opened.map((reply) => this.#told(reply));
  }

  /**
   * Fetch one file of an answer.
   * @param {{file: number}} request its number among those that `look` told
   * @param {Tell} tell
   * @returns {Promise<Blob>}
   */
  fetch({ file }, tell) {
    return download(this.relay, this.#offered[file], (state, share) => tell({ state, share }));
  }

  /**
   * @param {string[]} words
   * @param {boolean} typed
   * @param {(share: number) => void} [onProgress]
   */
  async #derive(words, typed, onProgress = () => {}) {
    const secret = await stretchSlowly(canonical(this.list, words), this.office, onProgress);
    return { ...mailbox(secret), words, typed };
  }

  /** Seal and post, and again when the key was closed meanwhile; returns the message id. */
  async #post(mine, { text, extras }, parcels, intake, waiting) {
    const attachments = parcels.map(({ attachment }) => attachment);
    const letter = writeLetter(mine, this.language, text, attachments, extras);
    const relayKey = new VerifyKey(intake.relayKey.subarray(0, 32));
    for (let certificate = intake.certificate; ; ) {
      const item = await sealLetter(letter, this.office, this.#accept(certificate));
      try {
        const receipt = await persist(() => this.relay.send(item, intake.message), waiting);
        return checkReceipt(receipt, item, this.office, relayKey);
      } catch (fault) {
        if (fault.code !== 'key_closed') throw fault;
        certificate = fault.fields.certificate;
      }
    }
  }

  /** @param {Uint8Array} certificate */
  #accept(certificate) {
    const key = readCertificate(certificate, this.office, this.pin, this.#epoch);
    this.#epoch = key.epoch;
    return key;
  }

  /** One file's trouble does not stop the next. */
  async #carry(at, parcel, task, tell) {
    try {
      await upload(this.relay, parcel, task, (state, share) => tell({ at, state, share }));
    } catch (fault) {
      tell({ at, state: 'failed', code: fault instanceof Fault ? fault.code : 'defect' });
    }
  }

  /** Read her box to its end.  When the line breaks between two pages, the next look goes on with what was read. */
  async #unread(mine) {
    for (let more = true; more; ) {
      const page = await this.relay.box(mine.address, mine.after);
      mine.unread.push(...page.items);
      mine.after = Math.max(mine.after, ...page.items.map(([number]) => number));
      more = page.more && page.items.length > 0;
    }
    return mine.unread.splice(0);
  }

  /** What does not open was not written by the office, and is passed over. */
  async #open([, expires, item], mine) {
    try {
      return { ...(await openAnswer(item, this.office, mine)), expires };
    } catch (fault) {
      return fault.code === 'unknown_version' ? { kind: 'newer', expires } : undefined;
    }
  }

  /** A reply as the page may see it; the keys of its files stay here. */
  #told({ kind, time, text, attachments = [], about, expires, extras }) {
    const files = attachments.map(({ name, size }, at) => ({ name, size, file: this.#offered.length + at }));
    this.#offered.push(...attachments);
    return { kind, time, text, files, about: about && hex(about), expires, slip: extras?.slip };
  }
}
