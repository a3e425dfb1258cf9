/** The map itself: MapLibre behind a few verbs of our own. Loaded apart, after the list is on screen. */

import 'maplibre-gl/dist/maplibre-gl.css';
import { type GeoJSONSource, Map as MapLibre, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FeatureCollection, Feature } from 'geojson';
import type { Topology } from 'topojson-specification';
import type { MapPosition } from '../lib/view';
import { basemap, cityNames, countyLines, EDGE, HOME, landsSources, NEAR_ZOOM, PLACES, shapes } from './basemap';
import { stateNames, statesSources } from './basemap';
import { blank, glyph, PIXEL_RATIO } from './glyphs';
import { readPalette } from './palette';
import { only, OUTSTANDING, plantLayers, TOUCHABLE } from './plants';

setWorkerUrl(workerUrl);

export interface ChartOptions {
  container: HTMLElement;
  lang: string;
  label: string;
  industries: readonly string[];
  at: MapPosition | null;
  /** Pixels at the right that something else covers. */
  covered: number;
  atlas: (name: string) => Promise<Topology>;
  stateName: (code: string) => string;
  onhover: (plants: string[], point: { x: number; y: number }) => void;
  onopen: (plant: string) => void;
  onmove: (at: MapPosition | null) => void;
  onzoom: (zoom: number) => void;
  ondrawn: (plants: number) => void;
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');
const dark = matchMedia('(prefers-color-scheme: dark)');

const margin = (covered: number) => ({ top: 20, bottom: 20, left: 20, right: 20 + covered });

export class Chart {
  readonly map: MapLibre;
  readonly #options: ChartOptions;
  #atHome: boolean;
  #near = false;

  /** Resolves once the land is drawn and plants can be put on it. */
  static async open(options: ChartOptions): Promise<Chart> {
    // Labels are drawn with the page's own font, which has to be there before the first of them.
    const font = document.fonts.load('16px Inter');
    const [lands, states] = await Promise.all([options.atlas('lands'), options.atlas('states'), font]);
    const chart = new Chart(options);
    await chart.map.once('style.load');
    chart.#dress(lands, states);
    return chart;
  }

  private constructor(options: ChartOptions) {
    this.#options = options;
    this.#atHome = options.at === null;
    const { at, container, covered } = options;
    this.map = new MapLibre({
      container,
      style: basemap(readPalette(container)),
      ...(at
        ? { center: [at.longitude, at.latitude], zoom: at.zoom }
        : { bounds: HOME, fitBoundsOptions: { padding: margin(covered) } }),
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

  #dress(lands: Topology, states: Topology): void {
    const { map } = this;
    const { industries, lang, stateName } = this.#options;
    map.addSource('plants', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    this.#set({
      ...landsSources(lands),
      ...statesSources(states),
      'state-names': stateNames(states, stateName),
      cities: cityNames(lang),
    });
    const palette = readPalette(map.getContainer());
    map.addImage('blank', blank(), { pixelRatio: PIXEL_RATIO });
    for (const industry of industries)
      map.addImage(`glyph-${industry}`, glyph(industry, palette.of('land')), { pixelRatio: PIXEL_RATIO });
    for (const layer of plantLayers(palette, industries)) map.addLayer(layer);

    dark.addEventListener('change', () => this.#repaint());
    map.on('mousemove', (event) => this.#look(event.point));
    map.on('mouseout', () => this.#options.onhover([], { x: 0, y: 0 }));
    map.on('click', (event) => {
      const [plant] = this.#plantsAt(event.point, 6);
      // A tap is no hover: nothing would ever take the tip away again.
      this.#options.onhover([], { x: 0, y: 0 });
      if (plant) this.#options.onopen(plant);
    });
    map.on('resize', () => {
      if (this.#atHome) this.#goHome(this.#options.covered);
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

  #set(data: Record<string, FeatureCollection | Feature>): void {
    for (const [id, shape] of Object.entries(data)) this.map.getSource<GeoJSONSource>(id)!.setData(shape);
  }

  /** Full coasts, rivers and counties, once and only when looked at closely. */
  async #comeNear(): Promise<void> {
    if (this.#near) return;
    this.#near = true;
    try {
      const { atlas } = this.#options;
      const [near, counties] = await Promise.all([atlas('near'), atlas('counties-10m')]);
      this.#set({
        ...landsSources(near),
        rivers: shapes(near, 'rivers'),
        counties: countyLines(counties),
        ...statesSources(counties),
      });
    } catch {
      // The simpler shapes stay; the next close look tries again.
      this.#near = false;
    }
  }

  #repaint(): void {
    const palette = readPalette(this.map.getContainer());
    const { industries } = this.#options;
    for (const industry of industries) this.map.updateImage(`glyph-${industry}`, glyph(industry, palette.of('land')));
    for (const layer of [...basemap(palette).layers, ...plantLayers(palette, industries)])
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        this.map.setPaintProperty(layer.id, name as 'fill-color', value as string);
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

  #report(): void {
    const { lat, lng } = this.map.getCenter();
    this.#atHome = false;
    this.#options.onmove({ latitude: lat, longitude: lng, zoom: this.map.getZoom() });
  }

  show(plants: FeatureCollection): void {
    this.#set({ plants });
  }

  mark(which: 'hovered' | 'selected', plant: string | null): void {
    this.map.setFilter(OUTSTANDING[which], only(plant));
    if (which === 'selected') this.map.setFilter(OUTSTANDING.halo, only(plant));
  }

  /** Moves no more than it takes to bring a place into sight. */
  reveal(longitude: number, latitude: number, covered: number): void {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { x, y } = this.map.project([longitude, latitude]);
    const edge = 48;
    const short = (at: number, length: number) => at - Math.min(Math.max(at, edge), length - edge);
    const by: [number, number] = [short(x, clientWidth - covered), short(y, clientHeight)];
    if (by[0] === 0 && by[1] === 0) return;
    this.map.panBy(by, { duration: calm.matches ? 0 : 400 });
    this.map.once('moveend', () => this.#report());
  }

  goTo(place: keyof typeof PLACES, covered: number): void {
    this.map.fitBounds(PLACES[place], {
      padding: margin(covered),
      duration: calm.matches ? 0 : 700,
    });
    this.map.once('moveend', () => {
      if (place !== 'lower48') return this.#report();
      this.#atHome = true;
      this.#options.onmove(null);
    });
  }

  zoomBy(step: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + step, duration: calm.matches ? 0 : 250 });
    this.map.once('moveend', () => this.#report());
  }

  /** The address says where to look (back, forward). */
  lookAt(at: MapPosition | null, covered: number): void {
    if (at) {
      this.#atHome = false;
      const { lat, lng } = this.map.getCenter();
      const here = Math.hypot(lat - at.latitude, lng - at.longitude) < 1e-3 && Math.abs(this.map.getZoom() - at.zoom) < 0.02;
      if (!here) this.map.jumpTo({ center: [at.longitude, at.latitude], zoom: at.zoom });
    } else if (!this.#atHome) {
      this.#goHome(covered);
    }
  }

  #goHome(covered: number): void {
    this.#atHome = true;
    this.map.fitBounds(HOME, { padding: margin(covered), duration: 0 });
  }

  /** The canvas as a picture, for paper; none in the dark, whose colours do not belong there. */
  picture(): string {
    if (dark.matches) return '';
    this.map.redraw();
    return this.map.getCanvas().toDataURL('image/png');
  }

  close(): void {
    this.map.remove();
  }
}
