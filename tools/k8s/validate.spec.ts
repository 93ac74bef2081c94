import { describe, expect, it } from '@jest/globals';
import { problemsOf } from './validate.ts';

const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec });
const scaled = (spec: object) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'a' },
  spec: { scaleTargetRef: { name: 'a' }, triggers: [{ type: 'redis', metadata: { listName: 'b' } }], ...spec },
});

describe('problemsOf', () => {
  it('accepts a right manifest', async () => {
    expect(
      await problemsOf(service({ selector: { any: 'label' }, ports: [{ port: 80, targetPort: 'http' }] })),
    ).toEqual([]);
    expect(await problemsOf(scaled({ minReplicaCount: 1 }))).toEqual([]);
  });

  it('names an unknown field at any depth', async () => {
    expect(await problemsOf(service({ ports: [{ port: 80, tagretPort: 1 }] }))).toEqual([
      'Service/a/spec/ports/0/tagretPort: unknown field',
    ]);
    expect(await problemsOf(scaled({ minReplicas: 1 }))).toEqual(['ScaledObject/a/spec/minReplicas: unknown field']);
    expect(await problemsOf({ ...service({}), sepc: {} })).toContain('Service/a/sepc: unknown field');
  });

  it('names a wrong type and a missing field', async () => {
    expect(await problemsOf(service({ ports: [{ port: 'eighty' }] }))).toContain('Service/a/spec/ports/0/port: type');
    expect(await problemsOf(service({ ports: [{ name: 'http' }] }))).toHaveLength(1);
  });
});
