// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Canonical MessagePack (spec/seal.md 1): arrays, counts, text, bytes, true, false, nil and maps.
 * What does not re-encode to itself is refused, so that two readers never see two meanings.
 * Of our own, because the usual library is a sixth of the page and reads more than the spec allows.
 */

import { concat, equal, text, u16, u32, u64, utf8 } from './bytes.js';
import { Fault, must } from './faults.js';

const DEEPEST = 16;
const EXACT = 2 ** 32;

/**
 * @param {unknown} value arrays, counts, text, Uint8Array, booleans, null and plain maps of text
 * @returns {Uint8Array}
 */
export function encode(value) {
  if (value === null) return byte(0xc0);
  if (typeof value === 'boolean') return byte(value ? 0xc3 : 0xc2);
  if (typeof value === 'number') return integer(value);
  if (typeof value === 'string') return sized(utf8(value), 0xa0, 32, [0xd9, 0xda, 0xdb]);
  if (value instanceof Uint8Array) return sized(value, 0, 0, [0xc4, 0xc5, 0xc6]);
  if (Array.isArray(value)) return concat(head(value.length, 0x90, 16, [0, 0xdc, 0xdd]), ...value.map(encode));
  const pairs = Object.entries(/** @type {object} */ (value)).sort(([one], [other]) => order(one, other));
  return concat(head(pairs.length, 0x80, 16, [0, 0xde, 0xdf]), ...pairs.flat().map(encode));
}

/**
 * @param {Uint8Array} bytes
 * @param {string} format its name in docs/spec
 * @returns {any}
 */
export function decode(bytes, format) {
  const reader = new Reader(bytes, format);
  const value = reader.value(0);
  must(reader.at === bytes.length, 'malformed', { format });
  must(equal(encode(value), bytes), 'not_canonical', { format });
  return value;
}

/**
 * Check the fields of a decoded array: `b32` bytes of that length, `b` bytes, `i` a count,
 * `s` text, `a` array, `m` map.
 * @param {unknown} value
 * @param {string} shape fields apart by spaces
 * @param {string} format
 * @returns {any[]}
 */
export function shaped(value, shape, format) {
  const fields = shape.split(' ');
  must(Array.isArray(value) && value.length === fields.length, 'malformed', { format });
  must(fields.every((field, at) => fits(value[at], field)), 'malformed', { format });
  return value;
}

/**
 * @param {unknown} value
 * @param {string} field
 */
function fits(value, field) {
  const length = Number(field.slice(1));
  switch (field[0]) {
    case 'b':
      return value instanceof Uint8Array && (!length || value.length === length);
    case 'i':
      return typeof value === 'number' && value >= 0;
    case 's':
      return typeof value === 'string';
    case 'a':
      return Array.isArray(value);
    default:
      return Object.prototype.toString.call(value) === '[object Object]';
  }
}

/** @param {number} value */
const byte = (value) => new Uint8Array([value]);

/** By code point, as Python and UTF-8 order text. */
const order = (/** @type {string} */ one, /** @type {string} */ other) => {
  const [a, b] = [utf8(one), utf8(other)];
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
};

/** @param {number} value a safe integer */
function integer(value) {
  must(Number.isSafeInteger(value), 'malformed', { format: 'integer' });
  if (value >= 0) {
    if (value < 128) return byte(value);
    if (value < 256) return new Uint8Array([0xcc, value]);
    if (value < 65536) return concat(byte(0xcd), u16(value));
    return value < EXACT ? concat(byte(0xce), u32(value)) : concat(byte(0xcf), u64(value));
  }
  if (value >= -32) return byte(256 + value);
  if (value >= -128) return new Uint8Array([0xd0, 256 + value]);
  if (value >= -32768) return concat(byte(0xd1), u16(65536 + value));
  if (value >= -EXACT / 2) return concat(byte(0xd2), u32(EXACT + value));
  return concat(byte(0xd3), u64(value));
}

/**
 * A type and a length in their shortest form.
 * @param {number} length
 * @param {number} small the type of a length that fits into the first byte
 * @param {number} fewer how many lengths do
 * @param {number[]} types for lengths of one, two and four bytes; 0 where there is none
 */
function head(length, small, fewer, [one, two, four]) {
  if (length < fewer) return byte(small | length);
  if (one && length < 256) return new Uint8Array([one, length]);
  return length < 65536 ? concat(byte(two), u16(length)) : concat(byte(four), u32(length));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} small
 * @param {number} fewer
 * @param {number[]} types
 */
const sized = (bytes, small, fewer, types) => concat(head(bytes.length, small, fewer, types), bytes);

/** Reads values one after another; forms that are too long are caught by encoding again. */
class Reader {
  /**
   * @param {Uint8Array} bytes
   * @param {string} format
   */
  constructor(bytes, format) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.format = format;
    this.at = 0;
  }

  /**
   * @param {number} depth
   * @returns {unknown}
   */
  value(depth) {
    must(depth < DEEPEST, 'malformed', { format: this.format });
    const first = this.take(1)[0];
    if (first < 0x80) return first;
    if (first < 0x90) return this.map(first & 15, depth);
    if (first < 0xa0) return this.array(first & 15, depth);
    if (first < 0xc0) return this.text(first & 31);
    if (first >= 0xe0) return first - 256;
    return this.long(first, depth);
  }

  /**
   * Types whose length or value stands in the bytes that follow.
   * @param {number} type
   * @param {number} depth
   */
  long(type, depth) {
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type >= 0xc4 && type <= 0xc6) return this.take(this.count(1 << (type - 0xc4))).slice();
    if (type >= 0xcc && type <= 0xcf) return this.count(1 << (type - 0xcc));
    if (type >= 0xd0 && type <= 0xd3) return this.count(1 << (type - 0xd0), true);
    if (type >= 0xd9 && type <= 0xdb) return this.text(this.count(1 << (type - 0xd9)));
    if (type === 0xdc || type === 0xdd) return this.array(this.count(type === 0xdc ? 2 : 4), depth);
    if (type === 0xde || type === 0xdf) return this.map(this.count(type === 0xde ? 2 : 4), depth);
    throw new Fault('malformed', { format: this.format });
  }

  /** @param {number} length */
  take(length) {
    must(this.at + length <= this.bytes.length, 'malformed', { format: this.format });
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /**
   * @param {number} width in bytes
   * @param {boolean} [signed]
   */
  count(width, signed = false) {
    let value = 0n;
    for (const part of this.take(width)) value = (value << 8n) | BigInt(part);
    const number = Number(signed ? BigInt.asIntN(8 * width, value) : value);
    must(Number.isSafeInteger(number), 'malformed', { format: this.format });
    return number;
  }

  /** @param {number} length */
  text(length) {
    const bytes = this.take(length);
    try {
      return text(bytes);
    } catch {
      throw new Fault('malformed', { format: this.format });
    }
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  array(length, depth) {
    must(length <= this.bytes.length - this.at, 'malformed', { format: this.format });
    return Array.from({ length }, () => this.value(depth + 1));
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  map(length, depth) {
    must(2 * length <= this.bytes.length - this.at, 'malformed', { format: this.format });
    const pairs = Array.from({ length }, () => [this.value(depth + 1), this.value(depth + 1)]);
    must(pairs.every(([key]) => typeof key === 'string'), 'malformed', { format: this.format });
    return Object.assign(Object.create(null), Object.fromEntries(pairs));
  }
}
