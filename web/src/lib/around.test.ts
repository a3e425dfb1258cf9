import { describe, expect, it } from 'vitest';
import {
  type Blocks, discs, type Emitter, emitterPoints, type Indicator, limitsOf, ringLabels, rings, tally, valuesOf,
} from './around';
import { destination } from './geodesy';
import { MILE, SHADED } from './reach';

const GARY = { latitude: 41.61, longitude: -87.33 };

/** Block groups so many miles from Gary, with a disc of so many metres. */
function blocksAt(rows: { miles: number; radius: number; share: number; people: number; poverty: number | null }[]): Blocks {
  const at = rows.map(({ miles }) => destination(GARY, 110, miles * MILE));
  return {
    latitude: at.map((p) => p.latitude),
    longitude: at.map((p) => p.longitude),
    radius_m: rows.map((r) => r.radius),
    share: rows.map((r) => r.share),
    block_group: rows.map((_, i) => `18089010100${i}`),
    population: rows.map((r) => r.people),
    indicators: { poverty: rows.map((r) => r.poverty) },
  };
}

const BLOCKS = blocksAt([
  { miles: 1, radius: 400, share: 1, people: 1200, poverty: 0 },
  { miles: 2, radius: 900, share: 1, people: 800, poverty: 35 },
  { miles: 5, radius: 1000, share: 0.47, people: 1000, poverty: null },
  { miles: 3, radius: 500, share: 1, people: 0, poverty: null },
]);
const indicator = (name: string, unit: string): Indicator => ({
  indicator: name, unit, sort: 1, better: -1, grade: 'C',
  label: { en: name, es: name }, definition: { en: '', es: '' }, limits: { en: '', es: '' },
});

describe('the values of block groups', () => {
  it('keep null and zero apart', () => {
    expect(valuesOf(BLOCKS, 'poverty')).toEqual([0, 35, null, null]);
  });
  it('are unknown for an indicator that is not there', () => {
    expect(valuesOf(BLOCKS, 'joy')).toEqual([null, null, null, null]);
  });
  it('of people are so many to the square mile of the disc', () => {
    const [first] = valuesOf(BLOCKS, 'population');
    // 1,200 people on a disc of 400 m, 0.50265 km²; a square mile is 2.589988 km².
    expect(first).toBeCloseTo((1200 / 0.502655) * 2.589988, 0);
    expect(valuesOf(BLOCKS, 'population')[3]).toBe(0);
  });
});

it('cuts people by factors and all else in equal steps', () => {
  const values = [100, 300, 1000, 3000, 10_000];
  expect(limitsOf(values, indicator('population', 'people'))).not.toEqual(limitsOf(values, indicator('income', 'USD2023')));
  expect(limitsOf([0, 20, null, 40, 60], indicator('poverty', '%'))).toEqual([20, 40, 60]);
});

it('counts what is not known apart', () => {
  expect(tally([0, 5, 10, 25, null, null], [10, 20])).toEqual({ classes: [2, 1, 1], unknown: 2 });
  expect(tally([], [])).toEqual({ classes: [0], unknown: 0 });
});

describe('the discs', () => {
  const { features } = discs(BLOCKS, valuesOf(BLOCKS, 'poverty'), [20, 40], GARY);
  const byId = new Map(features.map((f) => [f.properties.id, f]));

  it('say zero with the lowest class and not known with none', () => {
    expect(byId.get('180890101000')?.properties.class).toBe(0);
    expect(byId.get('180890101001')?.properties.class).toBe(1);
    expect(byId.get('180890101002')?.properties.class).toBe(-1);
  });
  it('leave out where nobody lives and nothing is known', () => {
    expect(byId.has('180890101003')).toBe(false);
    const all = discs(BLOCKS, valuesOf(BLOCKS, 'population'), [], GARY).features;
    expect(all).toHaveLength(4);
  });
  it('have the largest at the bottom', () => {
    expect(features.map((f) => f.properties.id)).toEqual(['180890101002', '180890101001', '180890101000']);
  });
  it('end where the circle ends', () => {
    const cut = byId.get('180890101002')!.geometry.coordinates[0]!;
    // Degrees to miles, roughly: 69.05 to one of latitude, the cosine of 41.6° as many to one of longitude.
    const far = cut.map(([x, y]) => Math.hypot((x! - GARY.longitude) * 0.7478, y! - GARY.latitude) * 69.05);
    expect(Math.max(...far)).toBeLessThan(SHADED * 1.005);
    expect(Math.min(...far)).toBeLessThan(SHADED - 0.5);
  });
});

describe('the rings', () => {
  it('are four lines, each with a label above and below', () => {
    expect(rings(GARY).features.map((f) => f.properties)).toEqual([1, 3, 5, 10].map((miles) => ({ miles })));
    const labels = ringLabels(GARY, (miles) => `${miles} mi`).features;
    expect(labels).toHaveLength(8);
    expect(labels.map((f) => f.properties?.['text'])).toContain('10 mi');
    expect(rings(GARY, [3.7]).features.map((f) => f.properties)).toEqual([{ miles: 3.7 }]);
    expect(ringLabels(GARY, String, [3.7]).features).toHaveLength(2);
    expect(labels.every((f) => Math.abs(f.geometry.coordinates[0]! - GARY.longitude) < 1e-9)).toBe(true);
  });
});

it('draws an emitter without a figure too', () => {
  const emitter: Emitter = {
    ghgrp_id: '1', name: 'A landfill', sectors: null, ...GARY, value: null, low: null, high: null, unit: null, year: null,
  };
  const [feature] = emitterPoints([emitter]).features;
  expect(feature?.geometry.coordinates).toEqual([-87.33, 41.61]);
  expect(feature?.properties).toMatchObject({ id: '1', name: 'A landfill', value: 0 });
});
