// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Sealing to a public key (spec/seal.md 2 and 6): HPKE base mode, one message, X-Wing
 * (KEM 0x647a), HKDF-SHA256, AES-256-GCM.  RFC 9180 section 5.1 with an empty psk.
 * The library gives the key encapsulation and the hash, cipher.js the cipher.
 */

import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';

import { END, concat, label, u16, utf8 } from './bytes.js';
import { cipherOf } from './cipher.js';
import { Fault, must } from './faults.js';

export const PUBLIC_KEY_BYTES = 1216;
const MLKEM_BYTES = 1184;
const ENC_BYTES = 1120;
const SUITE = 1;
const NOTHING = new Uint8Array(0);
const HPKE_SUITE = concat(utf8('HPKE'), u16(0x647a), u16(1), u16(2));
const VERSION = utf8('HPKE-v1');
const FIELD = 2n ** 255n - 19n;
/** u-coordinates whose order divides 8, below the field's prime (RFC 7748; cr.yp.to/ecdh.html). */
const SMALL_ORDER = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  FIELD - 1n,
]);

/** A sealing key that was checked once; every other function takes only these. */
export class SealingKey {
  /** @param {Uint8Array} raw 1216 bytes */
  constructor(raw) {
    must(raw.length === PUBLIC_KEY_BYTES && strictPoint(raw.subarray(MLKEM_BYTES)), 'bad_key');
    must(reduced(raw.subarray(0, MLKEM_BYTES - 32)), 'bad_key');
    this.raw = raw;
  }
}

/**
 * The public key of a 32-byte seed.
 * @param {Uint8Array} seed
 */
export const publicKey = (seed) => xwing.keygen(seed).publicKey;

/**
 * @param {SealingKey} key
 * @param {string} purpose
 * @param {Uint8Array} context
 * @param {Uint8Array} plaintext
 * @returns {Promise<Uint8Array>} 0x01 || enc || ct
 */
export async function seal(key, purpose, context, plaintext) {
  const { cipherText, sharedSecret } = xwing.encapsulate(key.raw);
  const { cipher, iv } = await schedule(sharedSecret, infoOf(purpose, context));
  return concat(new Uint8Array([SUITE]), cipherText, await cipher.seal(iv, plaintext));
}

/**
 * @param {Uint8Array} seed
 * @param {string} purpose
 * @param {Uint8Array} context
 * @param {Uint8Array} sealed
 * @returns {Promise<Uint8Array>} the plaintext
 */
export async function open(seed, purpose, context, sealed) {
  must(sealed.length > 0, 'malformed', { format: purpose });
  must(sealed[0] === SUITE, 'unknown_version', { format: purpose, version: sealed[0] });
  must(sealed.length >= 1 + ENC_BYTES + 16, 'malformed', { format: purpose });
  try {
    const shared = xwing.decapsulate(sealed.subarray(1, 1 + ENC_BYTES), seed);
    const { cipher, iv } = await schedule(shared, infoOf(purpose, context));
    return await cipher.open(iv, sealed.subarray(1 + ENC_BYTES));
  } catch {
    throw new Fault('cannot_open', { purpose });
  }
}

/**
 * @param {string} purpose
 * @param {Uint8Array} context
 */
const infoOf = (purpose, context) => concat(label(purpose), END, context);

/**
 * The key schedule of RFC 9180 section 5.1, for sequence number 0.
 * @param {Uint8Array} shared
 * @param {Uint8Array} info
 */
async function schedule(shared, info) {
  const context = concat(
    END,
    labeledExtract(NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(NOTHING, 'info_hash', info),
  );
  const secret = labeledExtract(shared, 'secret', NOTHING);
  const raw = labeledExpand(secret, 'key', context, 32);
  return { cipher: await cipherOf(raw), iv: labeledExpand(secret, 'base_nonce', context, 12) };
}

/**
 * @param {Uint8Array} salt
 * @param {string} name
 * @param {Uint8Array} material
 */
const labeledExtract = (salt, name, material) =>
  extract(sha256, concat(VERSION, HPKE_SUITE, utf8(name), material), salt);

/**
 * @param {Uint8Array} secret
 * @param {string} name
 * @param {Uint8Array} info
 * @param {number} length
 */
const labeledExpand = (secret, name, info, length) =>
  expand(sha256, secret, concat(u16(length), VERSION, HPKE_SUITE, utf8(name), info), length);

/**
 * Canonical and not of small order.
 * @param {Uint8Array} point little-endian u-coordinate
 */
function strictPoint(point) {
  const u = point.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return u < FIELD && !SMALL_ORDER.has(u);
}

/**
 * The modulus check of FIPS 203 section 7.2: each 12-bit coefficient is below 3329.
 * @param {Uint8Array} coefficients
 */
function reduced(coefficients) {
  for (let i = 0; i < coefficients.length; i += 3) {
    const [a, b, c] = coefficients.subarray(i, i + 3);
    if ((a | ((b & 15) << 8)) >= 3329 || ((b >> 4) | (c << 4)) >= 3329) return false;
  }
  return true;
}
