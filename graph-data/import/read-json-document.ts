import { JSONParser } from '@streamparser/json';
import { DataError, messageOf } from '../errors.ts';

/**
 * The elements of the list at the path `root` of a JSON document, in batches while the document is read: memory holds one
 * element and one batch. Throws `import-file-unreadable` if the file is not JSON, not UTF-8 or truncated.
 */
export async function* jsonElements(
  file: string,
  chunks: AsyncIterable<Buffer>,
  root: readonly string[],
): AsyncGenerator<unknown[]> {
  const parser = new JSONParser({ paths: [['$', ...root, '*'].join('.')], keepStack: false });
  let elements: unknown[] = [];
  parser.onValue = ({ value }) => void elements.push(value);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of chunks) {
      // In parts, so that a batch stays small however well the file is compressed.
      for (let at = 0; at < chunk.length; at += partBytes) {
        parser.write(decoder.decode(chunk.subarray(at, at + partBytes), { stream: true }));
        if (elements.length > 0) yield elements;
        elements = [];
      }
    }
    parser.write(decoder.decode());
    if (!parser.isEnded) throw new Error('it ends in the middle of a value');
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('import-file-unreadable', `cannot read ${file} as JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
  if (elements.length > 0) yield elements;
}

const partBytes = 2 ** 16;
