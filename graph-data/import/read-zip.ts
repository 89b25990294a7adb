import { promisify } from 'node:util';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';

/**
 * The bytes of a file in a zip archive, by default of the only one. Throws if there is no such file, or if the archive has
 * several and no name is given.
 */
export async function readZipEntry(archive: string, entry: string | undefined): Promise<Readable> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(archive, {
    lazyEntries: true,
    autoClose: false,
  });
  try {
    const entries = await entriesOf(zip);
    const names = entries.map(({ fileName }) => fileName);
    const found =
      entry === undefined && entries.length === 1 ? entries[0] : entries[names.indexOf(entry ?? '')];
    if (found === undefined) {
      const fault = entry === undefined ? 'it holds several files' : `it does not hold ${entry}`;
      throw new Error(`${fault}; name one of ${names.map((name) => `${archive}/${name}`).join(', ')}`);
    }
    const stream = await promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(found);
    return stream.once('close', () => zip.close());
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** The files of an archive, without folders and the files that macOS adds. */
function entriesOf(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  const entries: yauzl.Entry[] = [];
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      if (!/\/$|^__MACOSX\/|(^|\/)\.DS_Store$/.test(entry.fileName)) entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries)).on('error', reject);
    zip.readEntry();
  });
}
