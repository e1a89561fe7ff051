// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Drives one browser for tests/kit/browsers.py: reads one JSON request a line, answers one a line.
 * Chromium is spoken to through CDP and Firefox through WebDriver BiDi, by the same commands.
 * A browser that runs already is driven in the window that it has, and left running.
 */

import { createInterface } from 'node:readline';

import puppeteer from 'puppeteer-core';

const setup = JSON.parse(process.argv[2]);
const { kind, executable, profile, downloads, args, prefs, listens, endpoint } = setup;
const FIREFOX = {
  'browser.download.dir': downloads,
  'browser.download.folderList': 2,
  'browser.download.useDownloadDir': true,
  'browser.download.always_ask_before_handling_new_types': false,
  ...prefs,
};
const browser = endpoint ? await join() : await start();
let seen = [];
let page = endpoint ? await found() : await open();

/** Start a browser with a profile of its own. */
function start() {
  return puppeteer.launch({
    browser: kind,
    executablePath: executable,
    userDataDir: profile,
    headless: true,
    protocolTimeout: 600_000,
    // Listening to the network makes a browser keep every body that it sends.
    networkEnabled: listens,
    args,
    ...(kind === 'firefox' ? { extraPrefsFirefox: FIREFOX } : {}),
  });
}

/** Speak to a browser that runs. */
function join() {
  const firefox = { browserWSEndpoint: endpoint, protocol: 'webDriverBiDi' };
  const way = kind === 'firefox' ? firefox : { browserURL: endpoint };
  return puppeteer.connect({ ...way, defaultViewport: null, protocolTimeout: 600_000 });
}

/** The window of a browser that runs, once it has one. */
async function found() {
  for (;;) {
    const [tab] = await browser.pages();
    if (tab) return watched(tab);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A fresh tab. */
async function open() {
  const tab = await watched(await browser.newPage());
  if (kind === 'chrome') {
    const session = await tab.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  }
  return tab;
}

/** Count the requests of a tab. */
async function watched(tab) {
  tab.setDefaultTimeout(60_000);
  tab.on('request', (request) => seen.push({ method: request.method(), url: request.url() }));
  tab.on('pageerror', (error) => seen.push({ error: String(error) }));
  tab.on('console', (line) => line.type() === 'error' && seen.push({ console: line.text() }));
  return tab;
}

/** Set a field as a paste would. */
const put = (field, value) => {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
  set.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

/** Press a key, with others held down: `Shift+Tab`. */
async function press(keys) {
  const held = keys.split('+');
  const key = held.pop();
  for (const one of held) await page.keyboard.down(one);
  await page.keyboard.press(key);
  for (const one of held.reverse()) await page.keyboard.up(one);
}

const commands = {
  goto: async ({ url }) => void (await page.goto(url, { waitUntil: 'load' })),
  fill: ({ at, text }) => page.$eval(at, put, text),
  type: ({ at, text }) => page.type(at, text),
  click: ({ at }) => page.click(at),
  press: ({ key }) => press(key),
  text: ({ at }) => page.$eval(at, (element) => element.innerText),
  texts: ({ at }) => page.$$eval(at, (elements) => elements.map((element) => element.innerText)),
  visible: ({ at }) => page.$eval(at, (element) => element.checkVisibility()),
  upload: async ({ at, paths }) => void (await (await page.$(at)).uploadFile(...paths)),
  evaluate: ({ script }) => page.evaluate(script),
  wait: async ({ script, seconds }) =>
    void (await page.waitForFunction(script, { timeout: 1000 * seconds, polling: 50 })),
  view: ({ width, height }) => page.setViewport({ width, height, deviceScaleFactor: 1 }),
  media: ({ features }) => page.emulateMediaFeatures(features),
  headers: ({ headers }) => page.setExtraHTTPHeaders(headers),
  script: ({ on }) => page.setJavaScriptEnabled(on),
  shot: async ({ path, full }) => void (await page.screenshot({ path, fullPage: full })),
  seen: () => seen.splice(0),
  pid: () => browser.process().pid,
  throttle: ({ rate }) => throttle(rate),
  renew: async () => {
    const old = page;
    page = await open();
    await old.close();
  },
  close: () => (endpoint ? browser.disconnect() : browser.close()),
};

/** Slow the page and its workers down; Chromium only. */
async function throttle(rate) {
  const session = await page.createCDPSession();
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...request } = JSON.parse(line);
  let answer;
  try {
    answer = { done: (await commands[ask](request)) ?? null };
  } catch (error) {
    answer = { failed: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (ask === 'close') break;
}
process.exit(0);
