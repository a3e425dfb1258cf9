import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boundsOf, circle, destination, overlap } from './geodesy';
import { MILE, RINGS } from './reach';
import type { Place } from './view';

/** Answers of Karney's algorithm (pyproj 3.7, Geod(ellps="WGS84").fwd), which shares nothing with Vincenty's. */
const KARNEY: [number, number, number, number, number, number][] = [
  [41.61, -87.33, 37, 1609.344, 41.621571642, -87.318378577],
  [41.61, -87.33, 90, 16093.44, 41.609837879, -87.136928606],
  [64.8378, -147.7164, 215, 8046.72, 64.778646348, -147.813432618],
  [18.0111, -66.6141, 301, 4828.032, 18.033562678, -66.653184231],
  [-33.9, 151.2, 10, 16093.44, -33.757109131, 151.23016392],
  [0, -78.5, 180, 16093.44, -0.145544156, -78.5],
  [40.4, -79.86, 0, 4023360, 76.526233578, -79.86],
];

/** Straight through the earth, from both places' earth-centred coordinates: for miles as good as along it. */
function chord(a: Place, b: Place): number {
  const xyz = ({ latitude, longitude }: Place) => {
    const [lat, lon] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    const e2 = 0.00669437999014132;
    const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
    return [n * Math.cos(lat) * Math.cos(lon), n * Math.cos(lat) * Math.sin(lon), n * (1 - e2) * Math.sin(lat)];
  };
  const [p, q] = [xyz(a), xyz(b)];
  return Math.hypot(...p.map((x, i) => x - q[i]!));
}

const PLACES: Place[] = [
  { latitude: 41.61, longitude: -87.33 },
  { latitude: 70.2, longitude: -148.5 },
  { latitude: 18.01, longitude: -66.61 },
  { latitude: 0, longitude: -150 },
  { latitude: -44, longitude: -20 },
];
const placeOf = ([longitude, latitude]: Position): Place => ({ latitude: latitude!, longitude: longitude! });

it.each(KARNEY)('from %d, %d at %d° for %d m one comes to where Karney comes to', (lat, lon, bearing, metres, toLat, toLon) => {
  const { latitude, longitude } = destination({ latitude: lat, longitude: lon }, bearing, metres);
  expect([latitude, longitude].map((n) => n.toFixed(8))).toEqual([toLat, toLon].map((n) => n.toFixed(8)));
});

describe('a circle', () => {
  it('has every corner at its distance, by a formula of its own', () => {
    for (const place of PLACES)
      for (const miles of RINGS)
        for (const corner of circle(place, miles * MILE, 36))
          expect(Math.abs(chord(place, placeOf(corner)) / (miles * MILE) - 1)).toBeLessThan(1e-6);
  });

  it('is closed and runs counter-clockwise', () => {
    const ring = circle(PLACES[0]!, 5000, 24);
    expect(ring).toHaveLength(25);
    expect(ring[24]).toEqual(ring[0]);
    expect(area(ring)).toBeGreaterThan(0);
  });

  it('fits its box, and touches all sides of it', () => {
    for (const place of PLACES) {
      const [[west, south], [east, north]] = boundsOf(place, 10 * MILE);
      const ring = circle(place, 10 * MILE, 720);
      const [xs, ys] = [ring.map(([x]) => x!), ring.map(([, y]) => y!)];
      const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      [west, south, east, north].forEach((side, i) => expect(side).toBeCloseTo(box[i]!, 3));
    }
  });
});

/** Twice the area in square degrees; positive where the ring runs counter-clockwise. */
function area(ring: Position[]): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0]! * y! - x! * ring[i]![1]!, 0);
}

describe('the overlap of two circles', () => {
  const centre = PLACES[0]!;
  const large = circle(centre, 8000, 256);
  const at = (metres: number) => circle(destination(centre, 60, metres), 1000, 256);

  it('is the small one where it lies within, and nothing where it lies outside', () => {
    expect(area(overlap(at(5000), large))).toBeCloseTo(area(at(5000)), 12);
    expect(overlap(at(9500), large)).toEqual([]);
  });

  it('has the area of the lens in between', () => {
    // Two circles, radii R and r, middles d apart: the classical formula, in the plane.
    const [R, r] = [8000, 1000];
    for (const d of [7200, 7700, 8000, 8400, 8900]) {
      const lens =
        r ** 2 * Math.acos((d ** 2 + r ** 2 - R ** 2) / (2 * d * r)) +
        R ** 2 * Math.acos((d ** 2 + R ** 2 - r ** 2) / (2 * d * R)) -
        0.5 * Math.sqrt((-d + r + R) * (d + r - R) * (d - r + R) * (d + r + R));
      const share = area(overlap(at(d), large)) / area(at(d));
      expect(Math.abs(share - lens / (Math.PI * r ** 2))).toBeLessThan(2e-3);
    }
  });
});
