/**
 * One rule for every number the site shows: never finer than it is known.
 *
 * 1. The half-width h of the interval is the larger of high − value and value − low.
 * 2. The value is rounded to the decimal place of the leading digit of h …
 * 3. … but to no more than three significant digits (which is also the rule when h is 0 or missing),
 * 4. a whole number gets no decimals of its own unit, and
 * 5. what is not zero keeps its leading digit, however little is known of it, and
 * 6. an end that would read like the value gets both a digit more, up to three, and
 * 7. the ends themselves are rounded outwards, a digit finer.
 *
 * Rounding happens in the quantity's own unit, half away from zero; the prefix of a column (`scale`,
 * a power of ten) only moves the decimal sign. The Python twin reads the same figure.cases.json.
 */

export type Lang = 'en' | 'es';

const MARKS = {
  en: { decimal: '.', group: ',', groupFrom: 4 },
  // Spanish groups from five digits on, with a narrow no-break space (RAE, Ortografía, 2010).
  es: { decimal: ',', group: '\u202f', groupFrom: 5 },
} as const;

/** The exponent of the leading digit: 7000 → 3, 0.08 → −2. Exact, unlike Math.log10. */
function exponent(x: number): number {
  return Number(Math.abs(x).toExponential().split('e')[1]);
}

const powerOfTen = (k: number): number => Number(`1e${k}`);

function roundedTo(place: number, value: number): number {
  const magnitude = Math.abs(value);
  const steps = place >= 0 ? magnitude / powerOfTen(place) : magnitude * powerOfTen(-place);
  return Math.floor(steps + 0.5);
}

/** The decimal place (a power of ten) that a value may be shown to. */
export function decimalPlace(value: number, low?: number | null, high?: number | null): number {
  const half = Math.max((high ?? value) - value, value - (low ?? value));
  if (value === 0) return half > 0 ? exponent(half) : 0;
  const threeDigits = exponent(value) - 2;
  let place = half > 0 ? Math.max(exponent(half), threeDigits) : threeDigits;
  const whole = Number.isInteger(value);
  place = Math.min(whole ? Math.max(place, 0) : place, exponent(value));
  const finest = whole ? Math.max(threeDigits, 0) : threeDigits;
  const alike = (end?: number | null) =>
    end !== undefined && end !== null && end !== value && shownAs(end, place) === shownAs(value, place);
  while (place > finest && (alike(low) || alike(high))) place -= 1;
  return place;
}

interface Known {
  value: number;
  low: number;
  high: number;
}

const shownAs = (value: number, place: number): number => Math.sign(value) * Number(`${roundedTo(place, value)}e${place}`);

/**
 * The decimal places of a column of figures that are ranked by value, so that none looks larger than one
 * ranked above it: where the finer of two neighbours would, it is written no finer than the other.
 */
export function columnPlaces(rows: readonly Known[]): number[] {
  const places = rows.map(({ value, low, high }) => decimalPlace(value, low, high));
  const order = rows.map((_, i) => i).sort((a, b) => rows[b]!.value - rows[a]!.value);
  const disagree = (a: number, b: number): boolean => {
    const [above, below] = [a, b].map((i) => shownAs(rows[i]!.value, places[i]!)) as [number, number];
    return rows[a]!.value === rows[b]!.value ? places[a] !== places[b] : above < below;
  };
  let settled = false;
  while (!settled) {
    settled = true;
    for (let k = 1; k < order.length; k++) {
      const [a, b] = [order[k - 1]!, order[k]!];
      if (!disagree(a, b)) continue;
      places[a] = places[b] = Math.max(places[a]!, places[b]!);
      settled = false;
    }
  }
  return places;
}

function grouped(digits: string, lang: Lang): string {
  const { group, groupFrom } = MARKS[lang];
  return digits.length < groupFrom ? digits : digits.replace(/\B(?=(\d{3})+$)/g, group);
}

/** A number of steps of a decimal place, in a column whose unit carries the prefix `scale`. */
function writtenSteps(steps: number, place: number, scale: number, lang: Lang): string {
  if (steps === 0) return '0';
  const shift = place - exponent(scale);
  const decimals = Math.max(0, -shift);
  const digits = (String(Math.abs(steps)) + '0'.repeat(Math.max(0, shift))).padStart(decimals + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - decimals), lang);
  const rest = decimals ? MARKS[lang].decimal + digits.slice(-decimals) : '';
  return (steps < 0 ? '\u2212' : '') + whole + rest;
}

/** A value written to a given decimal place, in a column whose unit carries the prefix `scale`. */
export const written = (value: number, place: number, scale = 1, lang: Lang = 'en'): string =>
  writtenSteps(Math.sign(value) * roundedTo(place, value), place, scale, lang);

/** A value as the site shows it. */
export function figure(
  value: number,
  low?: number | null,
  high?: number | null,
  scale = 1,
  lang: Lang = 'en',
): string {
  return written(value, decimalPlace(value, low, high), scale, lang);
}

/** A round number, such as the tick of an axis, with all its digits and none besides. */
export function exactly(value: number, scale = 1, lang: Lang = 'en'): string {
  // Twelve digits leave out the dust of binary fractions: 0.1 + 0.2 is 0.3.
  const [digits = '', power] = Math.abs(value).toExponential(11).split('e');
  const decimals = digits.replace(/\.?0+$/, '').slice(2).length;
  return written(value, Number(power) - decimals, scale, lang);
}

interface Steps {
  steps: number;
  place: number;
}

/** How often a power of ten goes into a value, upwards or downwards; exact, by its digits. */
function wholeSteps(value: number, place: number, up: boolean): number {
  const [mantissa = '', power] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const kept = Math.max(0, Number(power) - place + 1);
  const steps = Number(digits.slice(0, kept).padEnd(kept, '0') || 0);
  const more = /[1-9]/.test(digits.slice(kept)) && up === value > 0;
  return Math.sign(value) * (steps + (more ? 1 : 0));
}

/** An end to the digit after `place`, or its third digit, away from the value; never to zero. */
function outward(end: number, place: number, up: boolean): Steps {
  if (end === 0) return { steps: 0, place };
  const fine = Math.max(place - 1, exponent(end) - 2);
  const steps = wholeSteps(end, fine, up);
  return steps ? { steps, place: fine } : { steps: wholeSteps(end, exponent(end), up), place: exponent(end) };
}

const size = ({ steps, place }: Steps): number => Number(`${steps}e${place}`);

/** The same with fewer digits, where these are noughts; null where they are not. */
function coarser({ steps, place }: Steps, to: number): Steps | null {
  if (place >= to) return place === to || steps === 0 ? { steps, place } : { steps: steps * 10 ** (place - to), place: to };
  const fewer = steps / 10 ** (to - place);
  return Number.isInteger(fewer) ? { steps: fewer, place: to } : null;
}

/**
 * Both ends of an interval, outwards, a digit finer than its value is shown but of three at most. They
 * hold the value as it is shown, and an end that is not zero is not written as zero.
 */
export function ends(
  value: number,
  low: number,
  high: number,
  scale = 1,
  lang: Lang = 'en',
  place = decimalPlace(value, low, high),
): [string, string] {
  const shown: Steps = { steps: Math.sign(value) * roundedTo(place, value), place };
  const fine: [Steps, Steps] = [outward(low, place, false), outward(high, place, true)];
  const plain = fine.map((end) => coarser(end, place));
  const [first, last] = plain[0] && plain[1] ? [plain[0], plain[1]] : fine;
  const held = [size(shown) < size(first) ? shown : first, size(shown) > size(last) ? shown : last] as const;
  return [writtenSteps(held[0].steps, held[0].place, scale, lang), writtenSteps(held[1].steps, held[1].place, scale, lang)];
}
