/** The words of the map, from src/comingclean/words/<language>/map.json. */

import type en from '../../../src/comingclean/words/en/map.json';
import type { Lang } from './figure';

export type Key = keyof typeof en;
export type Words = Record<Key, string>;

export const loadWords = async (lang: Lang): Promise<Words> =>
  lang === 'es'
    ? (await import('../../../src/comingclean/words/es/map.json')).default
    : (await import('../../../src/comingclean/words/en/map.json')).default;

type Values = Record<string, string | number>;

export const filled = (text: string, values: Values = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

/** Speaks one language: `say('listed', { n: 3 })`, with the plural form where a key has one. */
export class Speaker {
  readonly #plural: Intl.PluralRules;

  constructor(
    readonly words: Words,
    readonly lang: Lang,
  ) {
    this.#plural = new Intl.PluralRules(lang);
  }

  say(key: Key, values?: Values): string {
    return filled(this.words[key], values);
  }

  /** A key with the forms `<key>.one` and `<key>.other`. */
  count(key: string, n: number, values: Values = {}): string {
    const form = this.#plural.select(n) === 'one' ? 'one' : 'other';
    return filled(this.words[`${key}.${form}` as Key], { n, ...values });
  }

  /** A name from a table that may grow (an industry, a topic, a state): its word, or itself made readable. */
  name(kind: 'industry' | 'topic' | 'state' | 'grade' | 'route' | 'status', code: string): string {
    const word = this.words[`${kind}.${code}` as Key];
    return word ?? code.replaceAll('_', ' ');
  }

  /** Words that come with the data, in both languages. */
  labelOf = (words: Record<Lang, string>): string => words[this.lang];

  unit(unit: string, scale = 1): string {
    const known = this.words[(scale > 1 ? `unit.${unit}.${scale}` : `unit.${unit}`) as Key];
    return known ?? unit.replace('CO2', 'CO₂');
  }
}
