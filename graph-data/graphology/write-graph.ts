import { graphml, xmlText } from './graphml.ts';
import type { PinwalkGraphology } from './graphology-view.ts';

/** Formats of graph files, named like their file extensions. */
export const graphFileFormats = ['gexf', 'graphml', 'json'] as const;
export type GraphFileFormat = (typeof graphFileFormats)[number];

/** The format of a file name's extension; undefined if it is not one of {@link graphFileFormats}. */
export function graphFormatOf(file: string): GraphFileFormat | undefined {
  return graphFileFormats.find((format) => file.toLowerCase().endsWith(`.${format}`));
}

/**
 * Formats a graph as text: GEXF 1.2 (for Gephi) and JSON by Graphology's writers, GraphML by {@link graphml}. Characters
 * that XML forbids become U+FFFD.
 */
export async function writeGraphology(graph: PinwalkGraphology, format: GraphFileFormat): Promise<string> {
  if (format === 'gexf') {
    // With the XML parser that it brings, every process and thread would load it, and nearly none writes such a file.
    const { default: gexf } = await import('graphology-gexf');
    return gexf.write(graph, { formatNode: gexfNode });
  }
  if (format === 'graphml') return graphml(graph);
  return `${JSON.stringify(graph.export())}\n`;
}

function gexfNode(_node: string, attributes: object): object {
  const { label, ...others } = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? xmlText(value) : value,
    ]),
  );
  return { label, attributes: others };
}
