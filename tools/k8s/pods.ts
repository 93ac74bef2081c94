import type { Manifest } from './render.ts';

/** The part of a container that is checked. */
export interface Container {
  readonly name: string;
  readonly env?: readonly EnvironmentVariable[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly ports?: readonly object[];
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly resources?: object;
  readonly securityContext?: object;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

export interface Pod {
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: object;
  readonly containers: readonly Container[];
}

/** The pod a Deployment or a Job makes. */
export function podOf(workload: Manifest): Pod {
  return (workload['spec'] as { template: { spec: Pod } }).template.spec;
}

/** Its only container. */
export function containerOf(workload: Manifest): Container {
  const [container, ...others] = podOf(workload).containers;
  if (container === undefined || others.length > 0) throw new Error(`${workload.metadata.name}: not one container`);
  return container;
}

/** Variables that come from Secrets, and from which. */
export function secretsOf(workload: Manifest): { variable: string; secret: string }[] {
  return (containerOf(workload).env ?? []).flatMap(({ name, valueFrom }) =>
    valueFrom?.secretKeyRef ? [{ variable: name, secret: valueFrom.secretKeyRef.name }] : [],
  );
}

/** The environment the process would see; `secret` stands in for what the Secrets hold. */
export function environmentOf(
  workload: Manifest,
  manifests: readonly Manifest[],
  secret: (variable: string) => string | undefined,
): Record<string, string | undefined> {
  const container = containerOf(workload);
  const maps = (container.envFrom ?? []).map(({ configMapRef }) => {
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name);
    if (!map) throw new Error(`${workload.metadata.name}: no ConfigMap ${configMapRef?.name ?? ''}`);
    return map['data'] as Record<string, string>;
  });
  const own = (container.env ?? []).map(
    ({ name, value, valueFrom }) => [name, valueFrom ? secret(name) : value] as const,
  );
  return Object.assign({}, ...maps, Object.fromEntries(own)) as Record<string, string | undefined>;
}
