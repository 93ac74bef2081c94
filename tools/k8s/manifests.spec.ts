import { describe, expect, it } from '@jest/globals';
import {
  describeConfiguration,
  loadFilesApiConfig,
  loadMigrateConfig,
  loadNotifierConfig,
  loadScanWorkerConfig,
  loadStagingReaperConfig,
} from '@custody/config';
import { containerOf, environmentOf, podOf, secretsOf } from './pods.ts';
import { render } from './render.ts';
import type { Manifest } from './render.ts';
import { problemsOf } from './validate.ts';

const root = new URL('../..', import.meta.url).pathname;
const manifests = render(root, 'k8s/overlays/example');
const find = (kind: string, name: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const known = new Map(describeConfiguration().map(({ process, variables }) => [process, variables]));
const apps = ['files-api', 'scan-worker', 'staging-reaper', 'notifier'];
const workloads = new Map<string, Manifest>([
  ...apps.map((name) => [name, find('Deployment', name)] as const),
  ['migrate', find('Job', 'custody-migrate')],
]);
const workload = (name: string) => workloads.get(name) ?? find('Deployment', name);

describe('the rendered manifests', () => {
  it.each(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
    '%s %s has every field the schema asks for and no other',
    async (_kind, _name, manifest) => {
      expect(await problemsOf(manifest)).toEqual([]);
    },
  );

  it('hold no Secret: those are made where secrets are kept', () => {
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

describe('the environment of', () => {
  const loaders = {
    'files-api': loadFilesApiConfig,
    'scan-worker': loadScanWorkerConfig,
    'staging-reaper': loadStagingReaperConfig,
    notifier: loadNotifierConfig,
    migrate: loadMigrateConfig,
  };

  it.each(Object.entries(loaders))('%s passes its own validation', (name, load) => {
    const variables = known.get(name) ?? [];
    const secrets = Object.fromEntries(
      // Some examples are words about the value.
      variables.map((variable) => [variable.name, variable.example.replaceAll(' ', '-')]),
    );
    const environment = environmentOf(workload(name), manifests, (variable) => secrets[variable]);
    expect(() => load(environment)).not.toThrow();
  });

  it.each([...known])('%s takes secrets from its own Secret and nothing else from there', (name, variables) => {
    const secrets = secretsOf(workload(name));
    expect(new Set(secrets.map(({ secret }) => secret))).toEqual(new Set([`custody-${name}`]));
    const secretNames = variables.filter(({ secret }) => secret).map((variable) => variable.name);
    for (const { variable } of secrets) expect(secretNames).toContain(variable);
  });

  it('the API holds no way across tenants', () => {
    const names = secretsOf(workload('files-api')).map(({ variable }) => variable);
    expect(names).not.toContain('DATABASE_SYSTEM_URL');
  });
});

describe.each(apps)('%s', (name) => {
  const pod = podOf(workload(name));
  const container = containerOf(workload(name));

  it('runs without privileges on a read-only root', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it('is probed on the port it listens on', () => {
    const port = container.env?.find((variable) => variable.name === 'PORT')?.value;
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(port) }]);
    expect(container.livenessProbe).toMatchObject({ httpGet: { path: '/health/live', port: 'http' } });
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: '/health/ready', port: 'http' } });
  });

  it('is given time to finish before it is killed', () => {
    const grace = Number(container.env?.find((variable) => variable.name === 'SHUTDOWN_GRACE_SEC')?.value);
    const before = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(grace + before + 5);
  });

  it('asks for resources and is limited in memory', () => {
    expect(container.resources).toMatchObject({
      requests: { cpu: expect.any(String), memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    });
  });

  it('has a disruption budget and a network policy for exactly its pods', () => {
    const selected = expect.objectContaining({ 'app.kubernetes.io/name': name });
    expect(find('PodDisruptionBudget', name)).toMatchObject({ spec: { selector: { matchLabels: selected } } });
    expect(find('NetworkPolicy', name)).toMatchObject({ spec: { podSelector: { matchLabels: selected } } });
  });
});

describe('scaling the workers', () => {
  const spec = find('ScaledObject', 'scan-worker')['spec'] as {
    advanced: { scalingModifiers: { formula: string } };
    triggers: { name: string; metadata: { listName: string } }[];
  };

  it('sums waiting, active and prioritized jobs of the scan queue', () => {
    const lists = Object.fromEntries(spec.triggers.map(({ name, metadata }) => [name, metadata.listName]));
    expect(lists).toEqual({
      waiting: 'bull:scan:wait',
      active: 'bull:scan:active',
      prioritized: 'bull:scan:prioritized',
    });
    expect(spec.advanced.scalingModifiers.formula.split(/\s*\+\s*/).sort()).toEqual(Object.keys(lists).sort());
  });

  it('leaves the number of replicas to KEDA', () => {
    expect(workload('scan-worker')['spec']).not.toHaveProperty('replicas');
  });
});
