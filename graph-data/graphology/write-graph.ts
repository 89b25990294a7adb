import gexf from 'graphology-gexf';
import { graphml, xmlText } from './graphml.ts';
import type { PinwalkGraphology } from './graphology-view.ts';

/** Forms in which a graph can be written to a file, named as their files end. */
export const graphFileFormats = ['gexf', 'graphml', 'json'] as const;
export type GraphFileFormat = (typeof graphFileFormats)[number];

/** The format that a file's name ends in; undefined for any other. */
export function graphFormatOf(file: string): GraphFileFormat | undefined {
  return graphFileFormats.find((format) => file.toLowerCase().endsWith(`.${format}`));
}

/**
 * A graph as the text of a file: GEXF 1.2 (for Gephi) and JSON by Graphology's own writers, GraphML by
 * {@link graphml}. In XML, characters that it cannot hold become U+FFFD.
 */
export function writeGraphology(graph: PinwalkGraphology, format: GraphFileFormat): string {
  if (format === 'gexf') return gexf.write(graph, { formatNode: gexfNode });
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
