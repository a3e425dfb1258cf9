/**
 * What the first view costs over the wire, all of it compressed: `npm run sizes -- http://127.0.0.1:8765`.
 * Without an address only the built files are counted. Fails above the budget.
 */

import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const OUT = new URL('../../src/comingclean/web/', import.meta.url);
const BUDGET = 600_000;

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', OUT), 'utf8'));

/** Every file that the map's first view loads: its chunks, what they import, the map, English words. */
function reached(key, seen = new Set()) {
  const chunk = manifest[key];
  const all = [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? []).filter((name) => !name.includes('/es/'))];
  seen.add(chunk.file);
  for (const file of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const other of all) if (!seen.has(manifest[other].file)) reached(other, seen);
  return seen;
}

const rows = [...reached('src/map.ts'), 'atlas/lands.json', 'atlas/states.json'].map((file) => {
  const packed = new URL(`${file}.br`, OUT);
  return [file, readFileSync(existsSync(packed) ? packed : new URL(file, OUT)).length];
});

const [server] = process.argv.slice(2);
if (server) {
  const plants = await (await fetch(new URL('data/plants.json', server))).json();
  for (const path of ['', 'data/plants.json', 'data/quantities.json', `data/quantity/${plants.default_quantity}.json`]) {
    const body = Buffer.from(await (await fetch(new URL(path, server))).arrayBuffer());
    rows.push([`/${path}`, brotliCompressSync(body).length]);
  }
}

const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
for (const [file, bytes] of [...rows, ['in all', total]]) console.log(String(bytes).padStart(8), file);
if (total > BUDGET) {
  console.error(`over the budget of ${BUDGET} bytes`);
  process.exitCode = 1;
}
