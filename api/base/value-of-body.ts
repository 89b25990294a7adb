import { Problem } from './problems.ts';

/** The value of a body in JSON. Refuses bytes that are no text: replaced, two ids would become one. */
export function valueOfBody(bytes: Uint8Array, contentType: string): unknown {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  const text = decode(bytes, charset);
  // An empty body is one whose fields are all left out.
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('invalid-request', 'the body is not valid JSON');
  }
}

function decode(bytes: Uint8Array, charset: string): string {
  const isUtf8 = charset === 'utf-8' || charset === 'utf8';
  if (!isUtf8 && !/^utf-16(le|be)?$/.test(charset)) {
    throw new Problem('unsupported-media-type', `unsupported charset ${JSON.stringify(charset)}: send UTF-8`);
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid-request', `the body is not valid ${isUtf8 ? 'UTF-8' : 'UTF-16'}`);
  }
}
