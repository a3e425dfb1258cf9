/** Suggestions under the search box: plants, companies, cities and states of the atlas, and any place. */

import type { Facility, Plants } from './model';
import { contains, countBy, countCompanies, haystack } from './rank';
import { fold } from './text';
import type { Spot } from './view';

export type Group = 'plant' | 'company' | 'city' | 'state' | 'place';

export interface Suggestion {
  group: Group;
  /** The facility id, the company's id, "City, ST", the state's code, or the place as an address writes it. */
  key: string;
  label: string;
  /** What tells two of the same name apart: a place, or a number of plants. */
  facility?: Facility;
  plants?: number;
  spot?: Spot;
}

interface Entry extends Suggestion {
  hay: string;
  folded: string;
}

export type Index = Entry[];

const PER_GROUP: Record<Exclude<Group, 'place'>, number> = { plant: 6, company: 4, city: 3, state: 3 };

export const cityOf = (facility: Facility): string | null =>
  facility.city && facility.state ? `${facility.city}, ${facility.state}` : null;

export function buildIndex(
  { facilities, companies }: Pick<Plants, 'facilities' | 'companies'>,
  stateName: (code: string) => string,
): Index {
  const entries: Suggestion[] = facilities.map((facility) => ({
    group: 'plant',
    key: facility.facility_id,
    label: facility.name,
    facility,
  }));
  const byCompany = countCompanies(facilities);
  for (const { company_id, name } of companies)
    entries.push({ group: 'company', key: company_id, label: name, plants: byCompany.get(company_id) ?? 0 });
  const cities = new Map<string, number>();
  for (const facility of facilities) {
    const city = cityOf(facility);
    if (city) cities.set(city, (cities.get(city) ?? 0) + 1);
  }
  for (const [city, plants] of cities) entries.push({ group: 'city', key: city, label: city, plants });
  for (const [state, plants] of countBy(facilities, 'state'))
    entries.push({ group: 'state', key: state, label: stateName(state), plants });

  return entries.map((entry) => {
    const { facility } = entry;
    const hay = facility
      ? haystack(facility, facility.state ? stateName(facility.state) : '')
      : ` ${fold(`${entry.label} ${entry.key}`)} `;
    return { ...entry, hay, folded: fold(entry.label) };
  });
}

/** Names that begin with the search come first, then names with a word that does, then the rest. */
function closeness(entry: Entry, needle: string): number {
  if (entry.folded.startsWith(needle)) return 0;
  if (` ${entry.folded}`.includes(` ${needle}`)) return 1;
  return 2;
}

export function suggest(index: Index, typed: string): Suggestion[] {
  const needle = fold(typed);
  if (!needle) return [];
  const hits = index
    .filter((entry) => contains(entry.hay, needle))
    .map((entry) => ({ entry, order: closeness(entry, needle) }))
    .sort((a, b) => a.order - b.order || (b.entry.plants ?? 0) - (a.entry.plants ?? 0));
  return (Object.keys(PER_GROUP) as (keyof typeof PER_GROUP)[]).flatMap((group) =>
    hits
      .filter(({ entry }) => entry.group === group)
      .slice(0, PER_GROUP[group])
      .map(({ entry }) => entry),
  );
}
