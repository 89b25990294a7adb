import { rateOf, ratioOf } from '../../engine/attribution/index.ts';
import { addTo } from './add-to.ts';
import type { Cell, DayCells } from './day-cells.ts';
import { dateOf, groupCount } from './names.ts';
import type {
  Acted,
  EngagementGroup,
  EngagementOptions,
  EngagementReport,
  EngagementRow,
} from './report-types.ts';

/** Sums the cells of days into the rows of a report. `nameOf`: of a rank, or of a class of pins. */
export function summarize(
  days: ReadonlyMap<number, DayCells>,
  options: EngagementOptions,
  nameOf: (number: number) => string,
): Pick<EngagementReport, 'total' | 'rows' | 'uncredited'> {
  const total = new Sums();
  const groups = new Map<Group, Sums>();
  const uncredited = new Map<string, number>();
  for (const [day, { cells, uncredited: own }] of days) {
    for (const [kind, count] of Object.entries(own))
      uncredited.set(kind, (uncredited.get(kind) ?? 0) + count);
    for (const cell of cells) {
      if (!isWanted(cell, options)) continue;
      const group = groupOfCell(cell, day, options.by);
      const sums = groups.get(group) ?? new Sums();
      groups.set(group, sums);
      sums.add(cell);
      total.add(cell);
    }
  }
  const first = options.by === 'rank' ? groups.get(1) : undefined;
  const rows = [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([group, sums]) => sums.row(typeof group === 'number' ? nameOf(group) : group, options, first));
  const others = [...uncredited].map(([kind, actions]) => ({ kind, actions }));
  return { total: total.row(null, options), rows, uncredited: others };
}

/** A name or a day, or the number of a rank or of a class of pins. */
type Group = string | number | null;

function isWanted(cell: Cell, options: EngagementOptions): boolean {
  return (['surface', 'pipeline', 'arm'] as const).every(
    (name) => options[name] === undefined || options[name] === cell[name],
  );
}

function groupOfCell(cell: Cell, day: number, by: EngagementGroup): Group {
  if (by === 'day') return dateOf(day);
  if (by === 'surface' || by === 'pipeline' || by === 'arm') return cell[by];
  return cell.class === 0 ? null : cell.class;
}

function compare(a: Group, b: Group): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

interface ActedSums {
  readonly acted: number[];
  readonly actions: number[];
  value: number;
}

/** Sums of cells by group of people. */
class Sums {
  readonly #shown = Array<number>(groupCount).fill(0);
  readonly #kinds = new Map<string, ActedSums>();

  add({ shown, kinds }: Cell): void {
    addTo(this.#shown, shown);
    for (const [kind, { acted, actions, value }] of Object.entries(kinds)) {
      const own = this.#kinds.get(kind) ?? {
        acted: Array<number>(groupCount).fill(0),
        actions: Array<number>(groupCount).fill(0),
        value: 0,
      };
      this.#kinds.set(kind, own);
      addTo(own.acted, acted);
      addTo(own.actions, actions);
      own.value += value;
    }
  }

  /** `first`: the sums of rank 1. */
  row(group: string | null, { dedupe }: EngagementOptions, first?: Sums): EngagementRow {
    const rates: Acted[] = [];
    const isShare = dedupe === 'impression';
    const numbersOf = (sums: ActedSums): number[] => (isShare ? sums.acted : sums.actions);
    for (const [kind, own] of [...this.#kinds].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const { acted, actions, value } = own;
      const rate = rateOf(this.#shown, numbersOf(own), isShare);
      if (rate === undefined) continue;
      const ofFirst = first === undefined ? undefined : first.#kinds.get(kind);
      const ratio =
        first === undefined || ofFirst === undefined
          ? undefined
          : ratioOf(
              { shown: this.#shown, acted: numbersOf(own) },
              { shown: first.#shown, acted: numbersOf(ofFirst) },
            );
      const [impressions, count] = [sumOf(acted), sumOf(actions)];
      const counts = { kind, impressions, actions: count, value };
      rates.push({ ...counts, ...rate, ...(ratio !== undefined && { ofFirstRank: ratio }) });
    }
    return { group, impressions: sumOf(this.#shown), actions: rates };
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
