import { expect, it } from 'vitest';
import { figuresIn, figuresOf, nearestYear, type QuantityColumns } from './model';

const columns: QuantityColumns = {
  quantity: 'ghg_scope1',
  unit: 't CO2e',
  facility_id: ['a', 'a', 'b'],
  year: [2012, 2020, 2020],
  value: [5, 0, 9],
  low: [4, 0, null],
  high: [6, 0, null],
  grade: ['B', 'B', 'D'],
  kind: ['calculated', 'calculated', 'reported'],
};
const figures = figuresOf(columns);

it('tells a zero from a missing figure', () => {
  expect(figuresIn(figures, 2020).get('a')?.value).toBe(0);
  expect(figuresIn(figures, 2012).has('b')).toBe(false);
  expect(figuresIn(figures, 1999).size).toBe(0);
});

it('takes a missing interval for none', () => {
  expect(figuresIn(figures, 2020).get('b')).toEqual({ value: 9, low: 9, high: 9, grade: 'D', kind: 'reported' });
});

it('knows the largest figure of all years, and the nearest year', () => {
  expect(figures.largest).toBe(9);
  expect([2010, 2016, 2019, 2023].map((year) => nearestYear(figures, year))).toEqual([2012, 2020, 2020, 2020]);
});

it('does not take a year in which only a few plants have a figure', () => {
  const of = (n: number) => new Map(Array.from({ length: n }, (_, i) => [`${i}`, figuresIn(figures, 2020).get('a')!]));
  const byYear = new Map([2018, 2020, 2022].map((year, i) => [year, of([90, 60, 3][i]!)]));
  expect([2010, 2020, 2023].map((year) => nearestYear({ ...figures, byYear }, year))).toEqual([2018, 2020, 2020]);
});
