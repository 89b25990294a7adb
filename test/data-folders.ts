import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestRunner, afterAll, onTestFinished } from 'vitest';
import { openDatabase } from '../graph-data/database/index.ts';
import { type DataFolder, type ImportReport, importRows, openDataFolder } from '../graph-data/index.ts';

/**
 * A folder that is deleted when the test ends; with `afterAll`, called where tests are defined, when the suite does. In a test or in
 * `beforeAll`, Vitest would ignore `afterAll`.
 */
export function temporaryFolder(whenDone: (cleanUp: () => void) => void = onTestFinished): string {
  if (whenDone === afterAll && TestRunner.getCurrentTest() !== undefined) {
    throw new Error('within a test, a folder is deleted when the test ends');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'pinwalk-test-'));
  // When a server was killed, its check of the database ends a moment later.
  whenDone(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** A fresh data folder in a {@link temporaryFolder}. */
export function temporaryDataFolder(whenDone?: (cleanUp: () => void) => void): DataFolder {
  return openDataFolder(path.join(temporaryFolder(whenDone), 'data'));
}

/** Writes a file beside the data folder and returns its path. */
export function writeInput(folder: DataFolder, name: string, content: string | Uint8Array): string {
  const file = path.join(folder.root, '..', name);
  writeFileSync(file, content);
  return file;
}

/** Throws when the text index does not say what the pins do. */
export function assertTextIndexIsRight(folder: DataFolder): void {
  const database = openDatabase(folder);
  try {
    database.exec(`INSERT INTO pins_text (pins_text, rank) VALUES ('integrity-check', 1)`);
  } finally {
    database.close();
  }
}

/** Imports saves given as "user board pin". */
export function importSaves(folder: DataFolder, saves: readonly string[]): Promise<ImportReport> {
  const rows = saves.map((save) => {
    const [user = '', board = '', pin = ''] = save.split(' ');
    return { user, board, pin, savedAt: NaN, weight: NaN };
  });
  return importRows(folder, [{ name: 'test', rows: [rows] }]);
}
