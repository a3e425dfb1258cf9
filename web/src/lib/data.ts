/** Everything the app asks the server for, all of it from the same origin. */

import type { Topology } from 'topojson-specification';
import { figuresOf, type Plants, type Quantity, type QuantityColumns, type QuantityFigures } from './model';
import type { Blocks, Emitter, Indicator } from './around';
import type { Lang } from './figure';
import { type Place, type Spot, writePlace } from './view';

export class Server {
  readonly #atlas = new Map<string, Promise<Topology>>();
  readonly #figures = new Map<string, Promise<QuantityFigures>>();
  readonly #articles = new Map<string, Promise<HTMLElement>>();
  readonly #answers = new Map<string, Promise<unknown>>();

  /** The root of the pages in the app's language, such as "/" or "/atlas/es/". */
  readonly pages: string;
  /** The root of the site, where the data are. */
  readonly root: string;

  /** `base` is either root. */
  constructor(base: string, lang: Lang) {
    this.root = base.replace(/(^|\/)es\/$/, '$1');
    this.pages = lang === 'es' ? `${this.root}es/` : this.root;
  }

  async #fetched(path: string): Promise<Response> {
    const response = await fetch(this.root + path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response;
  }

  async #json<T>(path: string): Promise<T> {
    return (await this.#fetched(path)).json() as Promise<T>;
  }

  plants = (): Promise<Plants> => this.#json('data/plants.json');

  quantities = (): Promise<Quantity[]> => this.#json('data/quantities.json');

  atlas(name: string): Promise<Topology> {
    return kept(this.#atlas, name, () => this.#json<Topology>(`static/atlas/${name}.json`));
  }

  figures(quantity: string): Promise<QuantityFigures> {
    return kept(this.#figures, quantity, async () =>
      figuresOf(await this.#json<QuantityColumns>(`data/quantity/${quantity}.json`)),
    );
  }

  /** What a text may mean: ZIP codes, cities, coordinates. */
  spots = (text: string): Promise<Spot[]> => this.#asked(`data/find.json?q=${encodeURIComponent(text)}`);

  indicators = (): Promise<Indicator[]> => this.#asked('data/indicators.json');

  blocks = (at: Place, miles: number): Promise<Blocks> =>
    this.#asked(`data/blocks.json?at=${writePlace(at)}&miles=${miles}`);

  emitters = (at: Place, miles: number): Promise<Emitter[]> =>
    this.#asked(`data/emitters.json?at=${writePlace(at)}&miles=${miles}`);

  #asked<T>(path: string): Promise<T> {
    return kept(this.#answers, path, () => this.#json(path)) as Promise<T>;
  }

  pageOf = (plant: string): string => `${this.pages}plants/${plant}`;

  /** The report on a place; `miles` are radii of the reader's own. */
  reportOn = (place: Place, miles: readonly number[] = []): string =>
    `${this.pages}near?at=${writePlace(place)}${miles.length ? `&miles=${miles.join(',')}` : ''}`;

  /** The article of a plant or a place, taken from its page, so that panel and page are drawn by one renderer. */
  async article(address: string): Promise<HTMLElement> {
    const original = await kept(this.#articles, address, async () => {
      const response = await fetch(address, { headers: { accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      // A place that cannot be counted has its article too, which says why.
      const article = page.querySelector<HTMLElement>('article#plant, article#place');
      if (!article) throw new Error(`${address}: ${response.status}`);
      // Links were written for the page's own address.
      for (const link of article.querySelectorAll<HTMLAnchorElement>('a[href]')) {
        const href = link.getAttribute('href')!;
        if (!href.startsWith('#')) link.href = new URL(href, response.url).href;
      }
      return article;
    });
    return document.importNode(original, true);
  }
}

/** So many answers of a kind are kept: of whoever looks around for hours, the places of the last while. */
const KEPT = 60;

/**
 * One request per key; a failed one is forgotten, so that it can be tried again, and of many the one that
 * was not asked for longest.
 */
function kept<T>(memory: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  const promise = known ?? make();
  if (!known) promise.catch(() => memory.get(key) === promise && memory.delete(key));
  memory.delete(key);
  memory.set(key, promise);
  for (const oldest of memory.keys()) {
    if (memory.size <= KEPT) break;
    memory.delete(oldest);
  }
  return promise;
}
