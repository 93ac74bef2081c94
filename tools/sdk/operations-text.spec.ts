import { describe, expect, it } from '@jest/globals';
import { operationsText } from './operations-text.ts';
import { typeOf } from './schema-type.ts';

describe('the types of a schema', () => {
  it.each([
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, '(number) | (null)'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: 'PUT' }, '"PUT"'],
    [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
    [{ type: 'array', items: { type: 'boolean' } }, 'readonly (boolean)[]'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Readonly<Record<string, string>>'],
    [{ type: 'object', properties: {} }, 'Readonly<Record<string, never>>'],
    [{}, 'unknown'],
  ])('%j', (schema, text) => {
    expect(typeOf(schema)).toBe(text);
  });

  it('an unknown type is an error', () => {
    expect(() => typeOf({ type: 'decimal' })).toThrow('decimal');
  });
});

describe('operationsText', () => {
  it('has each door for clients, with query, body and answer', () => {
    const text = operationsText({
      components: {
        schemas: { Problem: { type: 'object', properties: { code: { enum: ['A'] } }, required: ['code'] } },
      },
      paths: {
        '/health/live': { get: { responses: {} } },
        '/v1/things/{id}': {
          get: {
            summary: 'One thing',
            parameters: [{ name: 'limit', in: 'query', description: 'Most items', schema: { type: 'integer' } }],
            responses: {
              200: { content: { 'application/json': { schema: { type: 'string' } } } },
              404: { content: { 'application/json': { schema: { type: 'number' } } } },
            },
          },
        },
      },
    });
    expect(text).toContain('export type Problem = {\nreadonly "code": "A";\n};');
    expect(text).toContain('/** One thing */\n"GET /v1/things/{id}": {');
    expect(text).toContain('/** Most items */\nreadonly "limit"?: number | undefined;');
    expect(text).toContain('readonly answer: (string);');
    expect(text).not.toContain('health');
  });
});
