/** Any place in the country, found by our own server: a ZIP code, a city, coordinates. */

import type { Suggestion } from './search';
import { type Spot, writePlace } from './view';

const LEAST_LETTERS = 3;

/** How long a pause in typing is taken for the end of it, in milliseconds. */
export const PAUSE = 250;

/** Is there enough of it to ask? */
export const isWorthAsking = (text: string): boolean => text.trim().length >= LEAST_LETTERS;

/** Each place once: two ZIP codes may share a post office. */
export function placesOf(spots: readonly Spot[]): Suggestion[] {
  const byKey = new Map(spots.map((spot) => [`${writePlace(spot)} ${spot.label}`, spot]));
  return [...byKey].map(([key, spot]) => ({ group: 'place', key, label: spot.label, spot }));
}
