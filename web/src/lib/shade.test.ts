import { describe, expect, it } from 'vitest';
import css from '../styles/map.css?raw';
import site from '../styles/site.css?raw';
import { classOf, equalLimits, ratioLimits, spans, TONES, tones } from './shade';

const range = (from: number, to: number, n = 101) => Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

/** A small generator, so that a failure can be repeated. */
function* random(seed: number): Generator<number> {
  for (let x = seed; ; x = (x * 48271) % 2147483647) yield x / 2147483647;
}

describe('equal limits', () => {
  it.each([
    ['poverty', range(3, 66), '%', [20, 40, 60]],
    ['a small share', range(0, 1.5), '%', []],
    ['what is always high', range(73, 99), '%', [80, 90]],
    ['dollars', range(11e3, 168e3), 'USD2023', [50e3, 100e3, 150e3]],
    ['what hardly differs', range(8.32, 9.28), 'µg/m³', [9]],
    ['what is rounded', [20, 20, 30, 20, 60], 'per million', [30, 40, 50, 60]],
    ['only zeros', [0, 0, 0], 'days per year', []],
    ['one value', [12], '%', []],
    ['nothing', [], '%', []],
    ['nothing known', [null, null], '%', []],
  ])('of %s', (_, values, unit, expected) => expect(equalLimits(values, unit)).toEqual(expected));

  it('are not moved by what is not known, nor by one that stands far out', () => {
    const values = range(0, 50);
    expect(equalLimits([null, ...values, null], '%')).toEqual(equalLimits(values, '%'));
    expect(equalLimits([...values, 51], '%')).toEqual(equalLimits(values, '%'));
  });

  it('are round, rising, few, and within the values, whatever these are', () => {
    const dice = random(7);
    const next = () => dice.next().value as number;
    for (let i = 0; i < 500; i++) {
      const scale = 10 ** (next() * 8 - 3);
      const values = range(next() * scale, (1 + next()) * scale, 3 + Math.floor(next() * 60));
      for (const limits of [equalLimits(values, 'µg/m³'), ratioLimits(values)]) {
        expect(limits.length).toBeLessThan(TONES);
        expect([...limits]).toEqual([...new Set(limits)].sort((a, b) => a - b));
        for (const limit of limits) {
          expect(limit >= values[0]! && limit <= values.at(-1)!).toBe(true);
          expect(Number(limit.toPrecision(4))).toBe(limit);
        }
      }
    }
  });
});

describe('limits for what differs by factors', () => {
  it.each([
    ['a town', range(200, 9000), [1000, 2000, 5000]],
    ['a wide country', [10, 100, 1000, 10_000, 100_000], [100, 1000, 10_000, 100_000]],
    ['only zeros', [0, 0, 0], []],
    ['nothing known', [null], []],
    ['nothing', [], []],
  ])('of %s', (_, values, expected) => expect(ratioLimits(values)).toEqual(expected));
});

describe('a class', () => {
  it('holds its lower limit and not its upper', () => {
    expect([0, 9.99, 10, 19.99, 20, 99].map((v) => classOf(v, [10, 20]))).toEqual([0, 0, 1, 1, 2, 2]);
  });
  it('is never given to what is not known, and zero is known', () => {
    expect([classOf(null, [10, 20]), classOf(0, [10, 20]), classOf(null, []), classOf(0, [])]).toEqual([null, 0, null, 0]);
  });
  it('has a tone of its own', () => {
    for (let n = 1; n <= TONES; n++) {
      expect(new Set(tones(n)).size).toBe(n);
      expect(tones(n).every((tone) => tone >= 0 && tone < TONES)).toBe(true);
    }
    expect(tones(5)).toEqual([0, 1, 2, 3, 4]);
  });
  it('says what it holds', () => {
    expect(spans([50_000, 100_000], [1], 'es')).toEqual([
      { kind: 'under', low: '', high: '50\u202f000' },
      { kind: 'between', low: '50\u202f000', high: '100\u202f000' },
      { kind: 'over', low: '100\u202f000', high: '' },
    ]);
    expect(spans([], [0, null, 0], 'en')).toEqual([{ kind: 'all', low: '0', high: '0' }]);
    expect(spans([], [8.32, 9.28], 'en')).toEqual([{ kind: 'all', low: '8.32', high: '9.28' }]);
    expect(spans([], [null], 'en')).toEqual([]);
  });
});

/** CIELAB of a colour such as #1f5fa8. */
function lab(hex: string): [number, number, number] {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each([['light', 0], ['dark', 1]] as const)('the ramp in the %s', (_, which) => {
  const all = (source: string, name: string) => [...source.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))].map((m) => m[1]!);
  const colour = (source: string, name: string) => lab(all(source, name)[which]!);
  const ramp = Array.from({ length: TONES }, (_, i) => colour(css, `shade-${i}`));
  const land = colour(site, 'land');

  it('goes evenly from what is near the paper to what is far from it', () => {
    const away = ramp.map(([l]) => Math.abs(l - land[0]));
    expect(away[0]).toBeGreaterThan(6);
    for (let i = 1; i < TONES; i++) expect(away[i]! - away[i - 1]!).toBeGreaterThan(9);
  });

  it('has no tone that could be taken for an industry', () => {
    for (const industry of ['iron_steel', 'met_coke', 'cement', 'aluminum'])
      for (const tone of ramp) {
        const other = colour(site, `industry-${industry}`);
        expect(Math.hypot(...tone.map((x, i) => x - other[i]!))).toBeGreaterThan(12);
      }
  });
});
