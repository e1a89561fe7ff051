// SPDX-License-Identifier: AGPL-3.0-or-later
/** Files go up and come down in chunks, and go on after a cut. */

import { BlobCipher, checkBlobId, plan } from './blobs.js';
import { random } from './bytes.js';
import { Fault, must } from './faults.js';
import { pause, persist } from './relay.js';

export const LARGEST_DOWN = 25 << 20;
const FULL_WAIT_MS = 30_000;

/**
 * One file on its way.
 * @typedef {object} Parcel
 * @property {File} file
 * @property {Uint8Array} token
 * @property {import('./letters.js').Attachment} attachment
 */

/**
 * Choose a key for a file; the letter names it before the first chunk is sent.
 * @param {File} file
 * @returns {Parcel}
 */
export function wrap(file) {
  const key = random(32);
  const { id, size } = plan(key, file.size);
  const type = file.type || 'application/octet-stream';
  return { file, token: random(32), attachment: { id, key, name: file.name, size, type } };
}

/**
 * Send a file until the relay has all of it.
 * @param {import('./relay.js').Relay} relay
 * @param {Parcel} parcel
 * @param {import('./relay.js').Task} task
 * @param {(state: string, share: number) => void} tell `going`, `waiting`, `words_first`
 */
export async function upload(relay, { file, token, attachment }, task, tell) {
  const cipher = await BlobCipher.of(attachment.key, file.size);
  const { id, chunks } = cipher.plan;
  let next = 0;
  const wait = (state) => tell(state, next / chunks);
  const announce = () => patiently(() => relay.openBlob(cipher.plan, token, task), wait);
  next = await announce();
  while (next < chunks) {
    tell('going', next / chunks);
    const sealed = await readable(cipher.seal(next, file));
    try {
      next = await relay.putChunk(id, next, token, sealed);
    } catch (fault) {
      next = await resume(fault, relay, id, announce, wait);
    }
  }
  tell('there', 1);
}

/**
 * After a cut ask what is missing; announce the file again to a relay that forgot it.
 * @param {Fault} fault
 * @param {import('./relay.js').Relay} relay
 * @param {Uint8Array} id
 * @param {() => Promise<number>} announce
 * @param {(state: string) => void} wait
 * @returns {Promise<number>} the next missing chunk
 */
async function resume(fault, relay, id, announce, wait) {
  if (fault.code === 'not_found') return announce();
  if (fault.code === 'words_first') {
    wait('words_first');
    await pause(FULL_WAIT_MS);
  } else if (fault.code !== 'unreachable' && fault.code !== 'busy') throw fault;
  else wait('waiting');
  try {
    return (await patiently(() => relay.blob(id), wait)).next;
  } catch (lost) {
    if (lost.code !== 'not_found') throw lost;
    return announce();
  }
}

/**
 * Try until the relay answers and has room.
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {(state: string) => void} wait
 * @returns {Promise<T>}
 */
async function patiently(attempt, wait) {
  for (;;) {
    try {
      return await persist(attempt, () => wait('waiting'));
    } catch (fault) {
      if (fault.code !== 'words_first') throw fault;
      wait('words_first');
      await pause(FULL_WAIT_MS);
    }
  }
}

/**
 * The page may lose the right to read a file that was moved or changed.
 * @param {Promise<Uint8Array>} sealing
 */
async function readable(sealing) {
  try {
    return await sealing;
  } catch {
    throw new Fault('unreadable');
  }
}

/**
 * Fetch a file from the office and open it.
 * @param {import('./relay.js').Relay} relay
 * @param {import('./letters.js').Attachment} attachment
 * @param {(state: string, share: number) => void} tell
 * @returns {Promise<Blob>}
 */
export async function download(relay, { id, key, size }, tell) {
  must(size <= LARGEST_DOWN, 'too_large', { largest: LARGEST_DOWN });
  checkBlobId(id, key);
  const cipher = await BlobCipher.of(key, size);
  const { chunks } = cipher.plan;
  const parts = [];
  while (parts.length < chunks) {
    const at = parts.length;
    tell('going', at / chunks);
    const sealed = await persist(() => relay.chunk(id, at), () => tell('waiting', at / chunks));
    parts.push(await cipher.open(at, sealed));
  }
  return new Blob(parts, { type: 'application/octet-stream' });
}
