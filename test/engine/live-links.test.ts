import { expect, test } from 'vitest';
import {
  type PinContent,
  TopPins,
  VirtualSaves,
  contentLinks,
  createLiveLinks,
  nearOf,
  putLinks,
  removeLinks,
  withStandIns,
} from '../../engine/index.ts';
import { areLinksFull } from '../../engine/content/live-links.ts';
import { graphOf } from '../graphs.ts';
import { queryOf } from '../scores.ts';

const graph = graphOf([[0, 0], [0, 1], [1, 1], [1, 2], [2, 3]], 8); // prettier-ignore

/** Pin 4 is near pin 0 as built. */
function contentOf(): Pick<PinContent, 'near' | 'links' | 'live'> {
  const list = [{ pin: 0, score: 1 }];
  const links = contentLinks(8, [4], () => list, 0);
  const starts = new Int32Array(new SharedArrayBuffer(36));
  starts.fill(1, 5);
  const pins = new Int32Array(new SharedArrayBuffer(4));
  const weights = new Float32Array(new SharedArrayBuffer(4)).fill(1);
  return { near: { starts, pins, weights }, links, live: createLiveLinks(8) };
}

function scores(content: Pick<PinContent, 'links' | 'live'>): Record<number, number> {
  const top = new TopPins(8);
  const found = [{ pin: 0, score: 3 }, { pin: 1, score: 1 }]; // prettier-ignore
  new VirtualSaves(graph, content.links, content.live).offer(found, queryOf(2), { ownShare: 0 }, top);
  return Object.fromEntries(top.drain().map(({ pin, score }) => [pin, score]));
}

test('a live list adds a pin, replaces the list before and that of the build, and an empty one removes it', () => {
  const content = contentOf();
  const live = content.live!;
  expect(scores(content)[4]).toBeCloseTo(0.75, 6);
  expect(putLinks(live, 5, [{ pin: 1, score: 0.5 }, { pin: 0, score: 0.25 }])).toBe(true); // prettier-ignore
  expect(scores(content)[5]).toBeCloseTo(0.5 * 0.25 + 0.25 * 0.75, 6);
  expect([...nearOf(content, 5).pins]).toEqual([1, 0]);
  putLinks(live, 5, [{ pin: 1, score: 1 }]);
  expect(scores(content)[5]).toBeCloseTo(0.25, 6);
  putLinks(live, 4, [{ pin: 1, score: 1 }]);
  expect(scores(content)[4]).toBeCloseTo(0.25, 6);
  expect([...nearOf(content, 4).pins]).toEqual([1]);
  putLinks(live, 4, []);
  putLinks(live, 5, []);
  expect(scores(content)).not.toHaveProperty('4');
  expect(scores(content)).not.toHaveProperty('5');
  expect(nearOf(content, 4).pins).toHaveLength(0);
});

test('links that were made while their pin was deleted do not bring it back', () => {
  const content = contentOf();
  const live = content.live!;
  const list = [{ pin: 1, score: 1 }];
  // Deleted before the list is written, and, as another thread may do, while it is: its last entry is read then.
  removeLinks(live, 5);
  putLinks(live, 5, list);
  const deletes = { pin: 1, get score() { removeLinks(live, 4); return 1; } }; // prettier-ignore
  putLinks(live, 4, [deletes]);
  for (const pin of [4, 5]) {
    expect(scores(content)).not.toHaveProperty(String(pin));
    expect(nearOf(content, pin).pins).toHaveLength(0);
    // The thread reads of the deletion later, and finds no text.
    putLinks(live, pin, []);
    putLinks(live, pin, list);
    expect(nearOf(content, pin).pins).toHaveLength(0);
  }
  putLinks(live, 6, list);
  expect(scores(content)[6]).toBeCloseTo(0.25, 6);
});

test('a query pin without saves is replaced by the saved pins near it', () => {
  const content = contentOf();
  putLinks(content.live!, 5, [{ pin: 3, score: 0.3 }, { pin: 6, score: 0.2 }, { pin: 0, score: 0.1 }]); // prettier-ignore
  const query = { pins: [2, 5], weights: [1, 2] };
  const walked = withStandIns(graph, content, query);
  expect(walked).toEqual({ pins: [2, 3, 0], weights: [1, expect.closeTo(1.5, 6), expect.closeTo(0.5, 6)], includeQueryPins: true }); // prettier-ignore
  const plain = { pins: [2, 7], weights: [1, 1] };
  expect(withStandIns(graph, content, plain)).toBe(plain);
});

test('without room, a list is refused and nothing changes', () => {
  const live = createLiveLinks(8);
  let rows = 0;
  while (!areLinksFull(live)) putLinks(live, rows++ % 3, [{ pin: 3, score: 1 }]);
  const before = [...live.counts];
  expect(putLinks(live, 0, [{ pin: 4, score: 1 }])).toBe(false);
  expect([...live.counts]).toEqual(before);
  expect(putLinks(live, 8, [{ pin: 4, score: 1 }])).toBe(false);
});
