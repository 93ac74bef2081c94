import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Api } from '../http/api.js';
import { json, localServer } from '../http/local-server.fixture.js';
import { BRIEF } from '../http/patience.js';
import { PartSigner } from './part-signer.js';

describe('PartSigner', () => {
  let asked: number[][];
  let url: string;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    asked = [];
    ({ url, stop } = await localServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { partNumbers } = JSON.parse(body) as { partNumbers: number[] };
        asked.push(partNumbers);
        const round = asked.length;
        json(response, {
          parts: partNumbers.map((partNumber) => ({ partNumber, uploadUrl: `/${round}/${partNumber}` })),
        });
      });
    }));
  });
  afterEach(() => stop());

  const signer = (order: number[]) => new PartSigner(new Api({ url, token: 't' }), 'f', order, BRIEF);

  it('asks once for what several lanes want, sixteen ahead, without what is there', async () => {
    const order = Array.from({ length: 20 }, (_, index) => (index + 1) * 2);
    const four = signer(order);
    await Promise.all([2, 4, 6].map((number) => four.urlOf(number, undefined)));
    expect(asked).toEqual([order.slice(0, 16)]);
    await four.urlOf(34, undefined);
    expect(asked).toEqual([order.slice(0, 16), [34, 36, 38, 40]]);
  });

  it('signs a refused batch once, however many of its URLs are refused', async () => {
    const two = signer([1, 2, 3]);
    const first = await Promise.all([1, 2].map((number) => two.urlOf(number, undefined)));
    const again = await Promise.all([two.urlOf(1, first[0]), two.urlOf(2, first[1])]);
    expect(again.map(({ uploadUrl }) => uploadUrl)).toEqual(['/2/1', '/2/2']);
    expect(asked).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});
