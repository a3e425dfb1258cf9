import { describe, expect, it } from 'vitest';
import columns from './column.cases.json';
import { columnPlaces, decimalPlace, ends, exactly, figure, type Lang, written } from './figure';
import intervals from './ends.cases.json';
import cases from './figure.cases.json';

describe('figure', () => {
  it.each(cases)('$value in [$low, $high] at $scale in $lang is $text', (c) => {
    expect(figure(c.value, c.low, c.high, c.scale, c.lang as Lang)).toBe(c.text);
  });

  it('shows no number finer than its interval, and moves it by no more than half a step', () => {
    for (let i = 1; i <= 2000; i++) {
      const value = Math.sin(i) ** 2 * 10 ** (i % 9);
      const half = value * (((i * 7) % 40) + 1) * 0.01;
      const place = decimalPlace(value, value - half, value + half);
      const shown = Number(figure(value, value - half, value + half).replaceAll(',', ''));
      expect(Math.abs(shown - value)).toBeLessThanOrEqual(0.5 * 10 ** place * (1 + 1e-9));
      expect(10 ** place).toBeLessThanOrEqual(half * (1 + 1e-9));
      expect(shown).toBeGreaterThan(0);
    }
  });

  it('writes round numbers with no more digits than they have', () => {
    expect([0, 2e6, 12e6, 500000, 0.1 + 0.2].map((n) => exactly(n, 1e6))).toEqual(['0', '2', '12', '0.5', '0.0000003']);
    expect([0.05, 1500, 20000].map((n) => exactly(n, 1, 'es'))).toEqual(['0,05', '1500', '20\u202f000']);
  });

  it.each(intervals)('$value in [$low, $high] at $scale in $lang has the ends $texts', (c) => {
    expect(ends(c.value, c.low, c.high, c.scale, c.lang as Lang)).toEqual(c.texts);
  });

  it('keeps the ends of an interval outside of it, and the value as it is shown within', () => {
    const read = (text: string) => Number(text.replaceAll(',', '').replace('\u2212', '-'));
    for (let i = 1; i <= 2000; i++) {
      const value = (i % 3 ? 1 : -1) * Math.sin(i) ** 2 * 10 ** (i % 9);
      const half = Math.abs(value) * (((i * 7) % 140) + 1) * 0.01;
      const [low, high] = [value - half, value + half * 0.7];
      const [first, last] = ends(value, low, high).map(read) as [number, number];
      const shown = read(figure(value, low, high));
      expect(first).toBeLessThanOrEqual(Math.min(low, shown));
      expect(last).toBeGreaterThanOrEqual(Math.max(high, shown));
    }
  });
});

describe('a ranked column', () => {
  it.each(columns)('$why', ({ rows, scale, texts }) => {
    const known = rows.map(([value, low, high]) => ({ value: value!, low: low!, high: high! }));
    const places = columnPlaces(known);
    expect(known.map(({ value }, i) => written(value, places[i]!, scale))).toEqual(texts);
  });

  it('never rises, and is never finer than its figures alone', () => {
    const rows = Array.from({ length: 400 }, (_, i) => {
      const value = 2000 * Math.sin(i) ** 2 + 1;
      const half = value * (((i * 13) % 60) + 1) * 0.02;
      return { value, low: value - half, high: value + half };
    }).sort((a, b) => b.value - a.value);
    const places = columnPlaces(rows);
    const shown = rows.map(({ value }, i) => Number(written(value, places[i]!).replaceAll(',', '')));
    shown.slice(1).forEach((number, i) => expect(number).toBeLessThanOrEqual(shown[i]!));
    rows.forEach((row, i) => expect(places[i]).toBeGreaterThanOrEqual(decimalPlace(row.value, row.low, row.high)));
  });
});
