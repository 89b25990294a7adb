import type { RecommendationBody } from '../address/index.ts';

/** The request as a shell command. It takes the key from the environment instead of containing it. */
export function curlOf(origin: string, body: RecommendationBody, hasKey: boolean): string {
  const headers = [
    "-H 'Content-Type: application/json'",
    ...(hasKey ? ['-H "Authorization: Bearer $PINWALK_KEY"'] : []),
  ];
  const parts = [`curl ${origin}/v1/recommendations`, ...headers, `-d ${quoted(JSON.stringify(body))}`];
  return parts.join(' \\\n  ');
}

/** Any text as one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
