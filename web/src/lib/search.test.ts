import { expect, it } from 'vitest';
import { COMPANIES, PLANTS, STATES } from './fixtures';
import { buildIndex, suggest } from './search';

const index = buildIndex({ facilities: PLANTS, companies: COMPANIES }, (code) => STATES[code] ?? code);
const found = (typed: string) => suggest(index, typed).map(({ group, key }) => `${group} ${key}`);

it.each([
  ['gary', ['plant gary', 'city Gary, IN']],
  ['u.s. steel', ['plant gary', 'plant edgar', 'company us-steel']],
  ['nippon', ['company nippon-steel']],
  ['genevieve', ['plant genevieve']],
  ['GENEVIÈVE', ['plant genevieve']],
  ['braddock', ['plant edgar', 'city Braddock, PA']],
  ['ponce pr', ['plant ponce', 'city Ponce, PR']],
  ['missouri', ['plant genevieve', 'state MO']],
  ['nowhere', []],
  [' . ', []],
])('%j finds %j', (typed, expected) => expect(found(typed)).toEqual(expected));

it('says how many plants a company has', () => {
  expect(suggest(index, 'us steel').find((s) => s.group === 'company')?.plants).toBe(2);
});
