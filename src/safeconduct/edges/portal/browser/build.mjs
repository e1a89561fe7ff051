// SPDX-License-Identifier: AGPL-3.0-or-later
/** Bundle the page into one file, static/page.js: `node build.mjs [output]`.  Same sources, same bytes. */

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

/** Gives the bundled worker as text to whoever imports `worker:source`. */
const worker = {
  name: 'worker',
  setup(builder) {
    builder.onResolve({ filter: /^worker:source$/ }, () => ({ path: 'worker', namespace: 'worker' }));
    builder.onLoad({ filter: /.*/, namespace: 'worker' }, async () => {
      const bundled = await build({ ...SHARED, entryPoints: ['worker.js'], write: false });
      return { contents: bundled.outputFiles[0].text, loader: 'text' };
    });
  },
};

const outfile = process.argv[2] ?? '../static/page.js';
await build({ ...SHARED, entryPoints: ['page.js'], plugins: [worker], banner: { js: BANNER }, outfile });
