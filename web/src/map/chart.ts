/** The map itself: MapLibre behind a few verbs of our own. Loaded apart, after the list is on screen. */

import 'maplibre-gl/dist/maplibre-gl.css';
import { LngLat, Map as MapLibre, type PaddingOptions, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FeatureCollection } from 'geojson';
import { boundsOf } from '../lib/geodesy';
import { MILE, REACH } from '../lib/reach';
import { type MapPosition, type Place, roundedPosition, samePosition } from '../lib/view';
import { basemap, EDGE, HOME, isOnMap, NEAR_ZOOM, PLACES } from './basemap';
import { dress, dressNear, put, repaint, type Wardrobe } from './dress';
import { type Palette, readPalette } from './palette';
import { glyphOf, only, OUTSTANDING, TOUCHABLE } from './plants';

setWorkerUrl(workerUrl);

export interface ChartOptions extends Wardrobe {
  container: HTMLElement;
  label: string;
  at: MapPosition | null;
  /** The open plant or place, whose surroundings are shown where `at` says nothing. */
  near: Place | null;
  /** Pixels at the right that something else covers now. */
  covered: () => number;
  onhover: (plants: string[], point: { x: number; y: number }) => void;
  onopen: (plant: string) => void;
  /** A place without a plant was pressed; null asks for the middle of what is seen, from the keyboard. */
  onplace: (place: Place | null) => void;
  onmove: (at: MapPosition | null) => void;
  /** The map comes closer to what was opened; it is not there yet. */
  onfly: (to: MapPosition) => void;
  onzoom: (zoom: number) => void;
  ondrawn: (plants: number) => void;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

/** A second press within so many milliseconds means to zoom. */
const DOUBLE = 280;

/** Pixels left free around what is to be seen. */
const EDGE_ROOM = 20;

/** What lies over the map above and below a place that is shown with all around it. */
const CONTROLS = { top: 76, bottom: 44 };

export class Chart {
  readonly map: MapLibre;
  readonly #options: ChartOptions;
  #atHome: boolean;
  #near = false;
  #sheer = false;
  /** Counts the moves, to know which of them an arrival belongs to. */
  #trip = 0;
  /** Where the map is flying to. */
  #bound: MapPosition | null = null;
  #press: ReturnType<typeof setTimeout> | undefined;
  /** Ends whatever the map listens to beyond itself. */
  readonly #closed = new AbortController();

  /** What else lies on the map may take a press for itself, and is repainted when the light changes. */
  extra: { takes(point: { x: number; y: number }): boolean; repaint(palette: Palette): void } | null = null;

  /** Resolves once the land is drawn and plants can be put on it. */
  static async open(options: ChartOptions): Promise<Chart> {
    // Labels are drawn with the page's own font, which has to be there before the first of them.
    const font = document.fonts.load('16px Inter');
    const [lands, states] = await Promise.all([options.atlas('lands'), options.atlas('states'), font]);
    const chart = new Chart(options);
    await chart.map.once('style.load');
    dress(chart.map, options, lands, states);
    chart.#listen();
    return chart;
  }

  private constructor(options: ChartOptions) {
    this.#options = options;
    const { at, container } = options;
    const near = options.near && isOnMap(options.near) ? options.near : null;
    this.#atHome = !at && !near;
    this.map = new MapLibre({
      container,
      style: basemap(readPalette(container)),
      ...(at
        ? { center: [at.longitude, at.latitude], zoom: at.zoom }
        : { bounds: near ? boundsOf(near, REACH * MILE) : HOME, fitBoundsOptions: { padding: this.#margin(near ? CONTROLS : {}) } }),
      maxBounds: EDGE,
      minZoom: 1.5,
      maxZoom: 11,
      renderWorldCopies: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      rollEnabled: false,
      attributionControl: false,
      fadeDuration: calm.matches ? 0 : 150,
      locale: { 'Map.Title': options.label },
    });
    this.map.getCanvas().setAttribute('aria-describedby', 'map-hint');
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
  }

  /** Pixels at each edge that are not to be used: at most so many that a third of the map is left. */
  #margin({ top = 0, bottom = 0 } = {}): PaddingOptions {
    const { clientWidth, clientHeight } = this.#options.container;
    const room = { top: EDGE_ROOM + top, bottom: EDGE_ROOM + bottom, left: EDGE_ROOM, right: EDGE_ROOM + this.#options.covered() };
    const least = Math.min(1, clientWidth / (room.left + room.right) / 1.5, clientHeight / (room.top + room.bottom) / 1.5);
    return { top: room.top * least, bottom: room.bottom * least, left: room.left * least, right: room.right * least };
  }

  #listen(): void {
    const { map } = this;
    dark.addEventListener('change', () => this.#repaint(), { signal: this.#closed.signal });
    map.on('mousemove', (event) => this.#look(event.point));
    map.on('mouseout', () => this.#options.onhover([], { x: 0, y: 0 }));
    map.on('click', (event) => {
      const [plant] = this.#plantsAt(event.point, 6);
      // A tap is no hover: nothing would ever take the tip away again.
      this.#options.onhover([], { x: 0, y: 0 });
      if (plant) return this.#options.onopen(plant);
      if (this.extra?.takes(event.point)) return;
      clearTimeout(this.#press);
      const { lat: latitude, lng: longitude } = event.lngLat;
      this.#press = setTimeout(() => this.#options.onplace({ latitude, longitude }), DOUBLE);
    });
    // What turned out to be the beginning of something else opens nothing.
    for (const begun of ['dblclick', 'movestart'] as const) map.on(begun, () => clearTimeout(this.#press));
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#options.onplace(null);
    });
    map.on('resize', () => {
      if (this.#atHome) this.#goHome();
    });
    map.on('zoom', () => this.#options.onzoom(map.getZoom()));
    map.on('idle', () => this.#options.ondrawn(this.#drawn()));
    map.on('moveend', (event) => {
      if (map.getZoom() >= NEAR_ZOOM) void this.#comeNear();
      // A move by hand, and not a fit of our own.
      if ('originalEvent' in event && event.originalEvent) this.#report();
    });
    this.#options.onzoom(map.getZoom());
    if (map.getZoom() >= NEAR_ZOOM) void this.#comeNear();
  }

  /** Full coasts, rivers and counties, once and only when looked at closely. */
  async #comeNear(): Promise<void> {
    if (this.#near) return;
    this.#near = true;
    // Where they do not come the simpler shapes stay, and the next close look tries again.
    await dressNear(this.map, this.#options).catch(() => (this.#near = false));
  }

  #repaint(): void {
    this.extra?.repaint(repaint(this.map, this.#options, this.#sheer));
  }

  /** Lets what lies below the plants shine through, or not any more. */
  set sheer(now: boolean) {
    if (now === this.#sheer) return;
    this.#sheer = now;
    this.map.setLayoutProperty('plant-glyphs', 'icon-image', glyphOf(now));
    this.#repaint();
  }

  /** How many plants are really on screen. */
  #drawn(): number {
    const found = this.map.queryRenderedFeatures({ layers: TOUCHABLE });
    return new Set(found.map((feature) => feature.properties['id'] as string)).size;
  }

  #plantsAt({ x, y }: { x: number; y: number }, reach: number): string[] {
    const hits = this.map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: TOUCHABLE });
    return [...new Set(hits.map((hit) => hit.properties['id'] as string))];
  }

  #look(point: { x: number; y: number }): void {
    const plants = this.#plantsAt(point, 2);
    this.map.getCanvas().style.cursor = plants.length ? 'pointer' : '';
    this.#options.onhover(plants, { x: point.x, y: point.y });
  }

  get position(): MapPosition {
    const { lat: latitude, lng: longitude } = this.map.getCenter();
    return { latitude, longitude, zoom: this.map.getZoom() };
  }

  #report(): void {
    this.#atHome = false;
    this.#options.onmove(this.position);
  }

  show(plants: FeatureCollection): void {
    put(this.map, { plants });
  }

  mark(which: 'hovered' | 'selected', plant: string | null): void {
    this.map.setFilter(OUTSTANDING[which], only(plant));
    if (which === 'selected') this.map.setFilter(OUTSTANDING.halo, only(plant));
  }

  /** After a move of our own; where motion is unwelcome it has already ended. */
  #arrived(then: () => void): void {
    const trip = ++this.#trip;
    if (!this.map.isMoving()) return then();
    // Whoever looks elsewhere in the meantime does not arrive.
    this.map.once('moveend', () => trip === this.#trip && then());
  }

  /** How much of the map, from its left and top, can be seen. */
  #sight(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.map.getContainer();
    return { width: clientWidth - this.#options.covered(), height: clientHeight };
  }

  /** Whether a place is in sight, and at least a share of its width and height away from every edge. */
  sees({ longitude, latitude }: Place, share = 0): boolean {
    const { width, height } = this.#sight();
    const { x, y } = this.map.project([longitude, latitude]);
    return Math.abs(x / width - 0.5) <= 0.5 - share && Math.abs(y / height - 0.5) <= 0.5 - share;
  }

  /** Puts a place in the middle of what can be seen, unless it stands well within it. */
  reveal(place: Place): void {
    if (this.sees(place, 0.15)) return;
    const { width, height } = this.#sight();
    const { x, y } = this.map.project([place.longitude, place.latitude]);
    this.map.panBy([x - width / 2, y - height / 2], { duration: calm.matches ? 0 : 400 });
    this.#arrived(() => this.#report());
  }

  /** The middle of what can be seen. */
  middle(): Place {
    const { width, height } = this.#sight();
    const { lat, lng } = this.map.unproject([width / 2, height / 2]);
    return { latitude: lat, longitude: lng };
  }

  /** All of the widest ring around a place, as large as it fits. The address says so before the map is there. */
  surround(place: Place): void {
    const box = isOnMap(place) && boundsOf(place, REACH * MILE);
    const camera = box ? this.map.cameraForBounds(box, { padding: this.#margin(CONTROLS) }) : undefined;
    if (camera?.center === undefined || camera.zoom === undefined) return;
    const { lat: latitude, lng: longitude } = LngLat.convert(camera.center);
    this.#atHome = false;
    this.#bound = roundedPosition({ latitude, longitude, zoom: camera.zoom });
    this.map.flyTo({ ...camera, duration: calm.matches ? 0 : 900 });
    this.#options.onfly(this.#bound);
  }

  goTo(place: keyof typeof PLACES): void {
    this.map.fitBounds(PLACES[place], { padding: this.#margin(), duration: calm.matches ? 0 : 700 });
    this.#arrived(() => {
      if (place !== 'lower48') return this.#report();
      this.#atHome = true;
      this.#options.onmove(null);
    });
  }

  zoomBy(step: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + step, duration: calm.matches ? 0 : 250 });
    this.#arrived(() => this.#report());
  }

  /** The address says where to look (back, forward). */
  lookAt(at: MapPosition | null): void {
    if (at) {
      this.#atHome = false;
      if (this.map.isMoving() && this.#bound && samePosition(at, this.#bound)) return;
      this.#bound = null;
      const { lat, lng } = this.map.getCenter();
      const here = Math.hypot(lat - at.latitude, lng - at.longitude) < 1e-3 && Math.abs(this.map.getZoom() - at.zoom) < 0.02;
      if (here) return;
      this.#trip++;
      this.map.jumpTo({ center: [at.longitude, at.latitude], zoom: at.zoom });
    } else if (!this.#atHome) {
      this.#goHome();
    }
  }

  #goHome(): void {
    this.#atHome = true;
    this.#trip++;
    this.map.fitBounds(HOME, { padding: this.#margin(), duration: 0 });
  }

  /** The canvas as a picture, for paper; none in the dark, whose colours do not belong there. */
  picture(): string {
    if (dark.matches) return '';
    this.map.redraw();
    return this.map.getCanvas().toDataURL('image/png');
  }

  close(): void {
    clearTimeout(this.#press);
    this.#closed.abort();
    this.map.remove();
  }
}
