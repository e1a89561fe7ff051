// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Drives one browser for tests/kit/browsers.py: reads one JSON request a line, answers one a line.
 * Chromium is spoken to through CDP and Firefox through WebDriver BiDi, by the same commands.
 * A browser that runs already is driven in the window that it has, and left running.
 */

import { createInterface } from 'node:readline';

import puppeteer from 'puppeteer-core';

const setup = JSON.parse(process.argv[2]);
const { kind, patience, executable, profile, downloads, args, prefs, listens, endpoint } = setup;
const FIREFOX = {
  'browser.download.dir': downloads,
  'browser.download.folderList': 2,
  'browser.download.useDownloadDir': true,
  'browser.download.always_ask_before_handling_new_types': false,
  ...prefs,
};
const KEEPS = kind === 'chrome' ? { downloadBehavior: { policy: 'allow', downloadPath: downloads } } : {};
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
    timeout: patience,
    protocolTimeout: patience,
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
  return puppeteer.connect({ ...way, defaultViewport: null, protocolTimeout: patience });
}

/** The window of a browser that runs, once it has one. */
async function found() {
  for (;;) {
    const [tab] = await browser.pages();
    if (tab) return watched(tab);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A fresh tab, in the profile or in a context of its own. */
async function open(context) {
  const tab = await watched(await (context ?? browser).newPage());
  if (kind === 'chrome' && !context) {
    const session = await tab.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  }
  return tab;
}

/** Count the requests of a tab. */
async function watched(tab) {
  tab.setDefaultTimeout(patience);
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

/** Press a key twice, with nothing between that a slow machine could stretch. */
async function pressTwice(key) {
  const { keyboard } = page;
  await Promise.all([0, 1].flatMap(() => [keyboard.down(key), keyboard.up(key)]));
}

const commands = {
  goto: async ({ url }) => void (await page.goto(url, { waitUntil: 'load' })),
  fill: ({ at, text }) => page.$eval(at, put, text),
  type: ({ at, text }) => page.type(at, text),
  click: ({ at }) => page.click(at),
  press: ({ key }) => press(key),
  twice: ({ key }) => pressTwice(key),
  text: ({ at }) => page.$eval(at, (element) => element.innerText),
  texts: ({ at }) => page.$$eval(at, (elements) => elements.map((element) => element.innerText)),
  visible: ({ at }) => page.$eval(at, (element) => element.checkVisibility()),
  upload: async ({ at, paths }) => void (await (await page.$(at)).uploadFile(...paths)),
  evaluate: ({ script }) => page.evaluate(script),
  wait: ({ script, seconds }) => until(script, seconds),
  view: ({ width, height }) => page.setViewport({ width, height, deviceScaleFactor: 1 }),
  media: ({ features }) => page.emulateMediaFeatures(features),
  headers: ({ headers }) => page.setExtraHTTPHeaders(headers),
  script: ({ on }) => page.setJavaScriptEnabled(on),
  preload: async ({ script }) => void (await page.evaluateOnNewDocument(script)),
  shot: async ({ path, full }) => void (await page.screenshot({ path, fullPage: full })),
  seen: () => seen.splice(0),
  pid: () => browser.process().pid,
  throttle: ({ rate }) => throttle(rate),
  network: (conditions) => page.emulateNetworkConditions(conditions),
  renew: async ({ apart }) => {
    const [old, before] = [page, contextOf(page)];
    page = await open(apart ? await browser.createBrowserContext(KEEPS) : before);
    await (apart && before ? before : old).close();
  },
  close: () => (endpoint ? browser.disconnect() : browser.close()),
};

/**
 * The same by values alone: where scripts are off, Firefox settles no promise of the page, so that
 * whatever the driver would await inside it never comes.  Keys and clicks come from outside anyway.
 */
const byValues = {
  fill: ({ at, text }) => page.evaluate(`${one(at)}.value = ${JSON.stringify(text)}`),
  type: async ({ at, text }) => {
    await page.evaluate(`${one(at)}.focus()`);
    await page.keyboard.type(text);
  },
  click: async ({ at }) => void (await page.mouse.click(...(await page.evaluate(middle(at))))),
  text: ({ at }) => page.evaluate(`${one(at)}.innerText`),
  texts: ({ at }) => page.evaluate(`[...${one(at, 'All')}].map((one) => one.innerText)`),
  visible: ({ at }) => page.evaluate(`${one(at)}.checkVisibility()`),
  upload: async ({ at, paths }) => void (await (await page.evaluateHandle(one(at))).uploadFile(...paths)),
};
if (prefs?.['javascript.enabled'] === false) Object.assign(commands, byValues);

/** The context that a page has of its own, or none. */
function contextOf(tab) {
  const context = tab.browserContext();
  return context === browser.defaultBrowserContext() ? undefined : context;
}

/** How a page finds an element, or with `All` every one. */
function one(at, all = '') {
  return `document.querySelector${all}(${JSON.stringify(at)})`;
}

/** How a page brings an element to the middle of the window and says where that is. */
function middle(at) {
  return `((it) => {
    it.scrollIntoView({ block: 'center', behavior: 'instant' });
    const [box] = it.getClientRects();
    if (!box) throw new Error('it is not shown');
    return [box.left + box.width / 2, box.top + box.height / 2];
  })(${one(at)})`;
}

/**
 * Look again and again, from outside the page: where its scripts are off, no timer of a watcher
 * inside it would ever run, and it would see the first moment of a new page alone.
 */
async function until(script, seconds) {
  const end = Date.now() + 1000 * seconds;
  let last = '';
  for (;;) {
    try {
      // Nothing is awaited inside: where scripts are off, Firefox settles no promise of the page.
      const seen = `((it) => it?.then ? it.then(Boolean) : Boolean(it))(${script})`;
      if (await page.evaluate(seen)) return;
    } catch (error) {
      // A page that goes away while it is asked is asked anew once the next one is there.
      last = `: ${error}`;
    }
    if (Date.now() > end) throw new Error(`waited for ${seconds} s in vain${last}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

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
