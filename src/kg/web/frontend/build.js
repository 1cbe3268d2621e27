// Builds the files under ../assets: every file directly in src/ is an entry, named by its content; parts/ are imported.
// In the styles, krds(NAME) stands for a token of KRDS: a colour becomes light-dark(its value, its value in the
// high-contrast mode), anything else its value. A name that KRDS does not have stops the build.
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { landRings } from "./land.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCES = join(HERE, "src");
const ASSETS = join(HERE, "..", "assets");
const TOKENS = "krds-uiux/resources/css/token/krds_tokens.css";
const LOADERS = { ".svg": "copy", ".woff2": "copy", ".rq": "text" };

async function readTokens() {
  const text = await readFile(createRequire(import.meta.url).resolve(TOKENS), "utf8");
  return new Map([...text.matchAll(/--krds-([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]));
}

function valueOf(tokens, name) {
  if (!tokens.has(name)) throw new Error(`KRDS has no token ${name}`);
  const [, target] = tokens.get(name).match(/^var\(--krds-([\w-]+)\)$/) ?? [];
  return target ? valueOf(tokens, target) : tokens.get(name);
}

function resolved(tokens, name) {
  if (!tokens.has(`light-color-${name}`)) return valueOf(tokens, name);
  const [light, dark] = ["light", "high-contrast"].map((mode) => valueOf(tokens, `${mode}-color-${name}`));
  return light === dark ? light : `light-dark(${light}, ${dark})`;
}

function krds(tokens) {
  const load = async ({ path }) => ({
    contents: (await readFile(path, "utf8")).replaceAll(/krds\(([\w-]+)\)/g, (_, name) => resolved(tokens, name)),
    loader: "css",
  });
  return { name: "krds", setup: (building) => building.onLoad({ filter: /\.css$/ }, load) };
}

// The land as a module, for the maps that a page draws itself: import("kg:land").
const land = {
  name: "land",
  setup: (building) => {
    building.onResolve({ filter: /^kg:land$/ }, ({ path }) => ({ path, namespace: "land" }));
    building.onLoad({ filter: /.*/, namespace: "land" }, async () => ({
      contents: JSON.stringify(await landRings()),
      loader: "json",
    }));
  },
};

// Yasqe brings some five hundred prefixes of others; the dataset declares its own, so they are left out.
const PREFIXES = /\bmadsrdf = "[^;{}]*\bprefixes_default = \{[^}]*\}/;
const withoutPrefixes = {
  name: "without-prefixes",
  setup: (building) =>
    building.onLoad({ filter: /yasqe\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!PREFIXES.test(text)) throw new Error("Yasqe keeps its prefixes elsewhere now");
      return { contents: text.replace(PREFIXES, "prefixes_default = {}"), loader: "js" };
    }),
};

async function entries() {
  const files = await readdir(SOURCES, { withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(SOURCES, file.name)).sort();
}

// The manifest: what a page asks for by its source's name, and every file that is served.
function manifest(outputs) {
  const made = Object.entries(outputs).map(([path, output]) => [basename(path), output.entryPoint]);
  const named = made.filter(([, entry]) => entry?.startsWith("src/")).map(([file, entry]) => [basename(entry), file]);
  return { entries: Object.fromEntries(named.sort()), files: made.map(([file]) => file).sort() };
}

const { metafile, outputFiles } = await build({
  entryPoints: await entries(),
  outdir: ASSETS,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  target: ["es2022"],
  supported: { nesting: false },
  charset: "utf8",
  legalComments: "inline",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: LOADERS,
  plugins: [krds(await readTokens()), land, withoutPrefixes],
  metafile: true,
  write: false,
  absWorkingDir: HERE,
});

// The files first and the manifest last, in one step: a server that starts meanwhile finds all or nothing.
await rm(ASSETS, { recursive: true, force: true });
await mkdir(ASSETS, { recursive: true });
await Promise.all(outputFiles.map((file) => writeFile(join(ASSETS, basename(file.path)), file.contents)));
await writeFile(join(ASSETS, "land.json"), JSON.stringify(await landRings()));
await writeFile(join(ASSETS, "manifest.tmp"), `${JSON.stringify(manifest(metafile.outputs), null, 2)}\n`);
await rename(join(ASSETS, "manifest.tmp"), join(ASSETS, "manifest.json"));
