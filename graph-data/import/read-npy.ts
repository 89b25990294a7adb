import { closeSync, openSync, readSync } from 'node:fs';
import { DataError } from '../errors.ts';

const magic = '\u0093NUMPY';
/** Bytes read at a time, about. */
const blockBytes = 2 ** 22;
const headerBytesMax = 2 ** 16;

const readers = {
  '<f4': { bytes: 4, read: (block: Buffer, at: number) => block.readFloatLE(at) },
  '<f8': { bytes: 8, read: (block: Buffer, at: number) => block.readDoubleLE(at) },
  '|i1': { bytes: 1, read: (block: Buffer, at: number) => block.readInt8(at) },
} as const;

/**
 * The rows of a matrix that NumPy saved (`numpy.save`): float32, float64 or int8, in C order, little-endian. Throws
 * `import-file-unreadable` for anything else, and for a file that ends within a row. O(bytes), 4 MB at a time.
 */
export function* readNpy(file: string): Generator<Float64Array> {
  const fd = openSync(file, 'r');
  try {
    const start = Buffer.alloc(12);
    readSync(fd, start, 0, 12, 0);
    if (start.toString('latin1', 0, 6) !== magic)
      throw unreadable(file, 'it does not begin as .npy files do');
    const isFirst = start[6] === 1;
    const length = isFirst ? start.readUInt16LE(8) : start.readUInt32LE(8);
    if (length > headerBytesMax) throw unreadable(file, 'its header is too long');
    const header = Buffer.alloc(length);
    let position = isFirst ? 10 : 12;
    position += readSync(fd, header, 0, length, position);
    const { rows, dims, reader } = layoutOf(file, header.toString('latin1'));
    const perBlock = Math.max(1, Math.floor(blockBytes / (dims * reader.bytes)));
    for (let row = 0; row < rows; row += perBlock) {
      const count = Math.min(perBlock, rows - row);
      const block = Buffer.alloc(count * dims * reader.bytes);
      const read = readSync(fd, block, 0, block.length, position);
      if (read < block.length) throw unreadable(file, `it ends before row ${rows}`);
      position += read;
      for (let i = 0; i < count; i++) {
        yield Float64Array.from({ length: dims }, (_, j) =>
          reader.read(block, (i * dims + j) * reader.bytes),
        );
      }
    }
  } finally {
    closeSync(fd);
  }
}

function layoutOf(
  file: string,
  header: string,
): { rows: number; dims: number; reader: (typeof readers)[keyof typeof readers] } {
  const type = /'descr': *'([^']+)'/.exec(header)?.[1] ?? '';
  const [, rows, dims] = /'shape': *\((\d+), *(\d+),?\)/.exec(header) ?? [];
  if (!Object.hasOwn(readers, type)) {
    throw unreadable(file, `its numbers are ${type}: save float32, float64 or int8`);
  }
  if (rows === undefined || dims === undefined) throw unreadable(file, 'it is no matrix of vectors by rows');
  if (!/'fortran_order': *False/.test(header))
    throw unreadable(file, 'it is in Fortran order: save it in C order');
  return { rows: Number(rows), dims: Number(dims), reader: readers[type as keyof typeof readers] };
}

function unreadable(file: string, fault: string): DataError {
  return new DataError('import-file-unreadable', `cannot read ${file} as .npy: ${fault}`);
}
