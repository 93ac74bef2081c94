/** One layer of the house: the tag its projects carry in package.json (`nx.tags`) and the layers they may import. */
export interface Layer {
  readonly tag: string;
  readonly imports: readonly string[];
}

/**
 * Imports point down only: apps → confirm → data, storage, queues, auth → config, observability → contracts → domain.
 * A layer does not list itself, so the platform libraries cannot import each other and no app imports an app.
 * A tag that is missing here may import nothing of ours.
 */
export const layers: readonly Layer[] = [
  { tag: 'layer:app', imports: ['layer:usecase', 'layer:platform', 'layer:base', 'layer:contracts', 'layer:domain'] },
  // A use-case several apps share: confirming an upload is the same thing at every door.
  { tag: 'layer:usecase', imports: ['layer:platform', 'layer:base', 'layer:contracts', 'layer:domain'] },
  { tag: 'layer:platform', imports: ['layer:base', 'layer:contracts', 'layer:domain'] },
  { tag: 'layer:base', imports: ['layer:contracts', 'layer:domain'] },
  { tag: 'layer:contracts', imports: ['layer:domain'] },
  { tag: 'layer:domain', imports: [] },
  { tag: 'layer:testing', imports: ['layer:contracts', 'layer:domain'] },
  { tag: 'layer:acceptance', imports: ['layer:testing', 'layer:sdk'] },
  { tag: 'layer:console', imports: ['layer:sdk'] },
  { tag: 'layer:sdk', imports: [] },
];

/** The `depConstraints` of @nx/enforce-module-boundaries; with `inTests`, every layer may import libs/testing too. */
export function dependencyConstraints({ inTests }: { inTests: boolean }) {
  return layers.map(({ tag, imports }) => ({
    sourceTag: tag,
    onlyDependOnLibsWithTags: inTests ? [...imports, 'layer:testing'] : [...imports],
  }));
}
