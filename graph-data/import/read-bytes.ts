import { DataError, messageOf, stoppedError } from '../errors.ts';
import { openFile } from './open-file.ts';

// The type has the name of the value only where DOM types are known.
type Decoder = InstanceType<typeof TextDecoder>;

/** How to read a text file. */
export interface TextOptions {
  /** Called with the number of bytes of each read from disk. */
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** A label of the Encoding Standard, such as latin1. Default: UTF-8, or UTF-16 by its byte order mark. */
  readonly encoding?: string | undefined;
}

/**
 * The bytes of a text file, decompressed and converted to UTF-8. UTF-8 is passed unchanged, valid or not; bytes that are
 * invalid in another encoding are an error. Throws `import-file-unreadable` and `stopped`.
 */
export async function* readBytes(
  file: string,
  { onBytes, signal, encoding }: TextOptions,
): AsyncGenerator<Buffer> {
  let decoder = encoding === undefined ? undefined : decoderFor(file, encoding);
  let isFirst = true;
  try {
    for await (const chunk of openFile(file, onBytes, signal)) {
      if (isFirst && decoder === undefined) decoder = decoderByMark(chunk);
      isFirst = false;
      yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    }
    if (decoder !== undefined) yield Buffer.from(decoder.decode());
  } catch (cause) {
    if (signal?.aborted === true) throw stoppedError(cause);
    throw new DataError('import-file-unreadable', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
}

function decoderByMark(start: Buffer): Decoder | undefined {
  const mark = start.toString('hex', 0, 2);
  if (mark !== 'fffe' && mark !== 'feff') return undefined;
  return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be', { fatal: true });
}

function decoderFor(file: string, encoding: string): Decoder | undefined {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    // Each line of UTF-8 is validated later.
    return decoder.encoding === 'utf-8' ? undefined : decoder;
  } catch (cause) {
    const fault = `there is no encoding ${JSON.stringify(encoding)}; write latin1, utf-16le, shift_jis …`;
    throw new DataError('import-file-unreadable', `${file}: ${fault}`, { cause });
  }
}
