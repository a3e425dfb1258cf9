import { describe, expect, it } from 'vitest';
import { EDGAR, GARY, PONCE } from './fixtures';
import type { Step } from './model';
import {
  changed, defaultView, type Place, readMiles, readPlace, readView, roundedPlace, roundedPosition, toggled, type View,
  type Vocabulary, vocabularyOf, writePlace, writeView,
} from './view';

const known: Vocabulary = {
  quantities: new Set(['ghg_scope1', 'pm25', 'people']),
  years: [2019, 2020, 2021, 2022, 2023],
  industries: ['cement', 'iron_steel', 'met_coke'],
  states: new Set(['IN', 'OH', 'PA', 'PR']),
  companies: new Set(['us-steel', 'cleveland-cliffs', 'hector-and-sons']),
  companyIds: new Map([['U.S. Steel', 'us-steel'], ['Héctor & Sons, Inc.', 'hector-and-sons']]),
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

/** A plant, a place or nothing. */
const opened = (dice: number, plant: string, place: Place): Pick<View, 'plant' | 'near' | 'miles'> => ({
  plant: dice < 0.4 ? plant : null,
  near: dice > 0.6 ? roundedPlace(place) : null,
  miles: dice > 0.8 ? [3.7, 0.1, 50] : [],
});

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
    ...opened(next(), one(known.plants), { latitude: next() * 178 - 89, longitude: next() * 360 - 180 }),
    rings: next() < 0.7,
    others: next() < 0.7,
    shade: next() < 0.5 ? null : one(['poverty', 'people_of_colour', 'pm25']),
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
      { ...PONCE, history: { route: [], status: [[2010, 'idle'], [2012, null]] as Step[] } },
    ];
    const { routes, statuses } = vocabularyOf(
      { years: [2023], default_year: 2023, default_quantity: 'ghg_scope1', companies: [], facilities },
      [],
    );
    expect([[...routes], [...statuses]]).toEqual([['BF-BOF', 'unknown'], ['operating', 'idle', 'unknown']]);
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
    '?near=', '?near=41.6', '?near=41.6,-87.3,8', '?near=Gary', '?near=,', '?near=91,0', '?near=41,181', '?near=1e999,0',
    '?rings=1', '?rings=no', '?others=yes', '?shade=', '?shade=../etc', '?shade=Poverty%20', '?shade=1',
  ])('falls back without a word: %s', (address) => {
    expect(readView(address, known)).toEqual(defaultView(known));
  });

  it('knows a company by its name too, as older addresses have it', () => {
    expect(readView('?c=H%C3%A9ctor+%26+Sons,+Inc.', known).company).toBe('hector-and-sons');
    expect(readView('?c=us-steel', known).company).toBe('us-steel');
  });

  it('keeps what it knows of a list', () => {
    expect(readView('?s=PA,ZZ,IN,PA', known).states).toEqual(['IN', 'PA']);
  });
});

describe('a place', () => {
  const gary = { latitude: 41.61, longitude: -87.33 };

  it('is written short, and to ten metres', () => {
    expect(writePlace({ latitude: 41.610049, longitude: -87.33 })).toBe('41.61,-87.33');
    expect(readPlace(' 41.61004 , -87.330049 ')).toEqual(gary);
    expect(writeView({ ...defaultView(known), near: gary, shade: 'poverty' }, known)).toBe('?near=41.61,-87.33&shade=poverty');
  });

  it('gives way to a plant in one address', () => {
    const view = readView('?near=41.61,-87.33&plant=us-steel-gary-works-in', known);
    expect([view.near, view.plant]).toEqual([null, 'us-steel-gary-works-in']);
    expect(readView('?near=41.61,-87.33&plant=nobody', known).near).toEqual(gary);
  });

  it('and a plant take the panel from each other', () => {
    const plant = { ...defaultView(known), plant: 'us-steel-gary-works-in' };
    const place = changed(plant, { near: gary });
    expect([place.plant, place.near]).toEqual([null, gary]);
    expect([changed(place, { plant: plant.plant }).near, changed(place, { year: 2019 }).near]).toEqual([null, gary]);
    expect(changed(plant, { near: null }).plant).toBe(plant.plant);
  });
});

it('adds and takes away', () => {
  expect(toggled(['IN'], 'AL')).toEqual(['AL', 'IN']);
  expect(toggled(['AL', 'IN'], 'AL')).toEqual(['IN']);
});

describe('radii of the reader’s own', () => {
  it('are read, each once, and only such as the server counts within', () => {
    expect(readMiles('1,3.7,1')).toEqual([1, 3.7]);
    expect(readMiles('1, 3.7')).toEqual([1, 3.7]);
    for (const text of [null, '', 'one', '1,,3', '0', '0.09', '50.1', '-1', '1e9', Array.from({ length: 21 }, (_, i) => i + 1).join()])
      expect(readMiles(text)).toBeNull();
  });
  it('belong to an open place', () => {
    const view = readView('?near=41.61,-87.33&miles=1,3.7', known);
    expect(view.miles).toEqual([1, 3.7]);
    expect(writeView(view, known)).toBe('?near=41.61,-87.33&miles=1,3.7');
    expect(changed(view, { near: null }).miles).toEqual([]);
    expect(changed(view, { plant: 'us-steel-gary-works-in' }).miles).toEqual([]);
    expect(changed(view, { near: { latitude: 40, longitude: -90 } }).miles).toEqual([1, 3.7]);
    expect(readView('?miles=3', known).miles).toEqual([]);
  });
});
