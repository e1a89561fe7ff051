// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * Bundle the telephone of the desk: static/telephone.js.  `node build.mjs [folder]`.
 * Same sources, same bytes.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const LIBRARIES =
  "JsSIP (c) José Luis Millán, events (c) Joyent, sdp-transform (c) Eirik Albrigtsen, MIT licence.";
const folder = process.argv[2] ?? fileURLToPath(new URL("../static", import.meta.url));

/** Of what the library says of itself, its name alone goes along: no page needs its authors' addresses. */
const nameAlone = {
  name: "name-alone",
  setup(builder) {
    builder.onLoad({ filter: /jssip\/package\.json$/ }, ({ path }) => {
      const { title, version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ title, version }), loader: "json" };
    });
  },
};

await build({
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  absWorkingDir: HERE,
  // The library's own would look into the browser's storage, and write calls into its console.
  alias: { debug: join(HERE, "quiet.js") },
  plugins: [nameAlone],
  entryPoints: ["telephone.js"],
  banner: { js: `/*! Safeconduct, AGPL-3.0-or-later. Contains ${LIBRARIES} */` },
  outfile: join(folder, "telephone.js"),
});
