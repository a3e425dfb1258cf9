/** The plants as circles: their size, their colours, their layers. */

import type { Feature, FeatureCollection, Point } from 'geojson';
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Facility, FiguresOfYear } from '../lib/model';
import { radius } from '../lib/scale';
import { BLANK, GLYPH_SIZE } from './glyphs';
import { FONT, type Palette } from './palette';

/** What a circle says: a value, a reported zero, or nothing for this year. */
export type Mark = 'value' | 'zero' | 'none';

/** Radius in pixels of a plant without a circle of its own. */
export const RING = 2.8;

/** Circles grow a little with the zoom; the legend follows. */
const GROWTH: [zoom: number, factor: number][] = [[4, 1], [10, 1.8]];

export function growth(zoom: number): number {
  const [[z0, f0], [z1, f1]] = GROWTH as [[number, number], [number, number]];
  return f0 + (f1 - f0) * Math.min(1, Math.max(0, (zoom - z0) / (z1 - z0)));
}

/** The radius on screen, divided by `by`, plus `extra`. */
const grown = (extra = 0, by = 1): ExpressionSpecification => [
  'interpolate', ['linear'], ['zoom'],
  ...GROWTH.flatMap(([zoom, factor]) => [zoom, ['+', ['*', ['get', 'r'], factor / by], extra]]),
] as unknown as ExpressionSpecification;

export interface PlantProperties {
  id: string;
  name: string;
  industry: string;
  mark: Mark;
  r: number;
}

export function plantFeatures(
  listed: readonly Facility[],
  figures: FiguresOfYear,
  largest: number,
  mostRadius: number,
): FeatureCollection<Point, PlantProperties> {
  const features = listed.flatMap((f): Feature<Point, PlantProperties>[] => {
    if (f.latitude === null || f.longitude === null) return [];
    const value = figures.get(f.facility_id)?.value;
    const mark: Mark = value === undefined ? 'none' : value > 0 ? 'value' : 'zero';
    // A value too small to see is still drawn as one.
    const r = mark === 'value' ? Math.max(1.6, radius(value!, largest, mostRadius)) : RING;
    return [{
      type: 'Feature',
      properties: { id: f.facility_id, name: f.name, industry: f.industry, mark, r },
      geometry: { type: 'Point', coordinates: [f.longitude, f.latitude] },
    }];
  });
  return { type: 'FeatureCollection', features };
}

const NAME_SIZE = 12;
const CLEAR = 'rgba(0, 0, 0, 0)';

/** In a smaller circle a glyph would be noise. */
const GLYPH_FROM = 7;

const is = (mark: Mark): ExpressionSpecification => ['==', ['get', 'mark'], mark];
/** One feature, or none. */
export const only = (id: string | null): ExpressionSpecification => ['==', ['get', 'id'], id ?? ''];

/** The two plants that stand out: their layers' filters. */
export const OUTSTANDING = { hovered: 'plant-hovered', selected: 'plant-selected', halo: 'plant-halo' } as const;

/** The layers under which a pointer looks for plants. */
export const TOUCHABLE = ['plant-values', 'plant-rings'];

/** On a full circle a glyph is cut out; in an empty one it has the circle's hue. */
export const glyphOf = (sheer: boolean): ExpressionSpecification =>
  ['concat', sheer ? 'sheer-' : 'glyph-', ['get', 'industry']];

/** Circles with something below that is to be seen through them keep their hue in the outline. */
export function plantLayers(palette: Palette, industries: readonly string[], sheer = false): LayerSpecification[] {
  const ink = palette.of;
  const hue = [
    'match', ['get', 'industry'],
    ...industries.flatMap((industry) => [industry, palette.industry(industry)]),
    palette.industry('other'),
  ] as unknown as ExpressionSpecification;
  // Biggest below smallest.
  const biggestFirst: ExpressionSpecification = ['-', 0, ['get', 'r']];
  return [
    {
      id: 'plant-names', type: 'symbol', source: 'plants', minzoom: 6.6,
      layout: {
        'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': NAME_SIZE, 'text-max-width': 9,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-justify': 'auto',
        // More than it needs: the offset keeps the whole zoom level's size while the circle grows.
        'text-radial-offset': grown(0.8, NAME_SIZE), 'symbol-sort-key': biggestFirst,
      },
      paint: { 'text-color': ink('ink'), 'text-halo-color': ink('land'), 'text-halo-width': 1.6 },
    },
    {
      id: 'plant-halo', type: 'circle', source: 'plants', filter: only(null),
      paint: { 'circle-radius': grown(12), 'circle-color': ink('here'), 'circle-opacity': 0.16 },
    },
    {
      id: 'plant-rings', type: 'circle', source: 'plants', filter: ['!', is('value')],
      paint: {
        'circle-radius': grown(), 'circle-color': ink('land'),
        // A zero is a figure and keeps its hue; no figure is only the trace of a plant.
        'circle-opacity': ['case', is('zero'), 1, 0.5],
        'circle-stroke-width': ['case', is('zero'), 1.6, 0.8],
        'circle-stroke-color': ['case', is('zero'), hue, ink('quiet')],
        'circle-stroke-opacity': ['case', is('zero'), 1, 0.8],
      },
    },
    {
      id: 'plant-values', type: 'circle', source: 'plants', filter: is('value'),
      layout: { 'circle-sort-key': biggestFirst },
      paint: {
        'circle-radius': grown(), 'circle-color': hue, 'circle-opacity': sheer ? 0.22 : 0.82,
        'circle-stroke-width': sheer ? 2 : 1, 'circle-stroke-color': sheer ? hue : ink('land'),
      },
    },
    {
      id: OUTSTANDING.selected, type: 'circle', source: 'plants', filter: only(null),
      paint: {
        'circle-radius': grown(1), 'circle-color': CLEAR,
        'circle-stroke-width': 2.5, 'circle-stroke-color': ink('here'),
      },
    },
    {
      id: OUTSTANDING.hovered, type: 'circle', source: 'plants', filter: only(null),
      paint: {
        'circle-radius': grown(1), 'circle-color': CLEAR,
        'circle-stroke-width': 2, 'circle-stroke-color': ink('ink'),
      },
    },
    {
      // Nothing to see: its boxes keep the names of plants and cities off the circles.
      id: 'plant-boxes', type: 'symbol', source: 'plants',
      layout: { 'icon-image': 'blank', 'icon-size': grown(0, BLANK / 2), 'icon-allow-overlap': true, 'icon-padding': 0 },
    },
    {
      // Tells the industries apart without colour, wherever no other plant lies on top.
      id: 'plant-glyphs', type: 'symbol', source: 'plants', filter: ['>=', ['get', 'r'], GLYPH_FROM],
      layout: {
        'icon-image': glyphOf(sheer), 'icon-size': grown(0, GLYPH_SIZE),
        'icon-padding': 0, 'symbol-sort-key': ['get', 'r'],
      },
    },
  ];
}
