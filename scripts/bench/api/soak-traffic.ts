import { degreeOf, nextBelow, nextUnit, nodeCount, randomStream, saveCount } from '../../../engine/index.ts';
import { Store, loadActiveSnapshot, openDataFolder } from '../../../graph-data/index.ts';
import type { LoadRequest } from './open-loop.ts';

/** The traffic of an application: a fixed sequence of requests. */
export interface SoakTraffic {
  readonly read: () => LoadRequest;
  readonly write: () => LoadRequest;
  /** A save and a request whose response must reflect it. */
  readonly probe: () => {
    readonly save: string;
    readonly look: string;
    readonly isIn: (response: { readonly items?: readonly { readonly pin: string }[] }) => boolean;
  };
}

/** How many of the latest saves to keep for removals. */
const savedMax = 1_000;
const batchSize = 20;
const users = 20_000;

/** Traffic for the active snapshot of a data folder. */
export function soakTraffic(data: string): SoakTraffic {
  const folder = openDataFolder(data);
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const stream = randomStream(2026);
  /** A pin, with probability proportional to its degree. */
  const drawPin = (): number => graph.boardToPin.neighbors[nextBelow(stream, saveCount(graph))]!;
  const key = (pin: number): string => store.keyAt('pins', pin)!;
  const saved: object[] = [];
  let pinsCreated = 0;
  const newSave = (): object => {
    const user = nextBelow(stream, users);
    // One pin in twenty is new.
    const pin = nextUnit(stream) < 0.05 ? `new pin ${++pinsCreated}` : key(drawPin());
    const save = { user: `user ${user}`, board: `board ${nextBelow(stream, 5)} of ${user}`, pin };
    saved.push(save);
    if (saved.length > savedMax) saved.shift();
    return save;
  };
  let reads = 0;
  return {
    read: () => {
      const seed = ++reads;
      const kind = nextUnit(stream);
      const pin = encodeURIComponent(key(drawPin()));
      if (kind < 0.7) return { path: `/v1/pins/${pin}/related?randomSeed=${seed}` };
      if (kind < 0.8) return { path: `/v1/pins/${pin}` };
      if (kind < 0.9) return { path: `/v1/search?q=${pin.slice(0, 4)}` };
      const board = store.keyAt('boards', nextBelow(stream, nodeCount(graph.boardToPin)))!;
      return { path: `/v1/boards/${encodeURIComponent(board)}/ideas?randomSeed=${seed}` };
    },
    write: () => {
      const kind = nextUnit(stream);
      const old = saved[nextBelow(stream, Math.max(saved.length, 1))];
      if (kind < 0.1 && old !== undefined) {
        return { path: '/v1/saves', method: 'DELETE', body: JSON.stringify(old) };
      }
      const body = kind < 0.2 ? Array.from({ length: batchSize }, newSave) : newSave();
      return { path: '/v1/saves', method: 'POST', body: JSON.stringify(body) };
    },
    probe: () => {
      let pin = drawPin();
      // A small degree, so that the response has all of its neighbors.
      while (degreeOf(graph.pinToBoard, pin) > 10) pin = nextBelow(stream, nodeCount(graph.pinToBoard));
      const newPin = `probe ${++pinsCreated}`;
      const [user, board] = [`prober ${pinsCreated}`, `probes ${pinsCreated}`];
      return {
        save: JSON.stringify([
          { user, board, pin: key(pin) },
          { user, board, pin: newPin },
        ]),
        look: `/v1/pins/${encodeURIComponent(newPin)}/related`,
        isIn: ({ items = [] }) => items.some((item) => item.pin === key(pin)),
      };
    },
  };
}
