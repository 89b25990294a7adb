import type { PinContent } from '../../engine/content/index.ts';
import { type PinBoardGraph, sharedInt32Array } from '../../engine/graph/index.ts';
import type { LinearWeights } from '../../engine/linear/index.ts';
import { type Communities, communityLevels } from '../communities.ts';
import type { GraphCounts } from '../database/index.ts';
import type { ContentSizes, SnapshotOptions } from './snapshot-options.ts';

/** Item weights (docs/linear.md): present only if the build computed them. */
const listSectionNames = ['linear.starts', 'linear.pins', 'linear.weights'] as const;
/** The same as a table between boards, where these are few. */
const kernelSectionNames = ['linear.rows', 'linear.kernel', 'linear.factors'] as const;
/** What pins say (docs/content.md): present only if the build found words that pins share. */
const contentSectionNames = [
  'content.words',
  'content.wordStarts',
  'content.rowStarts',
  'content.columns',
  'content.values',
  'content.nearStarts',
  'content.nearPins',
  'content.nearWeights',
] as const;

/**
 * The arrays of a graph and its analysis, in file order; item weights and content follow. Without analysis, its sections are present but
 * empty.
 */
export const sectionNames = [
  'pinToBoard.slices',
  'pinToBoard.neighbors',
  'boardToPin.slices',
  'boardToPin.neighbors',
  'boardToUser',
  'pageRank',
  'communities.pins',
  'communities.boards',
] as const;
type GraphSection = 'boardToUser' | `${'pinToBoard' | 'boardToPin'}.${'slices' | 'neighbors'}`;
export const allSectionNames = [
  ...sectionNames,
  ...listSectionNames,
  ...kernelSectionNames,
  ...contentSectionNames,
] as const;
export type SectionName = (typeof allSectionNames)[number];

/** The sections of a snapshot built with these options, in file order. */
export function sectionNamesOf({ linear, content }: SnapshotOptions): readonly SectionName[] {
  const linearNames = linear?.boards === undefined ? listSectionNames : kernelSectionNames;
  return [
    ...sectionNames,
    ...(linear === undefined ? [] : linearNames),
    ...(hasContent(content) ? contentSectionNames : []),
  ];
}

/** Whether a build found words or vectors that pins share. */
export function hasContent(content: ContentSizes | undefined): boolean {
  return content !== undefined && (content.words > 0 || content.links > 0);
}

/** 32-bit integers, except words, which are UTF-8, PageRank and weights: 32-bit floats, whose error of 6e-8 is below that of the computation. */
export type SectionArray = Int32Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
export type Sections = Record<
  Exclude<(typeof sectionNames)[number], 'pageRank'>,
  Int32Array<SharedArrayBuffer>
> & {
  pageRank: Float32Array<SharedArrayBuffer>;
  'linear.starts'?: Int32Array<SharedArrayBuffer>;
  'linear.pins'?: Int32Array<SharedArrayBuffer>;
  'linear.weights'?: Float32Array<SharedArrayBuffer>;
  'linear.rows'?: Int32Array<SharedArrayBuffer>;
  'linear.kernel'?: Float32Array<SharedArrayBuffer>;
  'linear.factors'?: Float32Array<SharedArrayBuffer>;
} & ContentSections;

interface ContentSections {
  'content.words'?: Int32Array<SharedArrayBuffer>;
  'content.wordStarts'?: Int32Array<SharedArrayBuffer>;
  'content.rowStarts'?: Int32Array<SharedArrayBuffer>;
  'content.columns'?: Int32Array<SharedArrayBuffer>;
  'content.values'?: Float32Array<SharedArrayBuffer>;
  'content.nearStarts'?: Int32Array<SharedArrayBuffer>;
  'content.nearPins'?: Int32Array<SharedArrayBuffer>;
  'content.nearWeights'?: Float32Array<SharedArrayBuffer>;
}

const floatSections = new Set<SectionName>([
  'pageRank',
  'linear.weights',
  'linear.kernel',
  'linear.factors',
  'content.values',
  'content.nearWeights',
]);

/** A zeroed array of a section. */
export function sectionArray(name: SectionName, buffer: SharedArrayBuffer): SectionArray {
  return floatSections.has(name) ? new Float32Array(buffer) : new Int32Array(buffer);
}

/** Results computed on the whole graph. */
export interface Analysis {
  /** PageRank by pin. */
  readonly pageRank: Float32Array<SharedArrayBuffer>;
  readonly communities: Communities;
}

/** The arrays of a graph by section. */
export function sectionsOfGraph({
  pinToBoard,
  boardToPin,
  boardToUser,
}: PinBoardGraph): Pick<Sections, GraphSection> {
  return {
    'pinToBoard.slices': pinToBoard.slices,
    'pinToBoard.neighbors': pinToBoard.neighbors,
    'boardToPin.slices': boardToPin.slices,
    'boardToPin.neighbors': boardToPin.neighbors,
    boardToUser,
  };
}

/** The arrays by section. */
export function sectionsOf(
  graph: PinBoardGraph,
  {
    analysis,
    linear,
    content,
  }: {
    readonly analysis: Analysis | undefined;
    readonly linear: LinearWeights | undefined;
    readonly content: PinContent | undefined;
  },
): Sections {
  return {
    ...sectionsOfGraph(graph),
    pageRank: analysis?.pageRank ?? new Float32Array(new SharedArrayBuffer(0)),
    'communities.pins': analysis?.communities.pins ?? sharedInt32Array(0),
    'communities.boards': analysis?.communities.boards ?? sharedInt32Array(0),
    ...(linear &&
      ('kernel' in linear
        ? { 'linear.rows': linear.rows, 'linear.kernel': linear.kernel, 'linear.factors': linear.factors }
        : { 'linear.starts': linear.starts, 'linear.pins': linear.pins, 'linear.weights': linear.weights })),
    ...(content && sectionsOfContent(content)),
  };
}

function sectionsOfContent({ words, rows, near }: PinContent): ContentSections {
  return {
    'content.words': new Int32Array(words.bytes.buffer),
    'content.wordStarts': words.starts,
    'content.rowStarts': rows.starts as Int32Array<SharedArrayBuffer>,
    'content.columns': rows.columns as Int32Array<SharedArrayBuffer>,
    'content.values': rows.values as Float32Array<SharedArrayBuffer>,
    'content.nearStarts': near.starts,
    'content.nearPins': near.pins,
    'content.nearWeights': near.weights,
  };
}

/** Size of each section in bytes. */
export function sectionBytes(
  counts: GraphCounts,
  { analysis, linear, content }: SnapshotOptions,
): Record<SectionName, number> {
  const analysed = analysis ? counts : { pins: 0, boards: 0 };
  return {
    'pinToBoard.slices': 8 * counts.pins,
    'pinToBoard.neighbors': 4 * counts.saves,
    'boardToPin.slices': 8 * counts.boards,
    'boardToPin.neighbors': 4 * counts.saves,
    boardToUser: 4 * counts.boards,
    pageRank: 4 * analysed.pins,
    'communities.pins': 4 * communityLevels * analysed.pins,
    'communities.boards': 4 * communityLevels * analysed.boards,
    'linear.starts': linear === undefined ? 0 : 4 * (counts.pins + 1),
    'linear.pins': 4 * (linear?.weights ?? 0),
    'linear.weights': 4 * (linear?.weights ?? 0),
    'linear.rows': 4 * counts.boards,
    'linear.kernel': 4 * (linear?.weights ?? 0),
    'linear.factors': 8 * counts.pins,
    'content.words': content?.wordBytes ?? 0,
    'content.wordStarts': 4 * ((content?.words ?? 0) + 1),
    'content.rowStarts': 4 * (counts.pins + 1),
    'content.columns': 4 * (content?.entries ?? 0),
    'content.values': 4 * (content?.entries ?? 0),
    'content.nearStarts': 4 * (counts.pins + 1),
    'content.nearPins': 4 * (content?.links ?? 0),
    'content.nearWeights': 4 * (content?.links ?? 0),
  };
}

/** The bytes of an array, without copying. */
export function bytesOf(array: SectionArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
