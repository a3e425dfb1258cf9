/** Tables of the server's pages that a reader may sort: <table data-sortable>, without a script as they came. */

type Order = 'ascending' | 'descending';

const valueOf = (row: HTMLTableRowElement, column: number): string => {
  const cell = row.cells[column];
  return cell?.dataset.value ?? cell?.textContent!.trim() ?? '';
};

/** Rows by one column; numbers and letters in either order, what is equal as it stood, what is not known last. */
export function sorted(
  rows: readonly HTMLTableRowElement[],
  column: number,
  order: Order,
  numeric: boolean,
  lang?: string,
): HTMLTableRowElement[] {
  const sign = order === 'ascending' ? 1 : -1;
  const compare = (a: string, b: string) => {
    if (!a || !b) return Number(!a) - Number(!b);
    return sign * (numeric ? Number(a) - Number(b) : a.localeCompare(b, lang));
  };
  return [...rows].sort((a, b) => compare(valueOf(a, column), valueOf(b, column)));
}

/** The order that a press on a heading asks for: the other one, at first large numbers and early letters. */
export const nextOrder = (now: string | null, numeric: boolean): Order => {
  if (now === 'ascending') return 'descending';
  if (now === 'descending') return 'ascending';
  return numeric ? 'descending' : 'ascending';
};

function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.tHead!.rows[0]!.cells].filter((cell) => cell.dataset.sort);
  for (const head of heads) {
    const numeric = head.dataset.sort === 'number';
    const button = document.createElement('button');
    button.append(...head.childNodes);
    head.append(button);
    button.type = 'button';
    button.addEventListener('click', () => {
      const order = nextOrder(head.getAttribute('aria-sort'), numeric);
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', order);
      const body = table.tBodies[0]!;
      body.append(...sorted([...body.rows], head.cellIndex, order, numeric, document.documentElement.lang));
    });
  }
}

export const makeAllSortable = (root: ParentNode): void => {
  for (const table of root.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table);
};
