import type { MessageHandler } from '@nestjs/microservices';
import type { JobCatalogue } from '../job-catalogue.js';

/** Why the handlers of a process do not fit the queues it works on; empty when they do. */
export function handlerDefects(
  catalogue: JobCatalogue,
  queues: readonly string[],
  handlers: ReadonlyMap<string, MessageHandler>,
): string[] {
  const expected = Object.keys(catalogue).filter((name) => queues.includes(catalogue[name]?.queue ?? ''));
  const empty = queues.filter((queue) => !expected.some((name) => catalogue[name]?.queue === queue));
  return [
    ...empty.map((queue) => `the catalogue has no job for queue ${queue}`),
    ...expected.filter((name) => !handlers.has(name)).map((name) => `no handler for ${name}`),
    ...[...handlers.keys()]
      .filter((name) => !expected.includes(name))
      .map((name) => `${name} is no job of these queues`),
    ...[...handlers].flatMap(([name, handler]) => [
      ...(handler.next ? [`more than one handler for ${name}`] : []),
      ...(handler.extras?.['jobHandler'] ? [] : [`the handler of ${name} is not declared with @JobHandler`]),
    ]),
  ];
}
