/** The colours of the map are those of the page: it reads them from site.css, light or dark. */

import { TONES } from '../lib/shade';

/** The page's own font, from site.css: MapLibre draws labels with it when a style names no glyphs. */
export const FONT = ['Inter'];

export type Ink =
  | 'land' | 'abroad' | 'water' | 'state-line' | 'county-line' | 'ink' | 'quiet' | 'paper' | 'here';

export interface Palette {
  of(ink: Ink): string;
  industry(code: string): string;
  /** The tones of a shaded map, from little to much. */
  shades: readonly string[];
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    of: (ink) => read(`--${ink}`),
    shades: Array.from({ length: TONES }, (_, i) => read(`--shade-${i}`)),
    industry: (code) => read(`--industry-${code}`) || read('--industry-other'),
  };
}
