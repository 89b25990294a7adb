import { type NodeKind, degreeOf } from '../../../engine/graph/index.ts';
import { SaveLists, type Store } from '../../../graph-data/index.ts';
import type { Turns } from '../../base/index.ts';
import type { GraphServer } from './graph-server.ts';

/** Rows that are counted, and boards whose saves are added up, in one turn of the event loop: a few milliseconds. */
const defaultTurn = { rows: 50_000, boards: 1_000 };

/**
 * Numbers of saves and boards of nodes, however many: degrees of the served graph while it has exactly the saves of the
 * database, otherwise rows, counted in slices that leave the event loop to others.
 */
export class NodeCounts {
  readonly #perTurn: typeof defaultTurn;
  readonly #store: Store;
  readonly #graphs: Pick<GraphServer, 'exactGraph'>;
  readonly #turns: Turns;
  readonly #saves: SaveLists;

  constructor(
    store: Store,
    graphs: Pick<GraphServer, 'exactGraph'>,
    turns: Turns,
    perTurn: typeof defaultTurn = defaultTurn,
  ) {
    this.#perTurn = perTurn;
    this.#store = store;
    this.#graphs = graphs;
    this.#turns = turns;
    this.#saves = new SaveLists(store.database);
  }

  /** The saves of a pin, one for each of its boards, or of a board, one for each of its pins. */
  async savesOf(kind: Exclude<NodeKind, 'users'>, node: number): Promise<number> {
    const graph = this.#graphs.exactGraph;
    if (graph === undefined) return this.#countRows(kind, node);
    return degreeOf(kind === 'pins' ? graph.pinToBoard : graph.boardToPin, node);
  }

  /** The boards of a user, and the saves on them. O(boards) when the graph is exact. */
  async ofUser(user: number): Promise<{ readonly boards: number; readonly saves: number }> {
    let [boards, saves] = [0, 0];
    for (let after = -1; ; await this.#turns.next()) {
      const page = this.#store.boardsAfter(user, after, this.#perTurn.boards);
      const adjacency = this.#graphs.exactGraph?.boardToPin;
      for (const board of page) {
        saves += adjacency ? degreeOf(adjacency, board) : await this.#countRows('boards', board);
      }
      boards += page.length;
      if (page.length < this.#perTurn.boards) return { boards, saves };
      after = page.at(-1)!;
    }
  }

  async #countRows(kind: Exclude<NodeKind, 'users'>, node: number): Promise<number> {
    let count = 0;
    for (let after = -1; ; await this.#turns.next()) {
      const { rows, last } = this.#saves.countAfter(kind, node, after, this.#perTurn.rows);
      count += rows;
      if (rows < this.#perTurn.rows) return count;
      after = last!;
    }
  }
}
