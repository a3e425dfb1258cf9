/** Links within a panel that the map itself can follow. */

import { readMiles, readPlace, type View } from './view';

/**
 * What a link to a plant's page or a place's report would open here; null for every other link.
 * `pages` is the address of the pages in the app's language.
 */
export function opens(href: string, pages: string, isPlant: (name: string) => boolean): Partial<View> | null {
  const link = new URL(href, pages);
  const root = new URL(pages);
  if (link.origin !== root.origin || !link.pathname.startsWith(root.pathname) || link.hash) return null;
  const path = link.pathname.slice(root.pathname.length);
  const plant = path.replace(/^plants\//, '');
  if (plant !== path) return isPlant(plant) ? { plant } : null;
  const near = path === 'near' ? readPlace(link.searchParams.get('at')) : null;
  return near && { near, miles: readMiles(link.searchParams.get('miles')) ?? [], at: null };
}
