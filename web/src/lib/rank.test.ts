import { describe, expect, it } from 'vitest';
import { EDGAR, GARY, GENEVIEVE, PLANTS, PONCE, STATES } from './fixtures';
import type { Figure } from './model';
import { countBy, type Filters, haystack, passes, rank } from './rank';

const everything: Filters = { industries: [], states: [], company: null, route: null, status: null, reference: false, find: '' };
const figure = (value: number): Figure => ({ value, low: value, high: value, grade: 'B', kind: 'calculated' });
const hay = (f: (typeof PLANTS)[number]) => haystack(f, STATES[f.state ?? ''] ?? '');
const listed = (change: Partial<Filters>) => PLANTS.filter((f) => passes(f, { ...everything, ...change }, hay(f)));

describe('the filter', () => {
  it('passes all by default', () => expect(listed({})).toEqual(PLANTS));

  it('combines its parts', () => {
    expect(listed({ industries: ['cement'] })).toEqual([PONCE, GENEVIEVE]);
    expect(listed({ states: ['IN', 'PA'] })).toEqual([GARY, EDGAR]);
    expect(listed({ company: 'U.S. Steel', states: ['PA'] })).toEqual([EDGAR]);
    expect(listed({ reference: true, industries: ['cement'] })).toEqual([GENEVIEVE]);
  });

  it('knows routes and statuses', () => {
    const plants = [{ ...GARY, route: 'BF-BOF', status: 'operating' }, { ...EDGAR, route: 'BF-BOF' }, PONCE];
    const found = (change: Partial<Filters>) => plants.filter((f) => passes(f, { ...everything, ...change }, hay(f)));
    expect(found({ route: 'BF-BOF' })).toEqual(plants.slice(0, 2));
    expect(found({ route: 'BF-BOF', status: 'operating' })).toEqual(plants.slice(0, 1));
    expect(found({ status: 'closed' })).toEqual([]);
    expect([...countBy(plants, 'route')]).toEqual([['BF-BOF', 2]]);
  });

  it.each([
    ['us steel', [GARY, EDGAR]],
    ['U.S. STEEL', [GARY, EDGAR]],
    ['gary, in', [GARY]],
    ['ste genevieve', [GENEVIEVE]],
    ['pensilvania', [EDGAR]],
    ['ary', []],
    ['works gary', [GARY]],
  ])('finds %j whatever its accents and points', (find, found) => {
    expect(listed({ find })).toEqual(found);
  });
});

describe('the ranking', () => {
  const figures = new Map([['gary', figure(10)], ['edgar', figure(3)], ['ponce', figure(0)]]);

  it('puts the highest first, and plants without a figure apart', () => {
    const { ranked, without } = rank(PLANTS, figures, false);
    expect(ranked.map((row) => [row.rank, row.facility])).toEqual([[1, GARY], [2, EDGAR], [3, PONCE]]);
    expect(without).toEqual([GENEVIEVE]);
  });

  it('turns round, and missing is still not zero', () => {
    const { ranked, without } = rank(PLANTS, figures, true);
    expect(ranked.map((row) => row.facility)).toEqual([PONCE, EDGAR, GARY]);
    expect(without).toEqual([GENEVIEVE]);
  });

  it('gives equals the same rank', () => {
    const equal = new Map([['gary', figure(10)], ['edgar', figure(10)], ['ponce', figure(1)]]);
    expect(rank(PLANTS, equal, false).ranked.map((row) => row.rank)).toEqual([1, 1, 3]);
  });
});

it('counts a column, the largest first', () => {
  expect([...countBy(PLANTS, 'parent')]).toEqual([['U.S. Steel', 2], ['Cemex', 1], ['Holcim', 1]]);
});
