import type { RecommendationBody } from '../address/index.ts';

/** The call as a command for a shell. The key is not in it: it is taken from the environment. */
export function curlOf(origin: string, body: RecommendationBody, hasKey: boolean): string {
  const headers = [
    "-H 'Content-Type: application/json'",
    ...(hasKey ? ['-H "Authorization: Bearer $PINWALK_KEY"'] : []),
  ];
  const parts = [`curl ${origin}/v1/recommendations`, ...headers, `-d ${quoted(JSON.stringify(body))}`];
  return parts.join(' \\\n  ');
}

/** As one word of a POSIX shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
