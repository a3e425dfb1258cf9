/** What surrounds a plant or a place, drawn: shaded discs, rings, other emitters. Loaded when one is opened. */

import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map as MapLibre, Subscription } from 'maplibre-gl';
import { point } from '../lib/around';
import { SIGHT } from '../lib/reach';
import { TONES, tones } from '../lib/shade';
import type { Place } from '../lib/view';
import type { Chart } from './chart';
import { image, PIXEL_RATIO } from './glyphs';
import { FONT, type Palette, readPalette } from './palette';
import { only } from './plants';

const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

const SOURCES = ['discs', 'rings', 'ring-labels', 'emitters', 'place'] as const;
type Source = (typeof SOURCES)[number];

/** Sides of the images in pixels of the map. */
const HATCH = 6;
const MARK = 7;

/** Each group of layers, and the layer of the map that it goes below. */
type Stack = [below: string | undefined, layers: LayerSpecification[]];

const toneOf = (palette: Palette, shades: readonly string[]): ExpressionSpecification =>
  ['match', ['get', 'class'], ...shades.flatMap((shade, i) => [i, shade]), palette.of('land')] as unknown as ExpressionSpecification;

function stacks(palette: Palette, shades: readonly string[]): Stack[] {
  const ink = palette.of;
  const halo = { 'text-halo-color': ink('land'), 'text-halo-width': 1.6 };
  return [
    [
      'rivers',
      [
        {
          id: 'disc-fills', type: 'fill', source: 'discs', minzoom: SIGHT, filter: ['>=', ['get', 'class'], 0],
          paint: { 'fill-color': toneOf(palette, shades), 'fill-antialias': false },
        },
        {
          id: 'disc-hatches', type: 'fill', source: 'discs', minzoom: SIGHT, filter: ['<', ['get', 'class'], 0],
          paint: { 'fill-pattern': 'hatch' },
        },
        {
          id: 'disc-lines', type: 'line', source: 'discs', minzoom: SIGHT,
          paint: {
            'line-color': ink('land'), 'line-opacity': 0.55,
            'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.2, 11, 0.9],
          },
        },
      ],
    ],
    [
      'state-names',
      [
        {
          id: 'rings', type: 'line', source: 'rings', minzoom: SIGHT,
          paint: { 'line-color': ink('ink'), 'line-opacity': 0.6, 'line-width': 1.1, 'line-dasharray': [3, 3] },
        },
      ],
    ],
    [
      'plant-names',
      [
        {
          id: 'emitter-names', type: 'symbol', source: 'emitters', minzoom: 9.6,
          layout: {
            'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 10.5, 'text-max-width': 11,
            'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-justify': 'auto',
            'text-radial-offset': 0.6, 'text-padding': 4, 'symbol-sort-key': ['-', 0, ['get', 'value']],
          },
          paint: { 'text-color': ink('quiet'), ...halo },
        },
        {
          id: 'ring-labels', type: 'symbol', source: 'ring-labels', minzoom: SIGHT,
          layout: {
            'text-field': ['get', 'text'], 'text-font': FONT, 'text-size': 11,
            // The widest ring's label is the one that is read first.
            'symbol-sort-key': ['-', 0, ['get', 'miles']], 'text-padding': 1,
          },
          paint: { 'text-color': ink('ink'), ...halo, 'text-halo-width': 2.2 },
        },
      ],
    ],
    [
      'plant-halo',
      [
        {
          id: 'emitters', type: 'symbol', source: 'emitters', minzoom: SIGHT,
          layout: { 'icon-image': 'emitter', 'icon-allow-overlap': true, 'icon-padding': 0 },
        },
        {
          id: 'emitter-marked', type: 'circle', source: 'emitters', filter: only(null),
          paint: {
            'circle-radius': 8, 'circle-color': 'rgba(0, 0, 0, 0)',
            'circle-stroke-width': 2, 'circle-stroke-color': ink('ink'),
          },
        },
      ],
    ],
    [
      undefined,
      [
        {
          id: 'place-halo', type: 'circle', source: 'place',
          paint: { 'circle-radius': 13, 'circle-color': ink('here'), 'circle-opacity': 0.16 },
        },
        {
          id: 'place', type: 'circle', source: 'place',
          paint: {
            'circle-radius': 5.5, 'circle-color': ink('here'),
            'circle-stroke-width': 2, 'circle-stroke-color': ink('land'),
          },
        },
      ],
    ],
  ];
}

/** Slanted lines: something is here, and nothing is known of it. */
const hatch = (palette: Palette): ImageData =>
  image(HATCH, (context) => {
    const side = HATCH * PIXEL_RATIO;
    context.fillStyle = palette.of('land');
    context.fillRect(0, 0, side, side);
    context.strokeStyle = palette.of('quiet');
    context.globalAlpha = 0.7;
    context.lineWidth = 1.6;
    context.beginPath();
    for (const shift of [-side, 0, side]) {
      context.moveTo(shift - 2, side + 2);
      context.lineTo(shift + side + 2, -2);
    }
    context.stroke();
  });

const mark = (palette: Palette): ImageData =>
  image(MARK, (context) => {
    const side = MARK * PIXEL_RATIO;
    context.fillStyle = palette.of('land');
    context.fillRect(0, 0, side, side);
    context.fillStyle = palette.of('quiet');
    context.fillRect(2, 2, side - 4, side - 4);
  });

export interface SurroundingsOptions {
  chart: Chart;
  /** The pointer is over an emitter, or over none any more. */
  onemitter: (id: string | null) => void;
  /** Block groups really on screen, for the tests. */
  ondrawn: (discs: number) => void;
}

export class Surroundings {
  readonly #map: MapLibre;
  readonly #options: SurroundingsOptions;
  readonly #listening: Subscription[];
  #classes = 1;
  #pointed: string | null = null;

  constructor(options: SurroundingsOptions) {
    this.#options = options;
    const { chart } = options;
    const map = (this.#map = chart.map);
    const palette = readPalette(map.getContainer());
    for (const id of SOURCES) map.addSource(id, { type: 'geojson', data: NOTHING, tolerance: 0.1 });
    map.addImage('hatch', hatch(palette), { pixelRatio: PIXEL_RATIO });
    map.addImage('emitter', mark(palette), { pixelRatio: PIXEL_RATIO });
    for (const [below, layers] of stacks(palette, this.#shades(palette)))
      for (const layer of layers) map.addLayer(layer, below);
    chart.extra = {
      takes: (at) => this.#point(at, 6),
      repaint: (now) => this.#repaint(now),
    };
    const leave = () => options.onemitter((this.#pointed = null));
    this.#listening = [
      map.on('mousemove', ({ point: at }) => {
        if (this.#point(at, 2)) map.getCanvas().style.cursor = 'pointer';
      }),
      map.on('mouseout', leave),
      map.on('movestart', leave),
      map.on('idle', () => options.ondrawn(this.#drawn())),
    ];
  }

  #drawn(): number {
    const found = this.#map.queryRenderedFeatures({ layers: ['disc-fills', 'disc-hatches'] });
    return new Set(found.map((feature) => feature.properties['id'] as string)).size;
  }

  #point({ x, y }: { x: number; y: number }, reach: number): boolean {
    const box: [[number, number], [number, number]] = [[x - reach, y - reach], [x + reach, y + reach]];
    const [hit] = this.#map.queryRenderedFeatures(box, { layers: ['emitters'] });
    const id = (hit?.properties['id'] as string | undefined) ?? null;
    if (id !== this.#pointed) this.#options.onemitter((this.#pointed = id));
    return id !== null;
  }

  /** The tones of the classes there are. */
  #shades(palette: Palette): string[] {
    return tones(this.#classes).map((tone) => palette.shades[tone] ?? palette.shades[TONES - 1]!);
  }

  #repaint(palette: Palette): void {
    const map = this.#map;
    map.updateImage('hatch', hatch(palette));
    map.updateImage('emitter', mark(palette));
    for (const [, layers] of stacks(palette, this.#shades(palette)))
      for (const layer of layers)
        for (const [name, value] of Object.entries(layer.paint ?? {}))
          map.setPaintProperty(layer.id, name as 'fill-color', value as string);
  }

  #set(source: Source, data: FeatureCollection | null): void {
    this.#map.getSource<GeoJSONSource>(source)?.setData(data ?? NOTHING);
  }

  /** Marks a place of the reader's choice; a plant has its own circle. */
  place(at: Place | null): void {
    this.#set('place', at && { type: 'FeatureCollection', features: [point(at, {})] });
  }

  rings(lines: FeatureCollection | null, labels: FeatureCollection | null): void {
    this.#set('rings', lines);
    this.#set('ring-labels', labels);
  }

  /** Null takes them away. */
  discs(data: FeatureCollection | null, classes: number): void {
    this.#classes = Math.max(1, classes);
    const palette = readPalette(this.#map.getContainer());
    this.#map.setPaintProperty('disc-fills', 'fill-color', toneOf(palette, this.#shades(palette)));
    this.#set('discs', data);
  }

  emitters(data: FeatureCollection | null): void {
    this.#set('emitters', data);
  }

  /** One emitter stands out; returns where it is on screen. */
  mark(id: string | null, at: Place | null): { x: number; y: number } | null {
    this.#map.setFilter('emitter-marked', only(id));
    return id === null || at === null ? null : this.#map.project([at.longitude, at.latitude]);
  }

  /** Lets go of the map, which is about to go too. */
  close(): void {
    for (const one of this.#listening) one.unsubscribe();
    this.#options.chart.extra = null;
  }
}
