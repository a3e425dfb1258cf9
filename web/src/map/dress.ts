/** What the map wears: its shapes, its pictures and its colours, by day, by night and from near. */

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import type { Feature, FeatureCollection } from 'geojson';
import type { Topology } from 'topojson-specification';
import { basemap, cityNames, countyLines, landsSources, shapes, stateNames, statesSources } from './basemap';
import { blank, glyph, PIXEL_RATIO } from './glyphs';
import { type Palette, readPalette } from './palette';
import { plantLayers } from './plants';

export interface Wardrobe {
  lang: string;
  industries: readonly string[];
  atlas: (name: string) => Promise<Topology>;
  stateName: (code: string) => string;
}

/** Gives sources of the map their shapes. */
export function put(map: MapLibre, data: Record<string, FeatureCollection | Feature>): void {
  for (const [id, shape] of Object.entries(data)) map.getSource<GeoJSONSource>(id)!.setData(shape);
}

const glyphs = (industries: readonly string[], palette: Palette): [name: string, picture: ImageData][] =>
  industries.flatMap((industry) => [
    [`glyph-${industry}`, glyph(industry, palette.of('land'))],
    [`sheer-${industry}`, glyph(industry, palette.industry(industry))],
  ]);

/** Land, states, cities, and the layers of the plants, which are still without plants. */
export function dress(map: MapLibre, { industries, lang, stateName }: Wardrobe, lands: Topology, states: Topology): void {
  map.addSource('plants', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  put(map, {
    ...landsSources(lands),
    ...statesSources(states),
    'state-names': stateNames(states, stateName),
    cities: cityNames(lang),
  });
  const palette = readPalette(map.getContainer());
  map.addImage('blank', blank(), { pixelRatio: PIXEL_RATIO });
  for (const [name, picture] of glyphs(industries, palette)) map.addImage(name, picture, { pixelRatio: PIXEL_RATIO });
  for (const layer of plantLayers(palette, industries)) map.addLayer(layer);
}

/** Full coasts, rivers and counties. */
export async function dressNear(map: MapLibre, { atlas }: Wardrobe): Promise<void> {
  const [near, counties] = await Promise.all([atlas('near'), atlas('counties-10m')]);
  put(map, {
    ...landsSources(near),
    rivers: shapes(near, 'rivers'),
    counties: countyLines(counties),
    ...statesSources(counties),
  });
}

/** Everything in the colours of now, which it gives back. */
export function repaint(map: MapLibre, { industries }: Wardrobe, sheer: boolean): Palette {
  const palette = readPalette(map.getContainer());
  for (const [name, picture] of glyphs(industries, palette)) map.updateImage(name, picture);
  for (const layer of [...basemap(palette).layers, ...plantLayers(palette, industries, sheer)])
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name as 'fill-color', value as string);
  return palette;
}
