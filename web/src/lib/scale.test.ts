import { describe, expect, it } from 'vitest';
import en from '../../../src/comingclean/words/en/map.json';
import es from '../../../src/comingclean/words/es/map.json';
import cases from './scale.cases.json';
import { columnUnit, legendValues, radius, roundDown, ticks } from './scale';
import { Speaker } from './words';

describe('the unit of a column', () => {
  it.each(cases)('of $unit up to $largest is $scale $en', ({ unit, largest, scale, en: english, es: spanish }) => {
    const column = columnUnit(unit, largest);
    expect(column.scale).toBe(scale);
    expect(new Speaker(en, 'en').unit(column.unit, column.scale)).toBe(english);
    expect(new Speaker(es, 'es').unit(column.unit, column.scale)).toBe(spanish);
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
