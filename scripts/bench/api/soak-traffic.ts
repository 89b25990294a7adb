import { degreeOf, nextBelow, nextUnit, nodeCount, randomStream, saveCount } from '../../../engine/index.ts';
import { Store, loadActiveSnapshot, openDataFolder } from '../../../graph-data/index.ts';
import type { Asked } from './open-loop.ts';

/** What people of an application do, by one seed: the same sequence each time. */
export interface SoakTraffic {
  readonly read: () => Asked;
  readonly write: () => Asked;
  /** A save that has to show: who looks at a pin then finds what was saved with it. */
  readonly probe: () => {
    readonly save: string;
    readonly look: string;
    readonly isIn: (answer: { readonly items?: readonly { readonly pin: string }[] }) => boolean;
  };
}

/** Of those that were saved last, to take back again. */
const savedMax = 1_000;
const batchSize = 20;
const users = 20_000;

/** Over a data folder with a built graph. */
export function soakTraffic(data: string): SoakTraffic {
  const folder = openDataFolder(data);
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const stream = randomStream(2026);
  /** A pin as often as it has saves. */
  const drawPin = (): number => graph.boardToPin.neighbors[nextBelow(stream, saveCount(graph))]!;
  const key = (pin: number): string => store.keyAt('pins', pin)!;
  const saved: object[] = [];
  let made = 0;
  const newSave = (): object => {
    const user = nextBelow(stream, users);
    // One of twenty pins is new.
    const pin = nextUnit(stream) < 0.05 ? `new pin ${++made}` : key(drawPin());
    const save = { user: `user ${user}`, board: `board ${nextBelow(stream, 5)} of ${user}`, pin };
    saved.push(save);
    if (saved.length > savedMax) saved.shift();
    return save;
  };
  let asked = 0;
  return {
    read: () => {
      const seed = ++asked;
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
      // Few enough that all that goes with it is in one answer.
      while (degreeOf(graph.pinToBoard, pin) > 10) pin = nextBelow(stream, nodeCount(graph.pinToBoard));
      const brought = `probe ${++made}`;
      const [user, board] = [`prober ${made}`, `probes ${made}`];
      return {
        save: JSON.stringify([
          { user, board, pin: key(pin) },
          { user, board, pin: brought },
        ]),
        look: `/v1/pins/${encodeURIComponent(brought)}/related`,
        isIn: ({ items = [] }) => items.some((item) => item.pin === key(pin)),
      };
    },
  };
}
