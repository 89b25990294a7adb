import { describe, expect, test } from 'vitest';
import { contentBuildParams, resolveParams } from '../../engine/index.ts';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { putPin, write } from '../content-folder.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

interface Item {
  readonly pin: string;
  readonly reason: { readonly text: string };
}

const model = 'clip-1';
const image = (...values: number[]) => ({ image: { model, values } });

describe('pins with vectors', () => {
  const server = serveForSuite(
    async (folder) => {
      await importSaves(folder, ['ann red cherry', 'ann red rose', 'bob blue sky', 'bob blue sea']);
      write(folder, [
        putPin('cherry', { vectors: image(9, 1, 0) }),
        putPin('rose', { vectors: image(8, 0, 1) }),
        putPin('sky', { vectors: image(0, 1, 9) }),
        putPin('sea', { vectors: image(1, 0, 9) }),
        putPin('tomato', { vectors: image(9, 0, 0) }),
      ]);
      const content = resolveParams(contentBuildParams, { neighborsMax: 2, prior: 0.5 });
      activateSnapshot(folder, (await buildSnapshot(folder, () => 0, { content })).version);
    },
    { isBuilt: false, isLoaded: true },
  );
  const put = async (pin: string, body: object) =>
    server.get(`/v1/pins/${pin}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const related = async (pin: string): Promise<Item[]> =>
    (await server.get(`/v1/pins/${pin}/related?explain=true&backfill=false`)).body.items ?? [];
  const keys = (items: readonly Item[]): string[] => items.map(({ pin }) => pin);

  test('a pin that looks like saved ones is recommended with them, and says so', async () => {
    const ofCherry = await related('cherry');
    expect(keys(ofCherry).slice(0, 2)).toEqual(['rose', 'tomato']);
    expect(ofCherry[1]!.reason.text).toBe('looks like cherry');
    expect(keys(await related('sky'))).not.toContain('tomato');
    expect(
      keys(await related('tomato'))
        .slice(0, 2)
        .toSorted(),
    ).toEqual(['cherry', 'rose']);
  });

  test('a vector that arrives later counts soon, is replaced, removed, and goes with its pin', async () => {
    const listed = async (pin: string) => keys(await related(pin));
    expect((await put('ice', { vectors: image(0, 0, 5) })).status).toBe(200);
    await expect.poll(async () => listed('sky')).toContain('ice');
    await put('ice', { vectors: image(5, 0, 0) });
    await expect.poll(async () => listed('cherry')).toContain('ice');
    expect(await listed('sky')).not.toContain('ice');
    // Attributes are replaced, vectors stay.
    await put('ice', { title: 'Ice' });
    expect(await listed('cherry')).toContain('ice');
    await put('ice', { vectors: { image: null } });
    await expect.poll(async () => listed('cherry')).not.toContain('ice');
    await put('ice', { vectors: image(0, 0, 5) });
    await expect.poll(async () => listed('sky')).toContain('ice');
    await server.get('/v1/pins/ice', { method: 'DELETE' });
    expect(await listed('sky')).not.toContain('ice');
    expect(server.faults).toEqual([]);
  });

  test('vectors of another model, other dimensions, no length or no numbers are refused and named', async () => {
    const refusal = async (vectors: object) => {
      const { status, body } = await put('odd', { vectors });
      return [status, body.errors?.[0]?.pointer, body.detail];
    };
    const other = { image: { model: 'other', values: [1, 2, 3] } };
    expect(await refusal(other)).toEqual([409, '/vectors/image', expect.stringContaining('are of model "clip-1", not "other"')]); // prettier-ignore
    expect(await refusal(image(1, 2))).toEqual([409, '/vectors/image', expect.stringContaining('have 3 dimensions, not 2')]); // prettier-ignore
    expect(await refusal(image(0, 0, 0))).toEqual([400, '/vectors/image/values', expect.stringContaining('has length 0')]); // prettier-ignore
    expect(await refusal(image())).toEqual([400, '/vectors/image/values', '/vectors/image/values: must not be empty']); // prettier-ignore
    expect((await refusal(image(1, NaN, 0)))[0]).toBe(400);
    expect((await refusal({ 'Bad name': { model, values: [1] } }))[0]).toBe(400);
    expect((await refusal(image(...Array<number>(4097).fill(1))))[0]).toBe(400);
    expect((await server.get('/v1/pins/odd')).status).toBe(404);
  });
});
