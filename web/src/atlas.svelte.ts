/** The one living state of the app: what the address says, what the server gave, what is drawn. */

import { createContext } from 'svelte';
import type { Server } from './lib/data';
import { columnPlaces } from './lib/figure';
import { figuresIn, nearestYear } from './lib/model';
import type { Facility, Plants, Quantity, QuantityFigures } from './lib/model';
import { countBy, type Filters, haystack, passes, rank } from './lib/rank';
import { columnUnit } from './lib/scale';
import { changed, readPlace, readView, roundedPosition, type View, vocabularyOf, writePlace, writeView } from './lib/view';
import type { MapPosition, Place } from './lib/view';
import type { Speaker } from './lib/words';

export class Atlas {
  readonly plants: Plants;
  readonly quantities: Quantity[];
  /** The industries, those of the most plants first. */
  readonly industries: readonly string[];
  readonly byId: ReadonlyMap<string, Facility>;
  readonly #known;
  readonly #hay: ReadonlyMap<string, string>;

  view: View = $state.raw()!;
  /** The figures on screen. After a change of quantity the old ones stay until the new ones are here. */
  shown: QuantityFigures | null = $state.raw(null);
  failed: boolean = $state(false);
  /** The plant under the pointer or the keyboard focus, in the list or on the map. */
  hovered: string | null = $state(null);
  /** What the report on the open place calls itself, once it is here. */
  report: string = $state('');
  /** The place whose report is here and that people were looked for around. */
  counted: string | null = $state(null);
  /** Counts the plants that a reader has opened; one that an address names is where that address looks. */
  openings: number = $state(0);
  /** Where the map looked before it came closer to what is open; null once somebody has moved it since. */
  #before: { at: MapPosition | null } | null = null;

  constructor(
    plants: Plants,
    quantities: Quantity[],
    readonly server: Server,
    readonly speaker: Speaker,
  ) {
    this.plants = plants;
    this.quantities = quantities.filter((q) => q.mappable).sort((a, b) => a.sort - b.sort);
    this.industries = [...countBy(plants.facilities, 'industry').keys()];
    this.byId = new Map(plants.facilities.map((f) => [f.facility_id, f]));
    this.#known = vocabularyOf(plants, quantities);
    this.#hay = new Map(plants.facilities.map((f) => [f.facility_id, haystack(f, this.stateName(f.state))]));
    this.view = readView(location.search, this.#known);
    void this.#begin();
    addEventListener('popstate', () => {
      this.#before = null;
      this.view = readView(location.search, this.#known);
      void this.#show(this.view.quantity);
    });
  }

  quantity = $derived.by(() => this.quantities.find((q) => q.quantity === this.shown?.quantity) ?? null);

  // One by one, so that looking around on the map does not filter and rank anew.
  #industries = $derived(this.view.industries);
  #states = $derived(this.view.states);
  #company = $derived(this.view.company);
  #route = $derived(this.view.route);
  #status = $derived(this.view.status);
  #reference = $derived(this.view.reference);
  #find = $derived(this.view.find);
  #year = $derived(this.view.year);
  /** The year of route and status: null, the latest known, where the last of the years is shown. */
  kindYear = $derived.by(() => (this.#year === this.plants.years.at(-1) ? null : this.#year));
  #lowestFirst = $derived(this.view.lowestFirst);
  table = $derived(this.view.table);
  plant = $derived(this.view.plant);
  rings = $derived(this.view.rings);
  others = $derived(this.view.others);
  shade = $derived(this.view.shade);
  /** The open place as an address writes it: equal places are equal texts. */
  #near = $derived(this.view.near && writePlace(this.view.near));
  near = $derived.by(() => readPlace(this.#near));
  miles = $derived(this.view.miles);
  /** A plant or a place lies open beside the map. */
  open = $derived.by(() => this.plant !== null || this.#near !== null);
  /** The middle of what is open, where the map can show it. */
  focus: Place | null = $derived.by(() => {
    const open = this.plant === null ? this.near : this.byId.get(this.plant);
    if (!open || open.latitude === null || open.longitude === null) return null;
    return { latitude: open.latitude, longitude: open.longitude };
  });
  at = $derived(this.view.at);
  /** What the map shows all around of, unless the address says where else it looks. */
  surrounded: Place | null = $derived.by(() => (this.near || this.rings || this.shade ? this.focus : null));

  #filters = $derived({
    industries: this.#industries,
    states: this.#states,
    company: this.#company,
    route: this.#route,
    status: this.#status,
    reference: this.#reference,
    find: this.#find,
  });
  listed = $derived.by(() => this.#passing(this.#filters));
  figures = $derived.by(() => (this.shown ? figuresIn(this.shown, this.#year) : new Map()));
  ranking = $derived.by(() => rank(this.listed, this.figures, this.#lowestFirst));
  /** How far the figures of the ranked plants are written out, so that none looks out of its rank. */
  places = $derived.by(() => columnPlaces(this.ranking.ranked.map((row) => row.figure)));

  /** The axis spans all years of what is listed, so that nothing jumps while the years pass. */
  axis = $derived.by(() => {
    let from = 0;
    let to = 0;
    const ids = new Set(this.listed.map((f) => f.facility_id));
    for (const figures of this.shown?.byYear.values() ?? []) {
      for (const [id, { low, high }] of figures) {
        if (!ids.has(id)) continue;
        from = Math.min(from, low);
        to = Math.max(to, high);
      }
    }
    return { from, to: to > from ? to : from + 1 };
  });

  // Where nothing is listed the circles of the legend are still those of all plants.
  unit = $derived.by(() =>
    columnUnit(this.shown?.unit ?? '', this.ranking.ranked.length ? this.axis.to : (this.shown?.largest ?? 0)),
  );
  unitText = $derived.by(() => this.speaker.unit(this.unit.unit, this.unit.scale));

  /** The report on a place is here. */
  answered(place: Place, heading: string, counted: boolean): void {
    this.report = heading;
    this.counted = counted ? writePlace(place) : null;
  }

  stateName = (code: string | null): string => (code === null ? '' : this.speaker.name('state', code));

  companyName = (id: string): string => this.plants.companies.find((c) => c.company_id === id)?.name ?? id;

  label = (quantity: Quantity): string => quantity.label[this.speaker.lang];

  /** What would be listed if one part of the filter were different: the counts beside the choices. */
  wouldList = (change: Partial<Filters>): Facility[] => this.#passing({ ...this.#filters, ...change });

  #passing(filters: Filters): Facility[] {
    return this.plants.facilities.filter((f) => passes(f, filters, this.#hay.get(f.facility_id)!, this.kindYear));
  }

  /** The address of the view with some of it changed. */
  address = (change: Partial<View>): string =>
    location.pathname + writeView(changed(this.view, change), this.#known);

  go(change: Partial<View>, how: 'push' | 'replace' = 'push'): void {
    if (change.near && change.at === null) this.#before ??= { at: this.view.at };
    if (change.plant) this.openings++;
    const address = this.address(change);
    this.view = changed(this.view, change);
    if (address === location.pathname + location.search) return;
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }

  /** Looking around is not a step to go back to. */
  moved(at: MapPosition | null): void {
    this.#before = null;
    this.go({ at: at && roundedPosition(at) }, 'replace');
  }

  /** The map has come closer by itself. */
  flown(at: MapPosition): void {
    this.#before ??= { at: this.view.at };
    this.go({ at: roundedPosition(at) }, 'replace');
  }

  /** Closes what is open; the map goes back to where it came from, unless it has been moved. */
  close(): void {
    this.go({ plant: null, near: null, ...this.#before });
    this.#before = null;
  }

  /** The first figures; an address that names no year means one that has some. */
  async #begin(): Promise<void> {
    const figures = await this.#show(this.view.quantity);
    if (figures && !new URLSearchParams(location.search).has('y'))
      this.go({ year: nearestYear(figures, this.view.year) }, 'replace');
  }

  /** Another quantity, in the nearest year that has it. */
  async choose(quantity: string): Promise<void> {
    const figures = await this.#show(quantity);
    if (figures) this.go({ quantity, year: nearestYear(figures, this.view.year) });
  }

  #wanted = '';

  async #show(quantity: string): Promise<QuantityFigures | null> {
    this.#wanted = quantity;
    if (this.shown?.quantity === quantity) return this.shown;
    try {
      const figures = await this.server.figures(quantity);
      if (this.#wanted !== quantity) return null;
      this.failed = false;
      return (this.shown = figures);
    } catch {
      if (this.#wanted === quantity) this.failed = true;
      return null;
    }
  }
}

/** The atlas is one for the whole app; components ask for it instead of handing it down. */
export const [useAtlas, provideAtlas] = createContext<Atlas>();
