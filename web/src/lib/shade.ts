/** Classes of a shaded map: few, with round limits, cut for the values at hand. */

import { exactly, figure, type Lang } from './figure';

/** Where one class ends and the next begins, rising; a limit belongs to the class above it. */
export type Limits = readonly number[];

export type Known = number | null;

/** How many tones the ramp has. */
export const TONES = 5;

const STEPS = [1, 2, 2.5, 5];

/** A quarter of a class's worth of outliers at either end must not flatten the rest. */
const TAIL = 0.05;

/** A share of a percent or two is within what such figures miss by. */
const LEAST_PERCENT = 5;

function* roundSteps(least: number): Generator<number> {
  for (let k = Math.floor(Math.log10(least)); ; k++)
    for (const step of STEPS) if (step * 10 ** k >= least * (1 - 1e-9)) yield Number(`${step}e${k}`);
}

function middleOf(values: readonly Known[]): [low: number, high: number, largest: number] | null {
  const known = values.filter((v): v is number => v !== null).sort((a, b) => a - b);
  if (!known.length) return null;
  const at = (share: number) => known[Math.round(share * (known.length - 1))]!;
  return [at(TAIL), at(1 - TAIL), Math.max(Math.abs(known[0]!), Math.abs(known.at(-1)!))];
}

/**
 * Limits at equal round steps. A step is at least a tenth of the largest value, and five points of a
 * percentage, so that what hardly differs looks alike; none at all where everything is alike.
 */
export function equalLimits(values: readonly Known[], unit: string): Limits {
  const middle = middleOf(values);
  if (!middle) return [];
  const [low, high, largest] = middle;
  const least = Math.max((high - low) / TONES, largest / 10, unit === '%' ? LEAST_PERCENT : 0);
  if (!(least > 0)) return [];
  for (const step of roundSteps(least)) {
    const limits: number[] = [];
    for (let k = Math.floor(low / step) + 1; k * step <= high; k++) limits.push(Number((k * step).toPrecision(12)));
    if (limits.length < TONES) return limits;
  }
  return [];
}

/** Limits of 1, 2 and 5 times powers of ten, for what differs by factors. */
export function ratioLimits(values: readonly Known[]): Limits {
  const middle = middleOf(values);
  if (!middle || middle[1] <= 0) return [];
  const [low, high] = middle;
  const all: number[] = [];
  for (let k = Math.floor(Math.log10(Math.max(low, high / 1e4))); 10 ** k <= high; k++)
    for (const step of [1, 2, 5]) all.push(Number(`${step}e${k}`));
  const inside = all.filter((limit) => limit > low && limit <= high);
  // Every other one, from the top, until there is a tone for each.
  let every = 1;
  while (Math.ceil(inside.length / every) >= TONES) every++;
  return inside.filter((_, i) => (inside.length - 1 - i) % every === 0);
}

/** The class of a value; null stays null, and is no class. */
export const classOf = (value: Known, limits: Limits): number | null =>
  value === null ? null : limits.filter((limit) => value >= limit).length;

/** The tones that so many classes take, spread over the ramp; two are not made to look worlds apart. */
export function tones(classes: number): number[] {
  if (classes === 1) return [2];
  if (classes === 2) return [1, 3];
  return Array.from({ length: classes }, (_, i) => Math.round((i * (TONES - 1)) / (classes - 1)));
}

export interface Span {
  kind: 'under' | 'between' | 'over' | 'all';
  /** Both ends as written; the same where there is but one value. */
  low: string;
  high: string;
}

/** What each class holds, as written. Where nothing is cut, the ends of the values themselves. */
export function spans(limits: Limits, values: readonly Known[], lang: Lang): Span[] {
  if (!limits.length) {
    const known = values.filter((v): v is number => v !== null);
    if (!known.length) return [];
    const [low, high] = [Math.min(...known), Math.max(...known)].map((v) => figure(v, null, null, 1, lang));
    return [{ kind: 'all', low: low!, high: high! }];
  }
  const text = limits.map((limit) => exactly(limit, 1, lang));
  return Array.from({ length: limits.length + 1 }, (_, i) => ({
    kind: i === 0 ? 'under' : i === limits.length ? 'over' : 'between',
    low: text[i - 1] ?? '',
    high: text[i] ?? '',
  }));
}
