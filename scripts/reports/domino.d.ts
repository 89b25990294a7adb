/** The types of the package are for an older name. Declares only what draw.ts reads of a document. */
declare module '@mixmark-io/domino' {
  export interface DomNode {
    /** 1 element, 3 text. */
    readonly nodeType: number;
    readonly localName: string;
    readonly data: string;
    readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
    readonly childNodes: ArrayLike<DomNode>;
  }
  const domino: { createDocument(html: string): unknown };
  export default domino;
}
