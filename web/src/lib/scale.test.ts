import { describe, expect, it } from 'vitest';
import { columnUnit, legendValues, radius, roundDown, ticks } from './scale';

describe('the unit of a column', () => {
  it.each([
    ['t CO2e', 10.3e6, 1e6, 'Mt CO2e'],
    ['t CO2e', 830_000, 1e3, 'kt CO2e'],
    ['t CO2e', 800, 1, 't CO2e'],
    ['t CO2e', 0, 1, 't CO2e'],
    ['t CO2e/t', 2.2e6, 1, 't CO2e/t'],
    ['kg', 4e9, 1e9, 'Mt'],
    ['kg', 52_000, 1e3, 't'],
    ['MWh', 2e6, 1e6, 'TWh'],
    ['people', 370_000, 1, 'people'],
    ['USD2020', 5e6, 1e6, 'USD2020'],
    ['USD2020', 5e9, 1e9, 'USD2020'],
    ['USD2020', 5_000, 1, 'USD2020'],
  ])('of %s up to %d is %d %s', (unit, largest, scale, text) => {
    expect(columnUnit(unit, largest)).toEqual({ scale, unit: text });
  });
});

it('rounds down to 1, 2 or 5', () => {
  expect([0, 1, 1.9, 2, 4.99, 5, 9.9, 0.03, 13.2e6].map(roundDown)).toEqual([0, 1, 1, 2, 2, 5, 5, 0.02, 1e7]);
});

it('sets ticks from one end to the other', () => {
  expect(ticks(0, 12.6)).toEqual([0, 5, 10]);
  expect(ticks(0, 0)).toEqual([0]);
  expect(ticks(-4, 6)).toEqual([-4, -2, 0, 2, 4, 6]);
});

describe('circles', () => {
  it('have the area of their value', () => {
    for (const value of [1, 7, 250, 1e6]) expect(radius(value, 1e6, 26) ** 2 / 26 ** 2).toBeCloseTo(value / 1e6, 12);
    expect(radius(0, 1e6, 26)).toBe(0);
    expect(radius(-5, 1e6, 26)).toBe(0);
  });

  it('are explained by three round values, none larger than the largest', () => {
    for (let largest = 0.001; largest < 1e9; largest *= 1.7) {
      const values = legendValues(largest);
      expect(values).toHaveLength(3);
      expect(values[0]).toBeLessThanOrEqual(largest);
      expect(values[0]! > values[1]! && values[1]! > values[2]!).toBe(true);
    }
    expect(legendValues(0)).toEqual([]);
  });
});
