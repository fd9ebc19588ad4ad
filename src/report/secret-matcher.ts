/** A part of a text. */
interface Place {
  start: number;
  end: number;
}

/** Where the secrets of a set are in a text: in order, those that overlap or touch as one. */
export type FindSecrets = (text: string) => Place[];

/** Shorter beginnings of a secret are in ordinary words. */
const shortestPart = 4;

const [ellipsis, space] = ["…".charCodeAt(0), " ".charCodeAt(0)];

/** Finds secrets, and what is left of one at an ellipsis, where a text was cut. */
export function secretFinder(secrets: ReadonlySet<string>): FindSecrets {
  const forwards = matcher(secrets, (text, index) => text.charCodeAt(index));
  /** Made when a text needs it: few do. */
  let backwards: FindSecrets | undefined;
  return (text) => {
    const places = forwards(text);
    if (!text.includes("…")) return places;
    backwards ??= matcher(secrets, (of, index) => of.charCodeAt(of.length - 1 - index));
    const ends = backwards(text).map(({ start, end }) => ({ start: text.length - end, end: text.length - start }));
    return [...places, ...ends]
      .sort((a, b) => a.end - b.end)
      .reduce<Place[]>((merged, { start, end }) => addPlace(merged, start, end), []);
  };
}

/** Adds a place that ends after all others. */
function addPlace(places: Place[], from: number, end: number): Place[] {
  let start = from;
  for (let last = places.at(-1); last !== undefined && last.end >= start; last = places.at(-1)) {
    start = Math.min(start, last.start);
    places.pop();
  }
  places.push({ start, end });
  return places;
}

/**
 * Finds all secrets of a set at once, by the automaton of Aho and Corasick: in time and memory that grow with the text and the secrets,
 * and not with their product, since both may be a stranger's. Where an ellipsis follows, with a space or without, it also finds the
 * beginning of a secret.
 */
function matcher(secrets: ReadonlySet<string>, codeAt: (text: string, index: number) => number): FindSecrets {
  /** The characters of secrets by their codes, numbered: small numbers make small keys. */
  const letters = new Map<number, number>();
  for (const secret of secrets)
    for (let index = 0; index < secret.length; index++)
      letters.set(secret.charCodeAt(index), letters.get(secret.charCodeAt(index)) ?? letters.size);

  /** Nodes are beginnings of secrets; the first is the empty one. */
  const children = new Map<number, number>();
  const depths = [0];
  const keys = [0];
  const whole = new Set<number>();
  for (const secret of secrets) {
    let node = 0;
    for (let index = 0; index < secret.length; index++) {
      const key = node * letters.size + (letters.get(codeAt(secret, index)) ?? 0);
      const child = children.get(key);
      if (child === undefined) {
        node = keys.push(key) - 1;
        depths.push(index + 1);
        children.set(key, node);
      } else node = child;
    }
    whole.add(node);
  }

  /** The longest other beginning with which each ends. */
  const fallbacks = new Int32Array(depths.length);
  /** The length of the longest secret with which each ends. */
  const lengths = new Int32Array(depths.length);
  const depthOf = (node: number) => depths[node] ?? 0;
  const step = (from: number, letter: number | undefined): number => {
    if (letter === undefined) return 0;
    for (let node = from; ; node = fallbacks[node] ?? 0) {
      const child = children.get(node * letters.size + letter);
      if (child !== undefined) return child;
      if (node === 0) return 0;
    }
  };
  const byDepth = Int32Array.from(depths.keys()).sort((a, b) => depthOf(a) - depthOf(b));
  for (const node of byDepth.subarray(1)) {
    const key = keys[node] ?? 0;
    const parent = Math.floor(key / letters.size);
    const fallback = parent === 0 ? 0 : step(fallbacks[parent] ?? 0, key % letters.size);
    fallbacks[node] = fallback;
    lengths[node] = whole.has(node) ? depthOf(node) : (lengths[fallback] ?? 0);
  }

  return (text) => {
    const places: Place[] = [];
    let node = 0;
    let before = 0;
    for (let index = 0; index < text.length; index++) {
      const code = codeAt(text, index);
      if (code === ellipsis) {
        const isApart = index > 0 && codeAt(text, index - 1) === space;
        const end = isApart ? index - 1 : index;
        const depth = depthOf(isApart ? before : node);
        if (depth >= shortestPart) addPlace(places, end - depth, end);
      }
      before = node;
      node = step(node, letters.get(code));
      const length = lengths[node] ?? 0;
      if (length > 0) addPlace(places, index + 1 - length, index + 1);
    }
    return places;
  };
}
