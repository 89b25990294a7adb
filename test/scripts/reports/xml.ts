/** A parsed element. The parser is written from the definition of XML, to check the output of reports. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
  /** All descendants with that name. */
  all(name: string): Generator<XmlElement>;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Parses one element. Throws if it is not well-formed; comments and instructions are not supported. */
export function parseXml(text: string): XmlElement {
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at}: ${text.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpMatchArray => {
    const found = text.slice(at).match(pattern) ?? fail(`no ${pattern.source}`);
    at += found[0].length;
    return found;
  };
  const decoded = (raw: string): string => {
    // eslint-disable-next-line no-control-regex
    if (/[<\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(raw) || !raw.isWellFormed())
      fail('an invalid character');
    return raw.replaceAll(
      /&([^;]*);?/g,
      (_, name: string) => entities[name] ?? fail(`unknown entity ${name}`),
    );
  };
  const element = (): XmlElement => {
    const name = take(/^<([a-zA-Z][\w:-]*)/)[1]!;
    const attributes: Record<string, string> = {};
    while (!/^\s*\/?>/.test(text.slice(at, at + 3))) {
      const [, key, value] = take(/^\s+([a-zA-Z][\w:-]*)="([^"]*)"/);
      if (attributes[key!] !== undefined) fail(`duplicate attribute ${key}`);
      attributes[key!] = decoded(value!);
    }
    const children: (XmlElement | string)[] = [];
    if (take(/^\s*(\/?)>/)[1] === '') {
      while (!text.startsWith('</', at)) {
        children.push(text[at] === '<' ? element() : decoded(take(/^[^<]+/)[0]));
      }
      take(new RegExp(`^</${name}>`));
    }
    const all = function* (wanted: string): Generator<XmlElement> {
      for (const child of children) {
        if (typeof child === 'string') continue;
        if (child.name === wanted) yield child;
        yield* child.all(wanted);
      }
    };
    return { name, attributes, children, all };
  };
  const root = element();
  take(/^\s*$/);
  return root;
}

/** All texts in an element. */
export function textsOf({ children }: XmlElement): string[] {
  return children.flatMap((child) => (typeof child === 'string' ? [child] : textsOf(child)));
}
