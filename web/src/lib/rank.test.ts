import { describe, expect, it } from 'vitest';
import { EDGAR, GARY, GENEVIEVE, PLANTS, PONCE, STATES } from './fixtures';
import type { Facility, Figure } from './model';
import { countBy, countCompanies, countKinds, type Filters, haystack, kindIn, passes, rank } from './rank';

const everything: Filters = { industries: [], states: [], company: null, route: null, status: null, reference: false, find: '' };
const figure = (value: number): Figure => ({ value, low: value, high: value, grade: 'B', kind: 'calculated' });
const hay = (f: (typeof PLANTS)[number]) => haystack(f, STATES[f.state ?? ''] ?? '');
const listed = (change: Partial<Filters>) => PLANTS.filter((f) => passes(f, { ...everything, ...change }, hay(f), null));

describe('the filter', () => {
  it('passes all by default', () => expect(listed({})).toEqual(PLANTS));

  it('combines its parts', () => {
    expect(listed({ industries: ['cement'] })).toEqual([PONCE, GENEVIEVE]);
    expect(listed({ states: ['IN', 'PA'] })).toEqual([GARY, EDGAR]);
    expect(listed({ company: 'us-steel', states: ['PA'] })).toEqual([EDGAR]);
    expect(listed({ reference: true, industries: ['cement'] })).toEqual([GENEVIEVE]);
  });

  it('finds every plant that counts to a company, whatever its share', () => {
    expect(listed({ company: 'us-steel' })).toEqual([GARY, EDGAR]);
    expect(listed({ company: 'nippon-steel' })).toEqual([GARY]);
    expect([...countCompanies(PLANTS)]).toEqual([['us-steel', 2], ['cemex', 1], ['holcim', 1], ['nippon-steel', 1]]);
  });

  it('knows routes and statuses, and which plants have none', () => {
    const plants = [{ ...GARY, route: 'BF-BOF', status: 'operating' }, { ...EDGAR, route: 'BF-BOF' }, PONCE];
    const found = (change: Partial<Filters>) =>
      plants.filter((f) => passes(f, { ...everything, ...change }, hay(f), null));
    expect(found({ route: 'BF-BOF' })).toEqual(plants.slice(0, 2));
    expect(found({ route: 'BF-BOF', status: 'operating' })).toEqual(plants.slice(0, 1));
    expect(found({ status: 'closed' })).toEqual([]);
    expect(found({ status: 'unknown' })).toEqual(plants.slice(1));
    expect([...countKinds(plants, 'route', null)]).toEqual([['BF-BOF', 2], ['unknown', 1]]);
  });

  it('takes the route and the status of the year that is shown', () => {
    const fairfield: Facility = {
      ...GARY, route: 'EAF', status: 'operating',
      history: { route: [[2010, 'BF-BOF'], [2018, 'EAF']], status: [[2010, 'operating'], [2016, null], [2020, 'operating']] },
    };
    const in2012 = (change: Partial<Filters>) => passes(fairfield, { ...everything, ...change }, hay(fairfield), 2012);
    expect(in2012({ route: 'BF-BOF' })).toBe(true);
    expect(in2012({ route: 'EAF' })).toBe(false);
    expect([2009, 2017, 2018, 2023].map((year) => kindIn(fairfield, 'route', year))).toEqual([null, 'BF-BOF', 'EAF', 'EAF']);
    expect(kindIn(fairfield, 'status', 2017)).toBe(null);
    expect(kindIn(fairfield, 'status', null)).toBe('operating');
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

describe('the ranking of what is compared', () => {
  const among = (value: number, peers: string): Figure => ({ ...figure(value), peers, why: null });
  const beside = (value: number, why: string): Figure => ({ ...figure(value), peers: null, why });
  const figures = new Map([
    ['gary', among(3, 'BF-BOF')],
    ['edgar', among(2, 'BF-BOF')],
    ['ponce', beside(0.1, 'tonnage_from_emissions')],
    ['genevieve', among(1, 'EAF, long')],
  ]);

  it('ranks each group by itself, the largest group first, and gives no rank to who is not compared', () => {
    const { ranked } = rank(PLANTS, figures, true);
    expect(ranked.map(({ part, rank: place, facility }) => [part, place, facility])).toEqual([
      ['compared.BF-BOF', 1, EDGAR],
      ['compared.BF-BOF', 2, GARY],
      ['compared.EAF, long', 1, GENEVIEVE],
      ['apart.tonnage_from_emissions', null, PONCE],
    ]);
  });

  it('shares a rank within a group only', () => {
    const equal = new Map([...figures, ['gary', among(2, 'BF-BOF')], ['genevieve', among(2, 'EAF, long')]]);
    expect(rank(PLANTS, equal, false).ranked.map((row) => row.rank)).toEqual([1, 1, 1, null]);
  });

  it('leaves what is not compared in one list', () => {
    const { ranked } = rank(PLANTS, new Map([['gary', figure(1)], ['ponce', figure(2)]]), false);
    expect(ranked.map(({ part, rank: place }) => [part, place])).toEqual([[null, 1], [null, 2]]);
  });
});

it('counts a column, the largest first', () => {
  expect([...countBy(PLANTS, 'industry')]).toEqual([['cement', 2], ['iron_steel', 2]]);
});
