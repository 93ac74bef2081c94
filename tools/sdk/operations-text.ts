import { commentOf, membersType, typeOf } from './schema-type.ts';
import type { Schema } from './schema-type.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The parts of an OpenAPI 3.1 document that the types come from. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const JSON_TYPE = 'application/json';
const EVENTS_TYPE = 'text/event-stream';

/**
 * A TypeScript module with the component schemas and `Operations`: for each `METHOD /v1/…` what goes into the query and the
 * JSON body, what the 2xx answer holds (`undefined` where there is no JSON), and the events of a stream. What is not for
 * clients is left out.
 */
export function operationsText({ paths, components }: OpenApiDocument): string {
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)};`,
  );
  const operations = Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => METHODS.has(method))
        .map(([method, operation]) => operationText(`${method.toUpperCase()} ${path}`, operation)),
    );
  return [
    '// Generated from openapi.json by `npm run generate`.\n',
    ...schemas,
    '/** Every door, by method and path. */',
    `export interface Operations {\n${operations.join('\n')}\n}\n`,
  ].join('\n');
}

function operationText(key: string, { summary, parameters = [], requestBody, responses }: Operation): string {
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && !parameter.name.includes('{'))
    .map(({ name, required = false, description, schema }) => ({
      name,
      required,
      schema: description === undefined ? schema : { ...schema, description },
    }));
  const body = requestBody?.content?.[JSON_TYPE]?.schema;
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => content?.[JSON_TYPE]?.schema);
  const answer = answers.map((schema) => (schema === undefined ? 'undefined' : `(${typeOf(schema)})`));
  const events = Object.values(responses).flatMap(({ content }) => content?.[EVENTS_TYPE]?.schema ?? []);
  return `${commentOf(summary)}${JSON.stringify(key)}: {
    readonly query: ${membersType(query)};
    readonly body: ${body === undefined ? 'undefined' : typeOf(body)};
    readonly answer: ${[...new Set(answer)].join(' | ')};
    ${events.map((schema) => `readonly event: ${typeOf(schema)};`).join('')}
  };`;
}
