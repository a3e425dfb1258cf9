import { describe, expect, it } from 'vitest';
import { EDGAR, GARY, PONCE } from './fixtures';
import { defaultView, readView, roundedPosition, toggled, type View, type Vocabulary, vocabularyOf, writeView } from './view';

const known: Vocabulary = {
  quantities: new Set(['ghg_scope1', 'pm25', 'people']),
  years: [2019, 2020, 2021, 2022, 2023],
  industries: ['cement', 'iron_steel', 'met_coke'],
  states: new Set(['IN', 'OH', 'PA', 'PR']),
  companies: new Set(['U.S. Steel', 'Cleveland-Cliffs', 'Héctor & Sons, Inc. (50%)']),
  routes: new Set(['BF-BOF', 'EAF', 'by-product coke', 'DRI + EAF, 50%']),
  statuses: new Set(['operating', 'under construction', 'closed']),
  plants: new Set(['us-steel-gary-works-in', 'holcim-ste-genevieve-mo']),
  defaultQuantity: 'ghg_scope1',
  defaultYear: 2023,
};

/** A small generator, so that a failure can be repeated. */
function* random(seed: number): Generator<number> {
  for (let x = seed; ; x = (x * 48271) % 2147483647) yield x / 2147483647;
}

function anyView(seed: number): View {
  const dice = random(seed * 7919 + 1);
  const next = () => dice.next().value as number;
  const one = <T>(from: Iterable<T>): T => [...from][Math.floor(next() * [...from].length)]!;
  const some = (from: Iterable<string>) => [...from].filter(() => next() < 0.4).sort();
  const industries = some(known.industries);
  return {
    quantity: one(known.quantities),
    year: one(known.years),
    industries: industries.length === known.industries.length ? [] : industries,
    states: some(known.states),
    company: next() < 0.5 ? null : one(known.companies),
    route: next() < 0.5 ? null : one(known.routes),
    status: next() < 0.5 ? null : one(known.statuses),
    reference: next() < 0.5,
    find: one(['', 'gary, in', 'Ste. Geneviève & co', '50% + "x"', 'a=b&c#d']),
    lowestFirst: next() < 0.3,
    table: next() < 0.3,
    plant: next() < 0.5 ? null : one(known.plants),
    at:
      next() < 0.5
        ? null
        : roundedPosition({ latitude: next() * 160 - 80, longitude: next() * 360 - 180, zoom: next() * 11 }),
  };
}

describe('the vocabulary', () => {
  it('has the routes and statuses that occur, and no empty one', () => {
    const facilities = [
      { ...GARY, route: 'BF-BOF', status: 'operating' },
      { ...EDGAR, route: 'BF-BOF', status: '' },
      PONCE,
    ];
    const { routes, statuses } = vocabularyOf(
      { years: [2023], default_year: 2023, default_quantity: 'ghg_scope1', facilities },
      [],
    );
    expect([[...routes], [...statuses]]).toEqual([['BF-BOF'], ['operating']]);
  });
});

describe('the address', () => {
  it('is empty for the default view, and read back as it', () => {
    expect(writeView(defaultView(known), known)).toBe('');
    expect(readView('', known)).toEqual(defaultView(known));
  });

  it('brings every view back as it was', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const view = anyView(seed);
      const address = writeView(view, known);
      expect(readView(address, known)).toEqual(view);
      expect(writeView(readView(address, known), known)).toBe(address);
    }
  });

  it('stays readable', () => {
    const view = { ...defaultView(known), states: ['IN', 'PA'], at: { latitude: 41.5, longitude: -87.25, zoom: 7.5 } };
    expect(writeView(view, known)).toBe('?s=IN,PA&at=41.5,-87.25,7.5');
  });

  it.each([
    '?q=nope', '?q=', '?y=1850', '?y=x', '?i=fish', '?i=cement,iron_steel,met_coke', '?s=ZZ,', '?c=Nobody', '?r=magic', '?r=', '?st=', '?st=asleep',
    '?v=', '?v=list', '?v=TABLE', '?ref=yes',
    '?find=%20%20', '?o=high', '?plant=../etc', '?at=1,2', '?at=,,', '?at=91,0,4', '?at=0,0,99', '?at=a,b,c', '?utm=1',
  ])('falls back without a word: %s', (address) => {
    expect(readView(address, known)).toEqual(defaultView(known));
  });

  it('keeps what it knows of a list', () => {
    expect(readView('?s=PA,ZZ,IN,PA', known).states).toEqual(['IN', 'PA']);
  });
});

it('adds and takes away', () => {
  expect(toggled(['IN'], 'AL')).toEqual(['AL', 'IN']);
  expect(toggled(['AL', 'IN'], 'AL')).toEqual(['IN']);
});
