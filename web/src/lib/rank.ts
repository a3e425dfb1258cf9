/** Which plants are listed, and in what order. */

import { type Facility, type Figure, type FiguresOfYear, type Kind, UNKNOWN } from './model';
import { fold } from './text';
import type { View } from './view';

export type Filters = Pick<View, 'industries' | 'states' | 'company' | 'route' | 'status' | 'reference' | 'find'>;

export interface RankedPlant {
  facility: Facility;
  figure: Figure;
  /** Plants with the same value share a rank; one that cannot be compared has none. */
  rank: number | null;
  /** What is compared is ranked in parts, each among its own peers; null where all is one list. */
  part: string | null;
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

/** Route or status in a year; the latest known where `year` is null. */
export function kindIn(facility: Facility, kind: Kind, year: number | null): string | null {
  if (year === null) return facility[kind];
  const step = facility.history[kind].findLast(([from]) => from <= year);
  return step ? step[1] : null;
}

/** `year` is that of the route and the status; null stands for the latest known. */
export function passes(facility: Facility, filters: Filters, hay: string, year: number | null): boolean {
  return (
    (!filters.industries.length || filters.industries.includes(facility.industry)) &&
    (!filters.states.length || (facility.state !== null && filters.states.includes(facility.state))) &&
    (filters.company === null || facility.companies.includes(filters.company)) &&
    (filters.route === null || (kindIn(facility, 'route', year) ?? UNKNOWN) === filters.route) &&
    (filters.status === null || (kindIn(facility, 'status', year) ?? UNKNOWN) === filters.status) &&
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
    if (figure) ranked.push({ facility, figure, rank: 0, part: partOf(figure) });
    else without.push(facility);
  }
  const byName = (a: Facility, b: Facility) => a.name.localeCompare(b.name);
  const sign = lowestFirst ? 1 : -1;
  const order = [...counted(ranked.map((row) => row.part)).keys()].sort((a, b) => apart(a) - apart(b));
  const part = (row: RankedPlant) => order.indexOf(row.part ?? '');
  ranked.sort(
    (a, b) => part(a) - part(b) || sign * (a.figure.value - b.figure.value) || byName(a.facility, b.facility),
  );
  without.sort(byName);
  let first = 0;
  ranked.forEach((row, i) => {
    const before = ranked[i - 1];
    if (before?.part !== row.part) first = i;
    const alike = i > first && before!.figure.value === row.figure.value;
    row.rank = row.figure.why ? null : alike ? before!.rank : i - first + 1;
  });
  return { ranked, without };
}

/** The part of the list that a figure stands in, by the name of its heading; one that is not compared has none. */
const partOf = ({ peers, why }: Figure): string | null =>
  peers ? `compared.${peers}` : why ? `apart.${why}` : null;

/** Who is not ranked comes last. */
const apart = (part: string): number => Number(part.startsWith('apart.'));

/** How many plants each value of a column has; the largest first. */
export const countBy = (facilities: readonly Facility[], column: 'industry' | 'state'): Map<string, number> =>
  counted(facilities.map((facility) => facility[column]));

/** How many plants are of each route or status in a year; those of which no source says it are UNKNOWN. */
export const countKinds = (facilities: readonly Facility[], kind: Kind, year: number | null): Map<string, number> =>
  counted(facilities.map((facility) => kindIn(facility, kind, year) ?? UNKNOWN));

/** How many plants each company has a part in. */
export const countCompanies = (facilities: readonly Facility[]): Map<string, number> =>
  counted(facilities.flatMap((facility) => facility.companies));

function counted(values: (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}
