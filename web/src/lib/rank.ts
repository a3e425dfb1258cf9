/** Which plants are listed, and in what order. */

import type { Facility, Figure, FiguresOfYear } from './model';
import { fold } from './text';
import type { View } from './view';

export type Filters = Pick<View, 'industries' | 'states' | 'company' | 'route' | 'status' | 'reference' | 'find'>;

export interface RankedPlant {
  facility: Facility;
  figure: Figure;
  /** Plants with the same value share a rank. */
  rank: number;
}

export interface Ranking {
  ranked: RankedPlant[];
  /** Listed, but without a figure for this quantity and year. */
  without: Facility[];
}

/** What a search looks at, folded once for every plant. */
export function haystack(facility: Facility, stateName: string): string {
  const { name, parent, city, county, state } = facility;
  return ` ${fold([name, parent, city, state, stateName, county].filter(Boolean).join(' '))} `;
}

/** Every word of the search must begin a word of the plant. */
export const contains = (hay: string, needle: string): boolean =>
  fold(needle).split(' ').every((word) => hay.includes(` ${word}`));

export function passes(facility: Facility, filters: Filters, hay: string): boolean {
  return (
    (!filters.industries.length || filters.industries.includes(facility.industry)) &&
    (!filters.states.length || (facility.state !== null && filters.states.includes(facility.state))) &&
    (filters.company === null || facility.parent === filters.company) &&
    (filters.route === null || facility.route === filters.route) &&
    (filters.status === null || facility.status === filters.status) &&
    (!filters.reference || facility.reference_2020 === 1) &&
    (!filters.find || contains(hay, filters.find))
  );
}

export function rank(
  facilities: readonly Facility[],
  figures: FiguresOfYear,
  lowestFirst: boolean,
): Ranking {
  const ranked: RankedPlant[] = [];
  const without: Facility[] = [];
  for (const facility of facilities) {
    const figure = figures.get(facility.facility_id);
    if (figure) ranked.push({ facility, figure, rank: 0 });
    else without.push(facility);
  }
  const byName = (a: Facility, b: Facility) => a.name.localeCompare(b.name);
  const sign = lowestFirst ? 1 : -1;
  ranked.sort((a, b) => sign * (a.figure.value - b.figure.value) || byName(a.facility, b.facility));
  without.sort(byName);
  ranked.forEach((row, i) => {
    const before = ranked[i - 1];
    row.rank = before && before.figure.value === row.figure.value ? before.rank : i + 1;
  });
  return { ranked, without };
}

/** How many plants each value of a column has; the largest first. */
export function countBy(
  facilities: readonly Facility[],
  column: 'industry' | 'state' | 'parent' | 'route' | 'status',
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const facility of facilities) {
    const value = facility[column];
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return new Map([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}
