/** A vendor's packages and the only folders that may import them. */
export interface VendorHome {
  readonly vendor: string;
  /** gitignore-style patterns of module names */
  readonly packages: readonly string[];
  readonly homes: readonly string[];
}

const blackBox = ['libs/testing', 'apps/acceptance', 'tools'];

export const vendorHomes: readonly VendorHome[] = [
  { vendor: 'Prisma', packages: ['@prisma/*', 'prisma', 'prisma/*'], homes: ['libs/data', 'tools'] },
  { vendor: 'pg', packages: ['pg', 'pg-*', 'pg/*'], homes: ['libs/data', ...blackBox] },
  {
    vendor: 'the AWS SDK',
    packages: ['@aws-sdk/*', '@smithy/*', '@aws-crypto/*'],
    homes: ['libs/storage', ...blackBox],
  },
  {
    vendor: 'BullMQ and ioredis',
    packages: ['bullmq', 'bullmq/*', 'ioredis', 'ioredis/*', '@nestjs/bullmq', '@nestjs/bull-shared'],
    homes: ['libs/queues', ...blackBox],
  },
];

/** The `patterns` of no-restricted-imports for one folder: every vendor that does not live there. */
export function restrictedVendors(folder: string) {
  return vendorHomes
    .filter(({ homes }) => !homes.includes(folder))
    .map(({ vendor, packages, homes }) => ({
      group: [...packages],
      message: `${vendor} is imported in ${homes.join(', ')} only: add what you need to its port.`,
    }));
}

/** Apps export nothing, so the boundary rule cannot see an import of one by name: this does. */
export function restrictedApps(folders: readonly string[]) {
  const apps = folders.filter((folder) => folder.startsWith('apps/')).map((folder) => folder.slice('apps/'.length));
  return { group: apps.flatMap((app) => [`@custody/${app}`, `@custody/${app}/*`]), message: 'Nobody imports an app.' };
}
