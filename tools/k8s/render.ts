import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as YAML spells it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** Runs kustomize over a folder such as `k8s/overlays/example` and returns what it would apply. */
export function render(root: string, folder: string): Manifest[] {
  const kustomize = createRequire(import.meta.url).resolve('kustomize/run.js');
  const text = execFileSync(process.execPath, [kustomize, 'build', join(root, folder)], { encoding: 'utf8' });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}
