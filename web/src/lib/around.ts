/** What surrounds a place, as the server tells it, made into shapes for the map. */

import type { Feature, FeatureCollection, LineString, Point, Polygon } from 'geojson';
import { circle, destination, overlap } from './geodesy';
import { MILE, RINGS, SHADED } from './reach';
import { classOf, equalLimits, type Known, type Limits, ratioLimits } from './shade';
import type { Place } from './view';

/** The block groups that a circle holds, column by column; null is not known. */
export interface Blocks {
  latitude: number[];
  longitude: number[];
  /** Of the disc that stands for the block group. */
  radius_m: number[];
  /** How much of the disc lies in the circle. */
  share: number[];
  block_group: string[];
  population: number[];
  indicators: Record<string, Known[]>;
}

type InBothLanguages = Record<'en' | 'es', string>;

export interface Indicator {
  indicator: string;
  unit: string;
  sort: number;
  better: -1 | 0 | 1;
  grade: string;
  label: InBothLanguages;
  definition: InBothLanguages;
  limits: InBothLanguages;
}

/** A facility of another industry in the federal program, with its newest figure. */
export interface Emitter extends Place {
  ghgrp_id: string;
  name: string;
  sectors: string | null;
  value: number | null;
  low: number | null;
  high: number | null;
  unit: string | null;
  year: number | null;
}

/** Of people there is a number, which says little of an area: it is shaded by how densely they live. */
export const PEOPLE = 'population';
export const DENSITY = 'density';

/** Every block group's value; null where it is not known. */
export function valuesOf(blocks: Blocks, indicator: string): Known[] {
  if (indicator !== PEOPLE) return blocks.indicators[indicator] ?? blocks.share.map(() => null);
  return blocks.population.map((people, i) => people / (Math.PI * (blocks.radius_m[i]! / MILE) ** 2));
}

export const limitsOf = (values: readonly Known[], { indicator, unit }: Indicator): Limits =>
  indicator === PEOPLE ? ratioLimits(values) : equalLimits(values, unit);

/** How many of the block groups have each class, and of how many nothing is known. */
export function tally(values: readonly Known[], limits: Limits): { classes: number[]; unknown: number } {
  const classes = limits.concat(Infinity).map(() => 0);
  let unknown = 0;
  for (const value of values) {
    const own = classOf(value, limits);
    if (own === null) unknown++;
    else classes[own]!++;
  }
  return { classes, unknown };
}

export interface DiscProperties {
  id: string;
  /** The class of its value, −1 for not known. */
  class: number;
}

const DISC_CORNERS = 32;
const EDGE_CORNERS = 128;

/** The discs, largest first so that small ones lie on top, cut off where the circle ends. */
export function discs(
  blocks: Blocks,
  values: readonly Known[],
  limits: Limits,
  centre: Place,
  miles = SHADED,
): FeatureCollection<Polygon, DiscProperties> {
  const edge = circle(centre, miles * MILE, EDGE_CORNERS);
  const order = blocks.radius_m.map((_, i) => i).sort((a, b) => blocks.radius_m[b]! - blocks.radius_m[a]!);
  const features = order.flatMap((i): Feature<Polygon, DiscProperties>[] => {
    const own = classOf(values[i] ?? null, limits);
    // Where nobody lives there is nothing to know.
    if (own === null && blocks.population[i] === 0) return [];
    const at = { latitude: blocks.latitude[i]!, longitude: blocks.longitude[i]! };
    const disc = circle(at, blocks.radius_m[i]!, DISC_CORNERS);
    const held = blocks.share[i]! > 0.9995 ? disc : overlap(disc, edge);
    if (!held.length) return [];
    return [{
      type: 'Feature',
      properties: { id: blocks.block_group[i]!, class: own ?? -1 },
      geometry: { type: 'Polygon', coordinates: [held] },
    }];
  });
  return { type: 'FeatureCollection', features };
}

const RING_CORNERS = 180;

/** The rings as lines. */
export function rings(centre: Place, radii: readonly number[] = RINGS): FeatureCollection<LineString> {
  return {
    type: 'FeatureCollection',
    features: radii.map((miles) => ({
      type: 'Feature',
      properties: { miles },
      geometry: { type: 'LineString', coordinates: circle(centre, miles * MILE, RING_CORNERS) },
    })),
  };
}

/** A label on top of every ring, and one below: one of the two may lie under something else. */
export function ringLabels(
  centre: Place,
  text: (miles: number) => string,
  radii: readonly number[] = RINGS,
): FeatureCollection<Point> {
  return {
    type: 'FeatureCollection',
    features: radii.flatMap((miles) =>
      [0, 180].map((bearing) => {
        const { latitude, longitude } = destination(centre, bearing, miles * MILE);
        return point({ latitude, longitude }, { miles, text: text(miles) });
      }),
    ),
  };
}

export const emitterPoints = (emitters: readonly Emitter[]): FeatureCollection<Point> => ({
  type: 'FeatureCollection',
  features: emitters.map((emitter) =>
    point(emitter, { id: emitter.ghgrp_id, name: emitter.name, value: emitter.value ?? 0 }),
  ),
});

export const point = ({ latitude, longitude }: Place, properties: Record<string, unknown>): Feature<Point> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [longitude, latitude] },
});
