import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { version } = JSON.parse(read('package.json')) as { readonly version: string };

// test/package/ compares it with those of the command and of /openapi.json.
test('the lock file, the latest release of the changelog and the documentation state the version of package.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    readonly version: string;
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => read(`docs/${file}`));
  const stated = [read('README.md'), ...docs].flatMap((text) =>
    [...text.matchAll(/pinwalk-(\d+\.\d+\.\d+)\.tgz/g)].map((match) => match[1]),
  );
  expect(stated.length).toBeGreaterThan(1);
  const released = /^## (\d\S*)/m.exec(read('CHANGELOG.md'))?.[1];
  const all = [lock.version, lock.packages['']?.version, released, ...stated];
  expect([...new Set(all)]).toEqual([version]);
});
