/**
 * The constraint graph of flow analysis: places that hold tokens, edges along which tokens flow, and watchers of what arrives.
 *
 * In minified code and for common property names, hundreds of functions arrive at a place, and every call of it would become
 * hundreds of edges. A place at which more than {@link LIMIT} tokens arrive therefore holds {@link ANY} and hands on nothing else. So
 * time and memory stay linear in the size of the program. Places that are kept still know what arrived at them.
 */

/** Stands for whatever has arrived at a place that holds too much. */
export interface Any {
  readonly kind: 'any';
}

export const ANY: Any = { kind: 'any' };

/** Tokens that a place holds before it holds any. */
const LIMIT = 32;

export interface Graph<T extends { readonly kind: string }> {
  /** A new place. */
  vertex(): number;
  /** The place that is known by a name; a new one the first time. */
  place(name: string): number;
  /** Whether there is no place of this name yet. */
  isNew(name: string): boolean;
  /** The place of a name, which is kept: {@link watchAll} and {@link allAt} know all that arrives there. */
  keptPlace(name: string): number;
  add(at: number, token: T | Any): void;
  edge(from: number, to: number): void;
  /** Calls `seen` for what a place holds, now or later. */
  watch(at: number, seen: (token: T | Any) => void): void;
  /** The same without {@link ANY}. */
  watchSingle(at: number, seen: (token: T) => void): void;
  /** Calls `seen` for everything that arrives at a kept place, now or later; without a place, for all that {@link ANY} stands for. */
  watchAll(at: number | undefined, seen: (token: T | Any) => void): void;
  /**
   * Lets a token arrive that nobody sees but {@link watchHidden}: it flows along the same edges, and is none of those that a place holds. Where too many of
   * these arrive, they are {@link ANY} as well.
   */
  addHidden(at: number, token: T): void;
  watchHidden(at: number, seen: (token: T | Any) => void): void;
  /** What a place holds. */
  at(vertex: number): (T | Any)[];
  isEmpty(vertex: number): boolean;
  /** All that has arrived at a kept place; without a place, all that {@link ANY} stands for. */
  allAt(at: number | undefined): (T | Any)[];
  /** Lets tokens flow until nothing changes. */
  drain(): void;
  /** The places from which tokens flow to a place at once. For when nothing flows any more. */
  sourcesOf(vertex: number): readonly number[];
}

const NONE: ReadonlySet<number> = new Set();

interface Collection {
  readonly tokens: Set<number>;
  readonly watchers: ((token: number) => void)[];
}

/** @param keyOf identifies a token: two with the same key are one */
export function createGraph<T extends { readonly kind: string }>(keyOf: (token: T) => string): Graph<T> {
  const tokens: (T | Any)[] = [ANY];
  const any = 0;
  const ids = new Map<string, number>();
  // Most places never hold anything, or lead nowhere: their sets are made when they are needed.
  const held: (Set<number> | undefined)[] = [];
  const successors: (Set<number> | undefined)[] = [];
  const watchers: (((token: number) => void)[] | undefined)[] = [];
  const named = new Map<string, number>();
  const kept = new Map<number, Collection>();
  const everything: Collection = { tokens: new Set(), watchers: [] };
  /** Pairs of a place and a token that has arrived there. */
  const queue: number[] = [];
  const hidden = new Map<number, Set<number>>();
  const hiddenWatchers = new Map<number, ((token: number) => void)[]>();
  const hiddenQueue: number[] = [];
  /** Collections that a token has joined, with the token. */
  const joined: { readonly collection: Collection; readonly token: number }[] = [];

  let predecessors: ReadonlyMap<number, readonly number[]> | undefined;

  function intern(token: T | Any): number {
    if (isAny(token)) return any;
    const key = keyOf(token);
    let id = ids.get(key);
    if (id === undefined) {
      id = tokens.push(token) - 1;
      ids.set(key, id);
    }
    return id;
  }
  function vertex(): number {
    held.push(undefined);
    successors.push(undefined);
    return watchers.push(undefined) - 1;
  }
  function place(name: string): number {
    let found = named.get(name);
    if (found === undefined) {
      found = vertex();
      named.set(name, found);
    }
    return found;
  }
  function join(collection: Collection | undefined, token: number): void {
    if (collection === undefined || collection.tokens.has(token)) return;
    collection.tokens.add(token);
    if (collection.watchers.length > 0) joined.push({ collection, token });
  }
  function arrive(at: number, token: number): void {
    const set = held[at] ?? NONE;
    if (set.has(token)) return;
    join(kept.get(at), token);
    if (set.has(any)) {
      join(everything, token);
      return;
    }
    if (token !== any && set.size < LIMIT) {
      if (set === NONE) held[at] = new Set([token]);
      else (set as Set<number>).add(token);
      queue.push(at, token);
      return;
    }
    for (const other of set) join(everything, other);
    if (token !== any) join(everything, token);
    held[at] = new Set([any]);
    queue.push(at, any);
  }
  function arriveHidden(at: number, token: number): void {
    const set = hidden.get(at) ?? new Set();
    if (set.has(token) || set.has(any)) return;
    const arrived = set.size < LIMIT ? token : any;
    hidden.set(at, arrived === any ? new Set([any]) : set.add(token));
    hiddenQueue.push(at, arrived);
  }
  function watchIds(at: number, watcher: (id: number) => void): void {
    const list = watchers[at];
    if (list === undefined) watchers[at] = [watcher];
    else list.push(watcher);
    for (const token of [...(held[at] ?? NONE)]) watcher(token);
  }
  function collectionOf(at: number | undefined): Collection {
    return at === undefined ? everything : (kept.get(at) as Collection);
  }

  return {
    vertex,
    place,
    isNew: (name) => !named.has(name),
    keptPlace(name) {
      const found = place(name);
      if (!kept.has(found)) kept.set(found, { tokens: new Set(held[found] ?? NONE), watchers: [] });
      return found;
    },
    add: (at, token) => arrive(at, intern(token)),
    edge(from, to) {
      if (from === to) return;
      const out = successors[from];
      if (out === undefined) successors[from] = new Set([to]);
      else if (out.has(to)) return;
      else out.add(to);
      for (const token of held[from] ?? NONE) arrive(to, token);
      for (const token of hidden.get(from) ?? NONE) arriveHidden(to, token);
    },
    watch: (at, seen) => watchIds(at, (id) => seen(tokens[id] as T | Any)),
    watchSingle(at, seen) {
      watchIds(at, (id) => {
        if (id !== any) seen(tokens[id] as T);
      });
    },
    watchAll(at, seen) {
      const collection = collectionOf(at);
      const watcher = (id: number) => seen(tokens[id] as T | Any);
      collection.watchers.push(watcher);
      for (const token of [...collection.tokens]) watcher(token);
    },
    addHidden: (at, token) => arriveHidden(at, intern(token)),
    watchHidden(at, seen) {
      const watcher = (id: number) => seen(tokens[id] as T | Any);
      const list = hiddenWatchers.get(at);
      if (list === undefined) hiddenWatchers.set(at, [watcher]);
      else list.push(watcher);
      for (const token of [...(hidden.get(at) ?? NONE)]) watcher(token);
    },
    at: (v) => [...(held[v] ?? NONE)].map((id) => tokens[id] as T | Any),
    isEmpty: (v) => (held[v] ?? NONE).size === 0,
    allAt: (at) => [...collectionOf(at).tokens].map((id) => tokens[id] as T | Any),
    sourcesOf(v) {
      predecessors ??= reversed(successors);
      return predecessors.get(v) ?? [];
    },
    drain() {
      for (;;) {
        if (queue.length > 0) {
          const token = queue.pop() as number;
          const at = queue.pop() as number;
          for (const to of successors[at] ?? NONE) arrive(to, token);
          // Those that come while these are called get the token by themselves.
          for (const watcher of [...(watchers[at] ?? [])]) watcher(token);
          continue;
        }
        const unseen = hiddenQueue.pop();
        if (unseen !== undefined) {
          const at = hiddenQueue.pop() as number;
          for (const to of successors[at] ?? NONE) arriveHidden(to, unseen);
          for (const watcher of [...(hiddenWatchers.get(at) ?? [])]) watcher(unseen);
          continue;
        }
        const next = joined.pop();
        if (next === undefined) return;
        for (const watcher of [...next.collection.watchers]) watcher(next.token);
      }
    },
  };
}

export function isAny(token: { readonly kind: string }): token is Any {
  return token.kind === 'any';
}

function reversed(successors: readonly (ReadonlySet<number> | undefined)[]): Map<number, number[]> {
  const predecessors = new Map<number, number[]>();
  successors.forEach((out, from) => {
    for (const to of out ?? []) {
      const known = predecessors.get(to);
      if (known === undefined) predecessors.set(to, [from]);
      else known.push(from);
    }
  });
  return predecessors;
}
