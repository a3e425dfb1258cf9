import { describe, expect, it } from 'vitest';
import { nextOrder, sorted } from './sortable';

/** As much of a row as sorting asks of one. */
const row = (...cells: (string | number)[]): HTMLTableRowElement =>
  ({
    cells: cells.map((cell) =>
      typeof cell === 'number' ? { dataset: { value: `${cell}` }, textContent: '' } : { dataset: {}, textContent: cell },
    ),
  }) as unknown as HTMLTableRowElement;

const names = (rows: HTMLTableRowElement[]) => rows.map((r) => r.cells[0]!.textContent);
const rows = [row('Buzzi', 6.4), row('Ábaco', 10), row('CRH', 6.4), row('Alcoa', 0.5)];

describe('sorted', () => {
  it('goes by numbers, not by their letters, and keeps equals as they stood', () => {
    expect(names(sorted(rows, 1, 'descending', true))).toEqual(['Ábaco', 'Buzzi', 'CRH', 'Alcoa']);
    expect(names(sorted(rows, 1, 'ascending', true))).toEqual(['Alcoa', 'Buzzi', 'CRH', 'Ábaco']);
  });
  it('goes by letters as a language has them', () => {
    expect(names(sorted(rows, 0, 'ascending', false, 'es'))).toEqual(['Ábaco', 'Alcoa', 'Buzzi', 'CRH']);
  });
  it('puts what is not known last in either order, for it is neither zero nor a first letter', () => {
    const some = [row('Nobody', ''), row('Zero', 0), row('Ten', 10), row('Short')];
    expect(names(sorted(some, 1, 'descending', true))).toEqual(['Ten', 'Zero', 'Nobody', 'Short']);
    expect(names(sorted(some, 1, 'ascending', true))).toEqual(['Zero', 'Ten', 'Nobody', 'Short']);
    expect(names(sorted(some, 1, 'ascending', false))).toEqual(['Zero', 'Ten', 'Nobody', 'Short']);
  });
  it('leaves the rows that it was given', () => {
    sorted(rows, 1, 'ascending', true);
    expect(names(rows)).toEqual(['Buzzi', 'Ábaco', 'CRH', 'Alcoa']);
  });
});

describe('nextOrder', () => {
  it('begins with large numbers and early letters, then turns', () => {
    expect(nextOrder(null, true)).toBe('descending');
    expect(nextOrder(null, false)).toBe('ascending');
    expect(nextOrder('ascending', false)).toBe('descending');
    expect(nextOrder('descending', true)).toBe('ascending');
  });
});
