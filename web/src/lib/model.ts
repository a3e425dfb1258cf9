/** What the server publishes under /data, in its own names. */

/** What holds from a year on; null where no source says. */
export type Step = [from: number, what: string | null];

export interface Facility {
  facility_id: string;
  site_id: string | null;
  name: string;
  industry: string;
  route: string | null;
  status: string | null;
  city: string | null;
  county: string | null;
  state: string | null;
  latitude: number | null;
  longitude: number | null;
  parent: string | null;
  reference_2020: 0 | 1;
  reference_certainty: string | null;
  /** The companies that count it: parents, owners and others within a group. */
  companies: string[];
  /** Route and status as they changed over the years; the columns above are the latest known. */
  history: Record<Kind, Step[]>;
}

export type Kind = 'route' | 'status';

/** Stands for a route or status that no source says, in filters and addresses. */
export const UNKNOWN = 'unknown';

export interface Company {
  company_id: string;
  name: string;
  /** "decided" for a parent by which plants are counted, "current" for others. */
  basis: string;
}

export interface Plants {
  years: number[];
  default_year: number;
  default_quantity: string;
  companies: Company[];
  facilities: Facility[];
}

type InBothLanguages = Record<'en' | 'es', string>;

export interface Quantity {
  quantity: string;
  unit: string;
  topic: string;
  sort: number;
  better: -1 | 0 | 1;
  mappable: 0 | 1;
  label: InBothLanguages;
  definition: InBothLanguages;
}

/** One quantity of all plants and years, column by column. A row that is absent is unknown, not zero. */
export interface QuantityColumns {
  quantity: string;
  unit: string;
  facility_id: string[];
  year: number[];
  value: number[];
  low: (number | null)[];
  high: (number | null)[];
  grade: string[];
  kind: string[];
  /** For what is compared: the group that a plant is ranked in, or the rule that keeps it out of any. */
  peers?: (string | null)[];
  why?: (string | null)[];
}

export interface Figure {
  value: number;
  low: number;
  high: number;
  grade: string;
  kind: string;
  peers?: string | null;
  why?: string | null;
}

export type FiguresOfYear = ReadonlyMap<string, Figure>;

/** The same quantity, looked up by year and plant. */
export interface QuantityFigures {
  quantity: string;
  unit: string;
  byYear: ReadonlyMap<number, FiguresOfYear>;
  /** The largest value of any plant in any year: circles keep their scale while the years pass. */
  largest: number;
}

const NO_FIGURES: FiguresOfYear = new Map();

export function figuresOf(columns: QuantityColumns): QuantityFigures {
  const byYear = new Map<number, Map<string, Figure>>();
  let largest = 0;
  columns.facility_id.forEach((id, i) => {
    const year = columns.year[i]!;
    const value = columns.value[i]!;
    let figures = byYear.get(year);
    if (!figures) byYear.set(year, (figures = new Map()));
    figures.set(id, {
      value,
      low: columns.low[i] ?? value,
      high: columns.high[i] ?? value,
      grade: columns.grade[i] ?? '',
      kind: columns.kind[i] ?? '',
      ...(columns.peers && { peers: columns.peers[i], why: columns.why?.[i] }),
    });
    largest = Math.max(largest, value);
  });
  return { quantity: columns.quantity, unit: columns.unit, byYear, largest };
}

export const figuresIn = (figures: QuantityFigures, year: number): FiguresOfYear =>
  figures.byYear.get(year) ?? NO_FIGURES;

/** A year counts as filled with this part of the plants of the fullest: one state's files are not the country. */
const FILLED = 1 / 3;

/** The filled year that lies closest to the one asked for; the later of two. */
export function nearestYear(figures: QuantityFigures, year: number): number {
  const fullest = Math.max(0, ...[...figures.byYear.values()].map((plants) => plants.size));
  const filled = [...figures.byYear.keys()].filter((at) => figures.byYear.get(at)!.size >= fullest * FILLED);
  filled.sort((a, b) => Math.abs(a - year) - Math.abs(b - year) || b - a);
  return filled[0] ?? year;
}
