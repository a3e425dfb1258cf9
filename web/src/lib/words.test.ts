import { describe, expect, it } from 'vitest';
import en from '../../../src/comingclean/words/en/map.json';
import es from '../../../src/comingclean/words/es/map.json';
import { filled, Speaker } from './words';

const sources = Object.values(
  import.meta.glob<string>(['../**/*.svelte', '../**/*.ts', '!../**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).join('\n');

describe('the words', () => {
  it('are the same in both languages, with the same gaps', () => {
    expect(Object.keys(es)).toEqual(Object.keys(en));
    const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect([key, gaps(es[key])]).toEqual([key, gaps(en[key])]);
  });

  it('are all used', () => {
    // Looked up by a code from the data, or by a form of the plural.
    const looked = /^(state|industry|topic|grade|unit)\.[\w .]+$|^(route|status)\..+$|\.(one|other)$/;
    const spoken = (key: string) => sources.includes(`'${key}'`) || sources.includes(`\`${key.replace(/[^.]+$/, '')}$`);
    const idle = Object.keys(en).filter((key) => !looked.test(key) && !spoken(key));
    expect(idle).toEqual([]);
    const plurals = Object.keys(en).filter((key) => key.endsWith('.one')).map((key) => key.slice(0, -4));
    expect(plurals.filter((key) => !sources.includes(`'${key}'`))).toEqual([]);
  });
});

describe('a speaker', () => {
  const speaker = new Speaker(es, 'es');

  it('fills the gaps and leaves unknown ones', () => {
    expect(filled('{a} of {b}', { a: 1 })).toBe('1 of {b}');
  });
  it('counts', () => {
    expect([1, 2, 0].map((n) => speaker.count('list.plants', n))).toEqual(['1 planta', '2 plantas', '0 plantas']);
  });
  it('names the parts of a ranking by their words, or by the route', () => {
    expect(speaker.part('compared.EAF, tube')).toBe('Hornos eléctricos de tubo');
    expect(speaker.part('compared.BF-BOF')).toBe(speaker.name('route', 'BF-BOF'));
    expect(speaker.part('apart.tonnage_in_doubt')).toContain('Sin clasificar');
  });
  it('names what it knows and makes the rest readable', () => {
    expect(speaker.name('industry', 'cement')).toBe('Cemento');
    expect(speaker.name('industry', 'glass_fiber')).toBe('glass fiber');
    expect(speaker.name('route', 'EAF (assumed)')).toBe('Horno de arco eléctrico (supuesto)');
    expect(speaker.unit('Mt CO2e', 1e6)).toBe('Mt CO₂e');
    expect(speaker.unit('USD2020', 1e6)).toBe('millones de dólares de 2020');
  });
});
