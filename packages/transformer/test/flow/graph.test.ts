/** The constraint graph: what flows along edges, and what happens at places where too much arrives. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { createGraph } from '../../src/flow/graph.js';

interface Letter {
  readonly kind: 'letter';
  readonly name: string;
}

const letter = (name: string): Letter => ({ kind: 'letter', name });
const MANY = Array.from({ length: 40 }, (_, i) => letter(`n${i}`));
const names = (tokens: readonly (Letter | { readonly kind: 'any' })[]) =>
  tokens.map((token) => (token.kind === 'any' ? 'any' : token.name)).sort();

describe('a place', () => {
  it('gets what flows along edges and round circles', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    const [a, b, c] = [graph.vertex(), graph.vertex(), graph.vertex()];
    graph.edge(a, b);
    graph.edge(b, c);
    graph.edge(c, a);
    graph.add(b, letter('x'));
    graph.drain();
    graph.add(a, letter('y'));
    graph.drain();
    for (const place of [a, b, c]) expect(names(graph.at(place))).toEqual(['x', 'y']);
  });

  it('tells watchers of each token, before and after', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    const place = graph.vertex();
    graph.add(place, letter('x'));
    graph.drain();
    const seen: string[] = [];
    graph.watch(place, (token) => seen.push(...names([token])));
    graph.add(place, letter('y'));
    graph.add(place, letter('y'));
    graph.drain();
    expect(seen).toEqual(['x', 'y']);
  });

  it('holds any value once too much arrives, and hands on only that', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    const [from, to] = [graph.vertex(), graph.vertex()];
    for (const token of MANY) graph.add(from, token);
    graph.edge(from, to);
    graph.drain();
    expect(names(graph.at(from))).toEqual(['any']);
    expect(names(graph.at(to))).toEqual(['any']);
    expect(graph.allAt(undefined)).toHaveLength(MANY.length);
  });
});

describe('hidden tokens', () => {
  it('flow along edges, and only those see them who ask', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    const [from, to] = [graph.vertex(), graph.vertex()];
    graph.edge(from, to);
    const seen: string[] = [];
    graph.watch(to, (token) => seen.push(`seen ${names([token])}`));
    graph.watchHidden(to, (token) => seen.push(`hidden ${names([token])}`));
    graph.addHidden(from, letter('x'));
    graph.drain();
    expect(seen).toEqual(['hidden x']);
    expect(graph.isEmpty(to)).toBe(true);
  });

  it('are any where there are too many, which makes nothing of what the place holds', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    const place = graph.vertex();
    graph.add(place, letter('x'));
    for (const token of MANY) graph.addHidden(place, token);
    graph.drain();
    const seen: string[] = [];
    graph.watchHidden(place, (token) => seen.push(...names([token])));
    expect(seen).toEqual(['any']);
    expect(names(graph.at(place))).toEqual(['x']);
    expect(graph.allAt(undefined)).toEqual([]);
  });
});

describe('a kept place', () => {
  it('knows everything that has arrived, also before it was kept', () => {
    const graph = createGraph<Letter>(({ name }) => name);
    graph.add(graph.place('p'), letter('early'));
    const kept = graph.keptPlace('p');
    const seen: string[] = [];
    graph.watchAll(kept, (token) => seen.push(...names([token])));
    for (const token of MANY) graph.add(kept, token);
    graph.drain();
    expect(graph.allAt(kept)).toHaveLength(MANY.length + 1);
    expect(new Set(seen).size).toBe(MANY.length + 1);
    expect(names(graph.at(kept))).toEqual(['any']);
  });
});

describe('many functions under one name', () => {
  const COUNT = 1500;
  const range = Array.from({ length: COUNT }, (_, i) => i);
  // As in minified code: every call of `.e` may run each function, every variable may hold each object.
  const text = `
    const fs = require('fs');
    ${range.map((i) => `const o${i} = { e: function f${i}(a) { return a.e(o${(i * 7) % COUNT}); } };`).join('\n')}
    o3.e = function reads(a) { return fs.readFileSync(a); };
    let any = o0;
    ${range.map((i) => `any = any.e(o${i}) || o${i};`).join('\n')}
    exports.handler = async (x) => x.e(any);
  `;
  const compilation = compile({
    modules: [{ fileName: '/app.js', text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });

  it('are analysed in time that does not grow with the square of their number, and the blocking one is found', () => {
    expect(compilation.verdicts.map(({ api, status }) => [api, status])).toEqual([['fs.readFileSync', 'partly']]);
  });
});
