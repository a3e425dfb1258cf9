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
    const plain = code.replace(/ \(assumed\)$/, '');
    const word = this.words[`${kind}.${plain}` as Key] ?? plain.replaceAll('_', ' ');
    return plain === code ? word : this.say('kind.supposed', { what: word });
  }

  /** The heading of a part of a ranking: plants that are compared, by route and product, or why they are not. */
  part(part: string): string {
    return this.words[part as Key] ?? this.name('route', part.replace(/^\w+\./, ''));
  }

  /** Words that come with the data, in both languages. */
  labelOf = (words: Record<Lang, string>): string => words[this.lang];

  unit(unit: string, scale = 1): string {
    const known = this.words[(scale > 1 ? `unit.${unit}.${scale}` : `unit.${unit}`) as Key];
    return known ?? unit.replace('CO2', 'CO₂');
  }
}
