/** Circles on the WGS84 ellipsoid: on a sphere a ring would be off by up to 0.4 %. */

import type { Position } from 'geojson';
import type { Place } from './view';

/** Semi-axes in metres, flattening: NIMA TR8350.2, table 3.1. */
const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const RADIANS = Math.PI / 180;

/**
 * Where one comes to, so many metres along the geodesic that sets out at a bearing (degrees from north,
 * clockwise). Vincenty's direct formula (Survey Review 23, 1975), good to less than a millimetre.
 */
export function destination(from: Place, bearing: number, metres: number): Place {
  const [sinAz, cosAz] = [Math.sin(bearing * RADIANS), Math.cos(bearing * RADIANS)];
  const tanU = (1 - F) * Math.tan(from.latitude * RADIANS);
  const cosU = 1 / Math.hypot(1, tanU);
  const sinU = tanU * cosU;
  const start = Math.atan2(tanU, cosAz);
  const sinAlpha = cosU * sinAz;
  const cosSqAlpha = 1 - sinAlpha ** 2;
  const uSq = (cosSqAlpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (uSq / 16384) * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq)));
  const b = (uSq / 1024) * (256 + uSq * (-128 + uSq * (74 - 47 * uSq)));

  let sigma = metres / (B * a);
  let cos2m = 0;
  for (let change = Infinity; Math.abs(change) > 1e-12; ) {
    cos2m = Math.cos(2 * start + sigma);
    const sin = Math.sin(sigma);
    const inner =
      Math.cos(sigma) * (2 * cos2m ** 2 - 1) - (b / 6) * cos2m * (4 * sin ** 2 - 3) * (4 * cos2m ** 2 - 3);
    const next = metres / (B * a) + b * sin * (cos2m + (b / 4) * inner);
    change = next - sigma;
    sigma = next;
  }

  const [sin, cos] = [Math.sin(sigma), Math.cos(sigma)];
  const across = sinU * sin - cosU * cos * cosAz;
  const latitude = Math.atan2(sinU * cos + cosU * sin * cosAz, (1 - F) * Math.hypot(sinAlpha, across));
  const lambda = Math.atan2(sin * sinAz, cosU * cos - sinU * sin * cosAz);
  const c = (F / 16) * cosSqAlpha * (4 + F * (4 - 3 * cosSqAlpha));
  const rest = sigma + c * sin * (cos2m + c * cos * (2 * cos2m ** 2 - 1));
  const longitude = lambda - (1 - c) * F * sinAlpha * rest;
  return { latitude: latitude / RADIANS, longitude: from.longitude + longitude / RADIANS };
}

/** The corners of a circle, counter-clockwise, the first repeated at the end. */
export function circle(centre: Place, metres: number, corners: number): Position[] {
  const ring = Array.from({ length: corners }, (_, i): Position => {
    const { latitude, longitude } = destination(centre, -(360 * i) / corners, metres);
    return [longitude, latitude];
  });
  return [...ring, ring[0]!];
}

/** What two convex rings have in common, both counter-clockwise and closed; empty where they do not meet. */
export function overlap(ring: Position[], within: Position[]): Position[] {
  let rest = ring.slice(0, -1);
  for (let i = 0; i + 1 < within.length && rest.length; i++) rest = leftOf(rest, within[i]!, within[i + 1]!);
  return rest.length < 3 ? [] : [...rest, rest[0]!];
}

/** The part of a convex outline to the left of a line (Sutherland and Hodgman, 1974). */
function leftOf(outline: Position[], [x0, y0]: Position, [x1, y1]: Position): Position[] {
  const side = ([x, y]: Position) => (x1! - x0!) * (y! - y0!) - (y1! - y0!) * (x! - x0!);
  const kept: Position[] = [];
  outline.forEach((here, i) => {
    const before = outline.at(i - 1)!;
    const [now, then] = [side(here), side(before)];
    if (now >= 0 !== then >= 0) {
      const share = then / (then - now);
      kept.push([before[0]! + share * (here[0]! - before[0]!), before[1]! + share * (here[1]! - before[1]!)]);
    }
    if (now >= 0) kept.push(here);
  });
  return kept;
}

/** The box around a circle: its corners in the southwest and the northeast. */
export function boundsOf(centre: Place, metres: number): [[number, number], [number, number]] {
  const [north, east, south, west] = [0, 90, 180, 270].map((bearing) => destination(centre, bearing, metres));
  return [
    [west!.longitude, south!.latitude],
    [east!.longitude, north!.latitude],
  ];
}
