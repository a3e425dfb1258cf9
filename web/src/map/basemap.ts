/** Land, water, lines and names, all from files of our own: no tile, glyph or sprite server. */

import type { Feature, FeatureCollection } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, GeometryObject, Topology } from 'topojson-specification';
import cities from '../atlas/cities.json';
import type { Place } from '../lib/view';
import { FONT, type Palette } from './palette';

/** The lower 48: the map's home. */
export const HOME: [[number, number], [number, number]] = [[-124.9, 24.3], [-66.8, 49.5]];
/** As far as the basemap reaches; at -180 itself MapLibre 6.17 takes the edge for the other side of the world. */
export const EDGE: [[number, number], [number, number]] = [[-179.9, -45], [-15, 80]];

export const isOnMap = ({ latitude, longitude }: Place): boolean =>
  longitude > EDGE[0][0] && longitude < EDGE[1][0] && latitude > EDGE[0][1] && latitude < EDGE[1][1];

export const PLACES = {
  lower48: HOME,
  alaska: [[-170, 53], [-130, 71.5]],
  hawaii: [[-160.6, 18.6], [-154.6, 22.5]],
  puerto_rico: [[-67.4, 17.6], [-65.1, 18.8]],
} as const satisfies Record<string, [[number, number], [number, number]]>;

/** From here on the full coasts, rivers and county lines are worth their bytes. */
export const NEAR_ZOOM = 5.2;

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

export const shapes = (topology: Topology, name: string): FeatureCollection =>
  feature(topology, topology.objects[name] as GeometryCollection);

const lines = (topology: Topology, name: string): Feature => ({
  type: 'Feature',
  properties: {},
  // Only what two neighbours share: the outer line is the coast's own.
  geometry: mesh(topology, topology.objects[name] as GeometryObject, (a, b) => a !== b),
});

export const landsSources = (lands: Topology) => ({
  land: shapes(lands, 'land'),
  'great-lakes': shapes(lands, 'great-lakes'),
  lakes: shapes(lands, 'lakes'),
});

export const statesSources = (states: Topology) => ({
  states: shapes(states, 'states'),
  'state-lines': lines(states, 'states'),
});

export const countyLines = (counties: Topology): Feature => lines(counties, 'counties');

export function stateNames(states: Topology, nameOf: (code: string) => string): FeatureCollection {
  const features = shapes(states, 'states').features.flatMap((state): Feature[] => {
    const { code, at } = (state.properties ?? {}) as { code?: string; at?: [number, number] };
    if (!code || !at) return [];
    return [{ type: 'Feature', properties: { name: nameOf(code), code }, geometry: { type: 'Point', coordinates: at } }];
  });
  return { type: 'FeatureCollection', features };
}

export function cityNames(lang: string): FeatureCollection {
  const features = (cities as [string, number, number, number, string?][]).map(
    ([name, longitude, latitude, population, spanish]): Feature => ({
      type: 'Feature',
      properties: { name: (lang === 'es' && spanish) || name, population },
      geometry: { type: 'Point', coordinates: [longitude, latitude] },
    }),
  );
  return { type: 'FeatureCollection', features };
}

const SOURCES = ['land', 'great-lakes', 'lakes', 'rivers', 'states', 'state-lines', 'counties', 'state-names', 'cities'];

/** People live in it, so it is named: the larger the city, the sooner. */
const CITY_BY_ZOOM = ['step', ['zoom'], 2000, 3, 1500, 4, 650, 5, 280, 6, 120, 7, 0] as unknown as number;

function layers(palette: Palette): LayerSpecification[] {
  const ink = palette.of;
  const halo = { 'text-halo-color': ink('land'), 'text-halo-width': 1.4 };
  return [
    { id: 'water', type: 'background', paint: { 'background-color': ink('water') } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': ink('abroad') } },
    // Below the states, whose shores the Census draws ten times finer than Natural Earth does.
    { id: 'great-lakes', type: 'fill', source: 'great-lakes', paint: { 'fill-color': ink('water') } },
    { id: 'states', type: 'fill', source: 'states', paint: { 'fill-color': ink('land') } },
    { id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': ink('water') } },
    {
      id: 'rivers', type: 'line', source: 'rivers',
      paint: { 'line-color': ink('water'), 'line-width': ['interpolate', ['linear'], ['zoom'], 5, 0.8, 9, 2.4] },
    },
    {
      id: 'counties', type: 'line', source: 'counties', minzoom: NEAR_ZOOM,
      paint: { 'line-color': ink('county-line'), 'line-width': 0.6 },
    },
    {
      id: 'state-lines', type: 'line', source: 'state-lines',
      paint: { 'line-color': ink('state-line'), 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.6, 8, 1.4] },
    },
    {
      id: 'state-names', type: 'symbol', source: 'state-names', minzoom: 3.3, maxzoom: 7,
      layout: {
        'text-field': ['step', ['zoom'], ['get', 'code'], 4.6, ['upcase', ['get', 'name']]],
        'text-font': FONT, 'text-letter-spacing': 0.12, 'text-max-width': 7, 'text-padding': 6,
        'text-size': ['interpolate', ['linear'], ['zoom'], 3, 9, 6, 12],
      },
      paint: { 'text-color': ink('quiet'), 'text-opacity': 0.75, ...halo },
    },
    {
      id: 'cities', type: 'symbol', source: 'cities',
      filter: ['>=', ['get', 'population'], CITY_BY_ZOOM],
      layout: {
        'text-field': ['get', 'name'], 'text-font': FONT, 'text-max-width': 8, 'text-padding': 5,
        'text-size': ['interpolate', ['linear'], ['zoom'], 3, 11, 8, 13],
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.9,
        'symbol-sort-key': ['-', 0, ['get', 'population']],
      },
      paint: { 'text-color': ink('ink'), 'text-opacity': 0.8, ...halo },
    },
  ];
}

export function basemap(palette: Palette): StyleSpecification {
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((id) => [id, { type: 'geojson', data: EMPTY, tolerance: 0.3 }])),
    layers: layers(palette),
  };
}
