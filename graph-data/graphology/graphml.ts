import type { PinwalkGraphology } from './graphology-view.ts';

type Value = string | number | boolean;
/** GraphML's names of the types of attributes. */
type ValueType = 'string' | 'double' | 'boolean';

/**
 * A graph as GraphML (graphml.graphdrawing.org): nodes and edges with their attributes that are strings, numbers or
 * booleans. Of our own, as Graphology has a reader of it and no writer. An attribute that has values of several types is
 * written as text.
 */
export function graphml(graph: PinwalkGraphology): string {
  const keys = { node: new Map<string, ValueType>(), edge: new Map<string, ValueType>() };
  graph.forEachNode((_node, attributes) => takeTypes(keys.node, attributes));
  graph.forEachEdge((_edge, attributes) => takeTypes(keys.edge, attributes));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
  ];
  for (const side of ['node', 'edge'] as const) {
    for (const [name, type] of keys[side]) {
      const id = escaped(`${side}.${name}`);
      lines.push(`  <key id="${id}" for="${side}" attr.name="${escaped(name)}" attr.type="${type}"/>`);
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

function takeTypes(types: Map<string, ValueType>, attributes: object): void {
  for (const [name, value] of valuesOf(attributes)) {
    const type = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string';
    types.set(name, types.has(name) && types.get(name) !== type ? 'string' : type);
  }
}

function dataOf(side: 'node' | 'edge', attributes: object): string {
  return valuesOf(attributes)
    .map(([name, value]) => `<data key="${escaped(`${side}.${name}`)}">${escaped(String(value))}</data>`)
    .join('');
}

function valuesOf(attributes: object): [string, Value][] {
  return Object.entries(attributes).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  ) as [string, Value][];
}

/** Text that stands in XML, between tags or between quotes. */
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

/** Text with U+FFFD for what no XML document can hold: control characters, half surrogate pairs, U+FFFE and U+FFFF. */
export function xmlText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
