/** Scales: the prefix of a column, the ticks of an axis, the size of a circle. */

/** How often a thousand is put in words for money and weights: up to a trillion. */
const WORDS = 4;

/** Units that take prefixes, with where they stand among them: a kilogram counted in thousands is a tonne. */
const LADDERS: Record<string, string[]> = {
  t: ['t', 'kt', 'Mt'],
  kg: ['kg', 't', 'kt', 'Mt'],
  MWh: ['MWh', 'GWh', 'TWh'],
};

export interface ColumnUnit {
  /** The power of ten by which the figures of the column are divided. */
  scale: number;
  /** The unit as written, such as "Mt CO2e"; for money and weights, the unit and its scale are put in words. */
  unit: string;
}

/** The prefix of a whole column, chosen by its largest value. */
export function columnUnit(unit: string, largest: number): ColumnUnit {
  const [head = '', ...rest] = unit.split(' ');
  const worded = unit.startsWith('USD') || unit === 'points';
  const ladder = worded || unit.includes('/') ? undefined : LADDERS[head];
  const steps = ladder?.length ?? (worded ? WORDS + 1 : 1);
  let step = 0;
  while (step + 1 < steps && Math.abs(largest) >= 10 ** (3 * (step + 1))) step++;
  // In words it goes straight to millions: nobody says "thousand dollars" of damage.
  if (!ladder && step === 1) step = 0;
  return { scale: 10 ** (3 * step), unit: [ladder?.[step] ?? head, ...rest].join(' ') };
}

/** A round number near x: 1, 2 or 5 times a power of ten, at most x. */
export function roundDown(x: number): number {
  if (!(x > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(x));
  const lead = x / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** Round ticks from 0 (or below) to the end of an axis, about four of them. */
export function ticks(from: number, to: number): number[] {
  const step = roundDown((to - from) / 2.5);
  if (step === 0) return [0];
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** The radius of a circle whose area stands for a value, beside a largest one of radius `most`. */
export function radius(value: number, largest: number, most: number): number {
  return value > 0 && largest > 0 ? most * Math.sqrt(value / largest) : 0;
}

/** Round values for the legend of the circles: the largest that fits, and three below it. */
export function legendValues(largest: number): number[] {
  const top = roundDown(largest);
  return top === 0 ? [] : [top, roundDown(top / 3.9), roundDown(top / 19)];
}
