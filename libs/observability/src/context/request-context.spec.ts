import fc from 'fast-check';
import { currentContext, currentMeta, identify, runInContext, startContext } from './request-context.js';
import { continueTrace } from './trace-parent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

it('keeps a sane request id and replaces any other', () => {
  expect(startContext({ requestId: 'Abc-123_x.9' }).requestId).toBe('Abc-123_x.9');
  const insane = fc.string({ unit: 'binary' }).filter((id) => !/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id));
  fc.assert(
    fc.property(fc.oneof(insane, fc.constant('x'.repeat(129)), fc.constant(['a'])), (requestId) => {
      expect(startContext({ requestId }).requestId).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});

it('continues a trace with a span of its own, and starts one when there is none', () => {
  expect(continueTrace(`00-${TRACE}-b7ad6b7169203331-01`)).toMatch(
    new RegExp(`^00-${TRACE}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
  );
  for (const wrong of [
    undefined,
    '',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-b7ad6b7169203331-01`,
  ])
    expect(continueTrace(wrong)).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

it('is seen by everything the work awaits, by nothing beside it, and learns who is asking', async () => {
  const context = startContext({ requestId: 'r1' });
  await runInContext(context, async () => {
    await Promise.resolve();
    identify({ tenantId: 't1', actorId: 'u1' });
    await Promise.resolve();
    expect(currentContext()).toEqual({ ...context, tenantId: 't1', actorId: 'u1' });
    expect(currentMeta()).toEqual({ requestId: 'r1', traceparent: context.traceparent });
  });
  expect(currentContext()).toBeUndefined();
  expect(currentMeta()).toEqual({});
  expect(() => identify({ tenantId: 't1' })).not.toThrow();
});
