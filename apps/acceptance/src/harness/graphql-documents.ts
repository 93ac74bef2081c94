import fc from 'fast-check';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { callOf, rootFields } from './graphql.js';

/** What is posted, whatever it is. */
export interface Posted {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null;
}

const HOSTILE = [
  '',
  '\0',
  '\ud800',
  '‮',
  '../..',
  '{',
  'x'.repeat(3_000),
  'null',
  '%',
  "'; DROP TABLE files; --",
  '🗂️',
];

/** Documents of every kind: mostly right for the schema, changed here and there, deep, repeated, with variables that do not fit, and noise. */
export function documents(schema: GraphQLSchema, ids: readonly string[], seed: number): fc.Arbitrary<Posted> {
  const known = new Known(schema, ids);
  return fc.oneof(
    { weight: 5, arbitrary: known.operation().map((query) => ({ query })) },
    {
      weight: 4,
      arbitrary: mutated(fc.constantFrom(...fc.sample(known.operation(), { numRuns: 200, seed }))).map((query) => ({
        query,
      })),
    },
    { weight: 3, arbitrary: known.call() },
    { weight: 2, arbitrary: known.oldest().map((query) => ({ query })) },
    { weight: 1, arbitrary: deep().map((query) => ({ query })) },
    { weight: 1, arbitrary: repeated().map((query) => ({ query })) },
    { weight: 2, arbitrary: soup().map((query) => ({ query })) },
  );
}

const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const anyJson = fc.jsonValue({ maxDepth: 4 });

/** Documents and values that know the schema. */
class Known {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly ids: readonly string[],
  ) {}

  operation(): fc.Arbitrary<string> {
    const roots = (['query', 'mutation'] as const).map((kind) => {
      const type = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType();
      return this.selection(type as GraphQLObjectType, 4).map((selection) => `${kind} ${selection}`);
    });
    return fc.oneof(...roots);
  }

  /** A right question for what was there first. */
  oldest(): fc.Arbitrary<string> {
    const lists = Object.values(this.schema.getQueryType()?.getFields() ?? {}).filter(
      ({ args }) => args.some(({ name }) => name === 'first') && !args.some(({ type }) => isNonNullType(type)),
    );
    return fc.constantFrom(...lists).chain(({ name, args, type }) => {
      const order = args.some((arg) => arg.name === 'order') ? ', order: asc' : '';
      const node = isObjectType(type) && getNamedType(type.getFields()['edges']?.type);
      const below = isObjectType(node) ? this.selection(node, 2) : fc.constant('{ __typename }');
      return below.map((selection) => `{ ${name}(first: 3${order}) { edges ${selection} } }`);
    });
  }

  /** One root field by variables, of which some do not fit. */
  call(): fc.Arbitrary<Posted> {
    return fc
      .record({
        field: fc.constantFrom(...rootFields(this.schema)),
        id: fc.oneof(fc.constantFrom(...this.ids), anyText),
        spoilt: fc.dictionary(
          fc.constantFrom('input', 'id', 'fileId', 'first', 'filter', 'subject', 'changes'),
          anyJson,
          { maxKeys: 2 },
        ),
        operationName: fc.option(fc.constantFrom('A', ''), { nil: undefined, freq: 8 }),
      })
      .map(({ field, id, spoilt, operationName }) => {
        const { query, variables } = callOf(field, { id });
        return { query, variables: { ...variables, ...spoilt }, ...(operationName !== undefined && { operationName }) };
      });
  }

  /** Some of the plain fields and a few of those below, each once: the same one with other arguments is a conflict. */
  private selection(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
    const fields = Object.values(type.getFields());
    const plain = fields.filter((field) => !isObjectType(getNamedType(field.type)));
    const below = depth > 0 ? fields.filter((field) => isObjectType(getNamedType(field.type))) : [];
    return fc
      .tuple(
        fc.subarray(plain),
        fc.subarray(below, { minLength: Math.min(1, below.length), maxLength: Math.min(2, below.length) }),
      )
      .chain(([some, deeper]) => fc.tuple(...[...some, ...deeper].map((field) => this.field(field, depth))))
      .chain((texts) =>
        fc.constantFrom(
          `{ __typename ${texts.join(' ')} }`,
          `{ __typename ... on ${type.name} { __typename ${texts.join(' ')} } }`,
        ),
      );
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): fc.Arbitrary<string> {
    const type = getNamedType(field.type);
    const below = isObjectType(type) ? this.selection(type, depth - 1) : fc.constant('');
    const alias = rarely(fc.constantFrom('a', 'b', 'id', '__x'), 30);
    const directive = rarely(
      fc.constantFrom(' @skip(if: false)', ' @include(if: true)', ' @requires(scope: "x")'),
      30,
    ).map((text) => text ?? '');
    return fc
      .record({ args: this.arguments(field.args), below, alias, directive })
      .map(
        (one) =>
          `${one.alias === undefined ? '' : `${one.alias}: `}${field.name}${one.args}${one.directive} ${one.below}`,
      );
  }

  private arguments(args: readonly GraphQLArgument[]): fc.Arbitrary<string> {
    if (args.length === 0) return fc.constant('');
    const all = args.map(({ name, type }) =>
      given(type, this.literal(type, 3)).map((value) => value && `${name}: ${value}`),
    );
    return fc.tuple(...all).map((texts) => {
      const some = texts.filter((text) => text !== undefined && text !== '');
      return some.length === 0 ? '' : `(${some.join(', ')})`;
    });
  }

  private literal(type: GraphQLInputType, depth: number): fc.Arbitrary<string> {
    if (isNonNullType(type)) return this.literal(type.ofType, depth);
    if (isListType(type)) return this.literal(type.ofType, depth).map((item) => `[${item}]`);
    if (isEnumType(type))
      return rarely(fc.constantFrom('nothing', '1'), 20).chain((wrong) =>
        wrong === undefined ? fc.constantFrom(...type.getValues().map(({ name }) => name)) : fc.constant(wrong),
      );
    if (isInputObjectType(type)) {
      if (depth === 0) return fc.constant('{}');
      const members = Object.values(type.getFields()).map((field) =>
        given(field.type, this.literal(field.type, depth - 1)).map((value) =>
          value === undefined ? '' : `${field.name}: ${value}`,
        ),
      );
      return fc.tuple(...members).map((texts) => `{ ${texts.filter(Boolean).join(', ')} }`);
    }
    return fc.oneof(
      { weight: 40, arbitrary: this.scalar(type.name) },
      fc.constant('null'),
      fc.constant('$v'),
      fc.constant('{}'),
    );
  }

  private scalar(name: string): fc.Arbitrary<string> {
    const quoted = anyText.map((text) => JSON.stringify(text));
    switch (name) {
      case 'ID':
        return fc.oneof(
          fc.constantFrom(...this.ids).map((id) => `"${id}"`),
          quoted,
        );
      case 'Int':
        return fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom('1', '2', '5', '10') },
          fc.constantFrom('0', '200', '-1', '201'),
          fc.integer().map(String),
        );
      case 'BigInt':
        return fc.oneof(fc.constantFrom('1', '"10"', '9007199254740992', '-5', '1.5'), fc.bigInt().map(String));
      case 'Boolean':
        return fc.constantFrom('true', 'false');
      case 'DateTime':
        return fc.oneof(
          fc.constantFrom(
            '"2026-01-01T00:00:00Z"',
            '"yesterday"',
            '"2999-01-01T00:00:00+01:00"',
            '"-000001-01-01T00:00:00Z"',
          ),
          quoted,
        );
      case 'JSONObject':
        return fc.constantFrom('{}', '{ a: 1 }', '{ a: { b: [null, "x"] } }', '{ __proto__: { a: 1 } }', '[1]', '"{}"');
      default:
        return quoted;
    }
  }
}

/** Undefined but for one of `often` times. */
function rarely<T>(value: fc.Arbitrary<T>, often: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: often - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

/** What must be given mostly is, what may be given sometimes. */
function given(type: GraphQLInputType, value: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
  return isNonNullType(type) ? fc.option(value, { nil: undefined, freq: 60 }) : rarely(value, 8);
}

/** The same with pieces cut out, doubled or put in. */
function mutated(documents: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 12 }),
    put: fc.oneof(
      fc.constantFrom('', '{', '}', '"', '"""', '...', '@skip', '$v', ':', '(', ')', '\ufeff', '#', '…', '\\u', '&'),
      anyText,
    ),
  });
  return fc.tuple(documents, fc.array(change, { minLength: 1, maxLength: 4 })).map(([document, changes]) =>
    changes.reduce((text, { at, length, put }) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + put + text.slice(start + length);
    }, document),
  );
}

const deep = (): fc.Arbitrary<string> =>
  fc
    .record({
      levels: fc.integer({ min: 1, max: 400 }),
      open: fc.constantFrom('{ parent ', '{ ... on Folder ', '{ a: ', '[', '{ folder(id: "x") '),
    })
    .map(
      ({ levels, open }) =>
        `{ folder(id: "a") ${open.repeat(levels)}{ id }${(open === '[' ? ']' : '}').repeat(levels)} }`,
    );

const repeated = (): fc.Arbitrary<string> =>
  fc
    .record({
      count: fc.integer({ min: 1, max: 400 }),
      piece: fc.constantFrom(
        '__typename ',
        'a: __typename ',
        'fileTypes { id } ',
        '...F ',
        'x: files { edges { cursor } } ',
      ),
    })
    .map(({ count, piece }) => `{ ${piece.repeat(count)} } fragment F on Query { __typename }`);

const soup = (): fc.Arbitrary<string> =>
  fc.oneof(
    anyText,
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '{',
            '}',
            '(',
            ')',
            '[',
            ']',
            ':',
            '$',
            '!',
            '...',
            '@',
            'query',
            'mutation',
            'fragment',
            'on',
            'F',
            'files',
            '"x"',
            '1',
            'subscription',
          ),
          anyText,
        ),
        { maxLength: 40 },
      )
      .map((tokens) => tokens.join(' ')),
    anyJson.map((value) => JSON.stringify(value)),
  );
