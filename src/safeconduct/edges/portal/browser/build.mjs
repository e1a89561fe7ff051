// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Bundle the page's script, twice: static/page.js for the served page, static/onefile.js for the page
 * that is one file.  `node build.mjs [folder]`.  Same sources, same bytes.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BANNER = '/*! Safeconduct, AGPL-3.0-or-later. Contains noble (c) Paul Miller, MIT licence. */';
const SHARED = {
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  absWorkingDir: HERE,
};

/** What the page that is one file has in the place of the served one's modules, and the other way round. */
const SERVED = { './spare.js': './spare_none.js', './turns.js': './turns_none.js' };
const ONE_FILE = { './place.js': './place_file.js' };

/** Puts other modules in the places of some. */
const instead = (/** @type {Record<string, string>} */ modules) => ({
  name: 'instead',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/(spare|turns|place)\.js$/ }, ({ path, resolveDir }) =>
      modules[path] && { path: join(resolveDir, modules[path]) });
  },
});

/**
 * Leaves out what the library says of errors that are of one fixed text: no page shows it, and every
 * page pays for it.  What is thrown, and when, stays the same.
 */
const SAYING = /new (Type|Range|)Error\((?:'[^'\n]*'|"[^"\n]*"|`[^`\n$]*`)\)/g;
const terse = {
  name: 'terse',
  setup(builder) {
    builder.onLoad({ filter: /@noble\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(SAYING, 'new $1Error()'),
    }));
  },
};

/** Gives the bundled worker as text to whoever imports `worker:source`. */
const worker = (/** @type {Record<string, string>} */ modules) => ({
  name: 'worker',
  setup(builder) {
    builder.onResolve({ filter: /^worker:source$/ }, () => ({ path: 'worker', namespace: 'worker' }));
    builder.onLoad({ filter: /.*/, namespace: 'worker' }, async () => {
      const options = { entryPoints: ['worker.js'], plugins: [instead(modules), terse], write: false };
      const bundled = await build({ ...SHARED, ...options });
      return { contents: bundled.outputFiles[0].text, loader: 'text' };
    });
  },
});

const folder = process.argv[2] ?? fileURLToPath(new URL('../static', import.meta.url));
for (const [name, modules] of Object.entries({ page: SERVED, onefile: ONE_FILE })) {
  const outfile = join(folder, `${name}.js`);
  const plugins = [instead(modules), worker(modules)];
  await build({ ...SHARED, entryPoints: ['page.js'], plugins, banner: { js: BANNER }, outfile });
}
