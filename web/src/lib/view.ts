/**
 * The state of the view, and its place in the address. Defaults are left out; a value that means
 * nothing (any more) falls back to its default without a word, so that old links keep working.
 */

import { type Facility, type Kind, type Plants, type Quantity, UNKNOWN } from './model';
import { LEAST, MOST, MOST_RADII } from './reach';

/** Any place, in degrees of WGS84. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** A place that a text means. */
export interface Spot extends Place {
  label: string;
  kind: 'zip' | 'city' | 'coordinates';
}

export interface MapPosition extends Place {
  zoom: number;
}

export interface View {
  quantity: string;
  year: number;
  industries: string[];
  states: string[];
  company: string | null;
  /** How the plant makes what it makes, as the data say it. */
  route: string | null;
  status: string | null;
  /** Only the plants of the reference universe of 2020. */
  reference: boolean;
  /** Free text that a plant's name, company or place must contain. */
  find: string;
  lowestFirst: boolean;
  /** A table in the place of the map and the list. */
  table: boolean;
  plant: string | null;
  /** A place of the reader's own choice. A plant or a place is open, never both. */
  near: Place | null;
  /** Within how many miles of it people are counted; none are the report's own. */
  miles: readonly number[];
  /** Rings of miles around the open plant or place. */
  rings: boolean;
  /** Other industries' emitters around it. */
  others: boolean;
  /** By which indicator the block groups around it are shaded; which there are is known later. */
  shade: string | null;
  /** Where the map looks; null is the surroundings of the place, or the whole of the lower 48. */
  at: MapPosition | null;
}

/** What an address may name. */
export interface Vocabulary {
  quantities: ReadonlySet<string>;
  years: readonly number[];
  industries: readonly string[];
  states: ReadonlySet<string>;
  companies: ReadonlySet<string>;
  /** Ids of companies by their names, which older addresses have. */
  companyIds: ReadonlyMap<string, string>;
  routes: ReadonlySet<string>;
  statuses: ReadonlySet<string>;
  plants: ReadonlySet<string>;
  defaultQuantity: string;
  defaultYear: number;
}

const present = (values: (string | null)[]): string[] => values.filter((v): v is string => Boolean(v));

export function vocabularyOf(plants: Plants, quantities: Quantity[]): Vocabulary {
  const all = (column: keyof Facility) => present(plants.facilities.map((f) => f[column] as string | null));
  const mappable = quantities.filter((q) => q.mappable).map((q) => q.quantity);
  return {
    quantities: new Set(mappable),
    years: plants.years,
    industries: [...new Set(all('industry'))],
    states: new Set(all('state')),
    companies: new Set(plants.companies.map((company) => company.company_id)),
    companyIds: new Map(plants.companies.map((company) => [company.name, company.company_id])),
    routes: kindsOf(plants, 'route'),
    statuses: kindsOf(plants, 'status'),
    plants: new Set(all('facility_id')),
    defaultQuantity: mappable.includes(plants.default_quantity) ? plants.default_quantity : (mappable[0] ?? ''),
    defaultYear: plants.default_year,
  };
}

/** Every route or status that a plant has or had, and that none is known. */
const kindsOf = ({ facilities }: Plants, kind: Kind): ReadonlySet<string> =>
  new Set([...present(facilities.flatMap((f) => [f[kind], ...f.history[kind].map(([, what]) => what)])), UNKNOWN]);

export function defaultView(known: Vocabulary): View {
  return {
    quantity: known.defaultQuantity,
    year: known.defaultYear,
    industries: [],
    states: [],
    company: null,
    route: null,
    status: null,
    reference: false,
    find: '',
    lowestFirst: false,
    table: false,
    plant: null,
    near: null,
    miles: [],
    rings: true,
    others: true,
    shade: null,
    at: null,
  };
}

function oneOf(value: string | null, allowed: ReadonlySet<string>): string | null {
  return value !== null && allowed.has(value) ? value : null;
}

function someOf(value: string | null, allowed: Iterable<string>): string[] {
  const known = new Set(allowed);
  return [...new Set((value ?? '').split(','))].filter((v) => known.has(v)).sort();
}

const numbersOf = (value: string | null): number[] =>
  (value ?? '').split(',').map((n) => (n.trim() === '' ? NaN : Number(n)));

function position(value: string | null): MapPosition | null {
  const numbers = numbersOf(value);
  const [latitude, longitude, zoom] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  if (Math.abs(latitude!) > 85 || Math.abs(longitude!) > 180 || zoom! < 0 || zoom! > 24) return null;
  return { latitude: latitude!, longitude: longitude!, zoom: zoom! };
}

/** A pair such as "41.61,-87.33"; null for anything else. */
export function readPlace(value: string | null): Place | null {
  const numbers = numbersOf(value);
  const [latitude, longitude] = numbers;
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) return null;
  if (Math.abs(latitude!) > 90 || Math.abs(longitude!) > 180) return null;
  return roundedPlace({ latitude: latitude!, longitude: longitude! });
}

/** Radii such as "1,3.7", each once; null for anything that the server would not count within. */
export function readMiles(value: string | null): number[] | null {
  const miles = [...new Set(numbersOf(value))];
  const usable = miles.length <= MOST_RADII && miles.every((n) => n >= LEAST && n <= MOST);
  return usable ? miles : null;
}

export function readView(address: string, known: Vocabulary): View {
  const query = new URLSearchParams(address);
  const year = Number(query.get('y'));
  const industries = someOf(query.get('i'), known.industries);
  const plant = oneOf(query.get('plant'), known.plants);
  const shade = query.get('shade');
  const near = plant === null ? readPlace(query.get('near')) : null;
  return {
    quantity: oneOf(query.get('q'), known.quantities) ?? known.defaultQuantity,
    year: known.years.includes(year) ? year : known.defaultYear,
    // All industries chosen is the same view as none chosen, and the shorter address wins.
    industries: industries.length === known.industries.length ? [] : industries,
    states: someOf(query.get('s'), known.states),
    company: oneOf(known.companyIds.get(query.get('c') ?? '') ?? query.get('c'), known.companies),
    route: oneOf(query.get('r'), known.routes),
    status: oneOf(query.get('st'), known.statuses),
    reference: query.get('ref') === '1',
    find: (query.get('find') ?? '').trim().slice(0, 100),
    lowestFirst: query.get('o') === 'low',
    table: query.get('v') === 'table',
    plant,
    near,
    miles: (near && readMiles(query.get('miles'))) ?? [],
    rings: query.get('rings') !== '0',
    others: query.get('others') !== '0',
    shade: shade !== null && /^[a-z][a-z0-9_]{0,40}$/.test(shade) ? shade : null,
    at: position(query.get('at')),
  };
}

const compact = (n: number, decimals: number): string => String(Number(n.toFixed(decimals)));

const to = (n: number, decimals: number): number => Number(compact(n, decimals));

/** To about ten metres: a finer place would pretend to know which house. */
export const roundedPlace = ({ latitude, longitude }: Place): Place => ({
  latitude: to(latitude, 4),
  longitude: to(longitude, 4),
});

export const roundedPosition = (at: MapPosition): MapPosition => ({ ...roundedPlace(at), zoom: to(at.zoom, 2) });

export const samePosition = (a: MapPosition, b: MapPosition): boolean =>
  a.latitude === b.latitude && a.longitude === b.longitude && a.zoom === b.zoom;

/** A place as addresses write it, the server's too. */
export const writePlace = ({ latitude, longitude }: Place): string =>
  [compact(latitude, 4), compact(longitude, 4)].join(',');

/** The query string of a view, with its question mark; '' for the default view. */
export function writeView(view: View, known: Vocabulary): string {
  const query = new URLSearchParams();
  if (view.quantity !== known.defaultQuantity) query.set('q', view.quantity);
  if (view.year !== known.defaultYear) query.set('y', String(view.year));
  if (view.industries.length) query.set('i', view.industries.join(','));
  if (view.states.length) query.set('s', view.states.join(','));
  if (view.company !== null) query.set('c', view.company);
  if (view.route !== null) query.set('r', view.route);
  if (view.status !== null) query.set('st', view.status);
  if (view.reference) query.set('ref', '1');
  if (view.find) query.set('find', view.find);
  if (view.lowestFirst) query.set('o', 'low');
  if (view.table) query.set('v', 'table');
  if (view.plant) query.set('plant', view.plant);
  if (view.near) query.set('near', writePlace(view.near));
  if (view.miles.length) query.set('miles', view.miles.join(','));
  if (!view.rings) query.set('rings', '0');
  if (!view.others) query.set('others', '0');
  if (view.shade) query.set('shade', view.shade);
  if (view.at) query.set('at', `${writePlace(view.at)},${compact(view.at.zoom, 2)}`);
  // Commas are safe in a query and far easier to read than %2C.
  const text = query.toString().replaceAll('%2C', ',');
  return text && `?${text}`;
}

/** The view after a change: what is opened takes the panel from what was open. */
export function changed(view: View, change: Partial<View>): View {
  const next = { ...view, ...change };
  if (change.plant) next.near = null;
  else if (change.near) next.plant = null;
  if (!next.near) next.miles = [];
  return next;
}

/** Adds a choice to a list, or takes it away; the result is sorted, as in the address. */
export function toggled(list: readonly string[], item: string): string[] {
  return list.includes(item) ? list.filter((x) => x !== item) : [...list, item].sort();
}
