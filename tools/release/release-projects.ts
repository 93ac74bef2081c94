import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolders } from '../lint/projects.ts';

interface Project {
  readonly folder: string;
  readonly name: string;
  readonly needs: readonly string[];
}

/** Folders of the apps that run in production and of the libraries they need at run time; tests stay behind. */
export function releaseProjects(root: string): string[] {
  const projects = projectFolders(root).map((folder) => readProject(root, folder));
  const byName = new Map(projects.map((project) => [project.name, project]));
  const wanted = new Set<Project>();
  const visit = (project: Project | undefined): void => {
    if (project === undefined || wanted.has(project)) return;
    wanted.add(project);
    for (const name of project.needs) visit(byName.get(name));
  };
  for (const project of projects) if (isApp(root, project)) visit(project);
  return [...wanted].map(({ folder }) => folder).sort();
}

function isApp(root: string, { folder }: Project): boolean {
  return manifestOf(root, folder).nx?.tags?.includes('layer:app') ?? false;
}

function readProject(root: string, folder: string): Project {
  const { name, dependencies = {} } = manifestOf(root, folder);
  return { folder, name, needs: Object.keys(dependencies) };
}

interface PackageManifest {
  readonly name: string;
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(root: string, folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as PackageManifest;
}
