import asyncApi from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { ASYNC_API_MESSAGES, asyncApiDocument, type AsyncApiMessage } from './async-api.js';
import { asyncApiExamples } from './async-api.examples.js';
import { cloudEvent } from './cloud-event.js';
import { attachFilePayload } from './attach-file.js';
import { webhookTest } from './webhook-test.js';

// Formats are annotations in draft 07.
const ajv = () => new Ajv({ strict: false, validateFormats: false, allErrors: true });
const names = Object.keys(ASYNC_API_MESSAGES) as AsyncApiMessage[];

const ownSchema = (name: AsyncApiMessage) =>
  name === 'attachFile' ? attachFilePayload : name === 'webhookTest' ? webhookTest : cloudEvent;

interface Document {
  readonly channels: Record<string, { messages: Record<string, { $ref: string }> }>;
  readonly operations: Record<string, { channel: { $ref: string }; messages: { $ref: string }[] }>;
  readonly components: { messages: Record<string, { payload: object }> };
}

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument() as Document;

  it('is one by the schema of AsyncAPI 3.0', () => {
    const validate = ajv().compile(asyncApi.schemasWithoutId['3.0.0'] as object);
    validate(document);
    expect(validate.errors).toBeNull();
    const broken = { ...document, channels: { x: { address: 1 } } };
    expect(validate(broken)).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) =>
      path.split('/'),
    );
    expect(refs.length).toBeGreaterThan(8);
    for (const path of refs) {
      const found = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
      expect([path, typeof found]).toEqual([path, 'object']);
    }
  });

  it.each(names)('has examples of %s that both its schema and our own take', (name) => {
    const validate = ajv().compile(document.components.messages[name]?.payload ?? false);
    expect(asyncApiExamples[name].length).toBeGreaterThan(0);
    for (const { payload } of asyncApiExamples[name]) {
      expect(ASYNC_API_MESSAGES[name].parse(payload)).toEqual(payload);
      expect(ownSchema(name).parse(payload)).toEqual(payload);
      validate(payload);
      expect(validate.errors).toBeNull();
      for (const member of Object.keys(payload))
        expect([member, validate({ ...payload, [member]: undefined })]).toEqual([member, false]);
    }
  });
});
