// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Where this page is: one file, handed on by people, that sends to the addresses written in it.
 * It asks nothing of anybody before a person acts.
 */

import { at } from './dom.js';
import { show, watch } from './language.js';

/** @type {Record<string, {title: string, dir: string, body: Element}>} as they were before anything was written in them */
const pages = {};

/** Where to send. */
export const addresses = () => document.documentElement.dataset.addresses.split(' ');

/** Whether it may be used here; the cipher is brought along, chance is not. */
export const able = () => Boolean(globalThis.crypto?.getRandomValues && globalThis.Worker);

/**
 * Keep each language's page as it is, and show the one that the browser is set to.
 * @param {() => void} begin
 */
export function settle(begin) {
  const { lang, dir } = document.documentElement;
  const others = [...document.querySelectorAll('template[data-language]')];
  for (const { dataset, content } of /** @type {any[]} */ (others)) {
    const body = document.createElement('body');
    body.append(content);
    pages[dataset.language] = { title: dataset.title, dir: dataset.dir, body };
  }
  for (const other of others) {
    other.previousElementSibling.remove(); // What it says without scripts.
    other.remove();
  }
  pages[lang] = { title: document.title, dir, body: /** @type {Element} */ (document.body.cloneNode(true)) };
  const wished = navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => pages[tag]);
  if (wished && wished !== lang) show(pageIn(wished));
  begin();
}

/** There is nothing to drop: no site was opened. */
export const left = () => {};

/** @param {() => void} begin wires the new page */
export const watchLanguages = (begin) => {
  // Over an open line somebody could have changed it on the way; a file from a hand was not on that line.
  at('open-line').hidden = location.protocol !== 'http:' || isSecureContext;
  watch(begin, async (language) => pageIn(language));
};

/** @param {string} language */
function pageIn(language) {
  const { title, dir, body } = pages[language];
  return { documentElement: { lang: language, dir }, title, body: body.cloneNode(true) };
}
