import { buildSchema, getOperationAST, parse } from 'graphql';
import { measure } from './measure.js';

const schema = buildSchema(`
  type Query { files(first: Int = 50): Connection file: File parts(first: Int = 1000): Parts }
  type Connection { edges: [Edge!]! hasMore: Boolean }
  type Edge { node: File! }
  type File { id: ID! size: Int subjects: [Subject!]! files(first: Int = 10): Connection parent: File }
  type Subject { id: ID! }
  type Parts { parts: [Subject!]! }
`);

function measured(text: string, variables: Record<string, unknown> = {}, maxCost = 1_000_000) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return measure(schema, document, operation, variables, maxCost);
}

it.each([
  ['{ file { id size } }', 3],
  ['{ files { hasMore } }', 1 + 50],
  ['{ files(first: 3) { edges { node { id } } } }', 1 + 3 * 3],
  ['{ files(first: 3) { edges { node { files(first: 7) { edges { node { id size } } } } } } }', 1 + 3 * (3 + 7 * 4)],
  ['{ file { subjects { id } } }', 2 + 10],
  ['{ parts { parts { id } } }', 1 + 1000 * 2],
  ['{ files(first: null) { hasMore } }', 1 + 50],
  ['{ files(first: 0) { hasMore } }', 1 + 200],
  ['{ __schema { types { name } } }', 1],
])('S33 %s costs %d', (text, cost) => {
  expect(measured(text).cost).toBe(cost);
});

it.each([
  [{ n: 5 }, 'query ($n: Int) { files(first: $n) { hasMore } }', 1 + 5],
  [{}, 'query ($n: Int) { files(first: $n) { hasMore } }', 1 + 50],
  [{}, 'query ($n: Int = 7) { files(first: $n) { hasMore } }', 1 + 7],
  [{ n: null }, 'query ($n: Int = 7) { files(first: $n) { hasMore } }', 1 + 50],
  [{ n: 'many' }, 'query ($n: Int) { files(first: $n) { hasMore } }', 1 + 200],
])('S33 with %j, %s costs %d', (variables, text, cost) => {
  expect(measured(text, variables).cost).toBe(cost);
});

it('S33 counts fragments written out', () => {
  const text =
    '{ a: file { ...F ... on File { b: id } } } fragment F on File { parent { ...G } } fragment G on File { c: id size }';
  expect(measured(text)).toEqual({ cost: 5, depth: 3, aliases: 3, rootFields: 1 });
});

it('S33 stops counting once it is too much', () => {
  const bomb = Array.from({ length: 40 }, (_, n) => `fragment F${n} on File { ...F${n + 1} ...F${n + 1} }`).join(' ');
  expect(measured(`{ file { ...F0 } } ${bomb} fragment F40 on File { id }`, {}, 1_000).cost).toBeGreaterThan(1_000);
});
