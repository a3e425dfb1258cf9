/** How far one looks around a plant or a place, in miles; a mile in metres. */

export const MILE = 1609.344;

/** What the server counts people within, in miles, and how many radii at once. */
export const LEAST = 0.1;
export const MOST = 50;
export const MOST_RADII = 20;

/** The rings; the widest is as far as plants and emitters are looked for. */
export const RINGS = [1, 3, 5, 10] as const;
export const REACH = 10;

/** Below this zoom of the map ten miles are a speck, and nothing of it is drawn. */
export const SIGHT = 6.5;

/** From this zoom on, what surrounds a place can be told apart, and a press means the place that it seems to mean. */
export const CLOSE = 8;

/** As far as block groups are shaded. */
export const SHADED = 5;
