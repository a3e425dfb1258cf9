import { expect, it } from 'vitest';
import { isWorthAsking, placesOf } from './places';
import type { Spot } from './view';

const spot = (label: string, latitude = 41.602, longitude = -87.337): Spot => ({ label, kind: 'zip', latitude, longitude });

it.each([['', false], ['  ga  ', false], ['gar', true], ['464', true], ['41.61, -87.33', true]])('%j is asked: %j', (text, expected) =>
  expect(isWorthAsking(text)).toBe(expected),
);

it('makes a suggestion of every place, with a key of its own', () => {
  const found = placesOf([spot('46401 Gary, IN'), spot('46402 Gary, IN'), spot('46402 Gary, IN')]);
  expect(found.map(({ group, label }) => `${group} ${label}`)).toEqual(['place 46401 Gary, IN', 'place 46402 Gary, IN']);
  expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  expect(found[0]?.spot).toEqual(spot('46401 Gary, IN'));
});
