import type { PinwalkGraphology } from './graphology-view.ts';

type Value = string | number | boolean;
/** Attribute types of GraphML. */
type ValueType = 'string' | 'double' | 'boolean';

/**
 * Formats a graph as GraphML (graphml.graphdrawing.org), for which Graphology has no writer: nodes and edges with their
 * string, number and boolean attributes. An attribute whose values have several types is written as strings.
 */
export function graphml(graph: PinwalkGraphology): string {
  const keys = { node: new Map<string, ValueType>(), edge: new Map<string, ValueType>() };
  graph.forEachNode((_node, attributes) => collectTypes(keys.node, attributes));
  graph.forEachEdge((_edge, attributes) => collectTypes(keys.edge, attributes));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
  ];
  for (const element of ['node', 'edge'] as const) {
    for (const [name, type] of keys[element]) {
      const id = escaped(`${element}.${name}`);
      lines.push(`  <key id="${id}" for="${element}" attr.name="${escaped(name)}" attr.type="${type}"/>`);
    }
  }
  lines.push('  <graph edgedefault="undirected">');
  graph.forEachNode((node, attributes) => {
    lines.push(`    <node id="${escaped(node)}">${dataOf('node', attributes)}</node>`);
  });
  graph.forEachEdge((edge, attributes, source, target) => {
    const ends = `source="${escaped(source)}" target="${escaped(target)}"`;
    lines.push(`    <edge id="${escaped(edge)}" ${ends}>${dataOf('edge', attributes)}</edge>`);
  });
  lines.push('  </graph>', '</graphml>', '');
  return lines.join('\n');
}

function collectTypes(types: Map<string, ValueType>, attributes: object): void {
  for (const [name, value] of valuesOf(attributes)) {
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string';
    types.set(name, types.has(name) && types.get(name) !== type ? 'string' : type);
  }
}

function dataOf(element: 'node' | 'edge', attributes: object): string {
  return valuesOf(attributes)
    .map(([name, value]) => `<data key="${escaped(`${element}.${name}`)}">${escaped(String(value))}</data>`)
    .join('');
}

function valuesOf(attributes: object): [string, Value][] {
  return Object.entries(attributes).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  ) as [string, Value][];
}

/** Escapes text for XML content and quoted attribute values. */
function escaped(text: string): string {
  return xmlText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}

/** Replaces the characters that XML forbids by U+FFFD: control characters, lone surrogates, U+FFFE and U+FFFF. */
export function xmlText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
