import { randomBytes, randomUUID } from 'node:crypto';
import { loadNotifierConfig } from '@custody/config';
import { toJob, type OutboxEvent } from '@custody/contracts';
import {
  SystemDatabase,
  SystemOutboxRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
} from '@custody/data';
import { QueueProducer, QueuesModule, type JobCatalogue } from '@custody/queues';
import { freshDatabase, stackEnv, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import { Module, type INestApplication, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createNotifier } from './create-notifier.js';

export const SECRETS_KEY = randomBytes(32).toString('base64');

/** Lets anything onto the queue, as a forger would. */
const LAX: JobCatalogue = Object.fromEntries(
  ['notification.v1', 'unheard-of.v1'].map((name) => [
    name,
    { queue: 'notify', attempts: 3, backoffMs: 10, payload: { safeParse: (data) => ({ success: true, data }) } },
  ]),
);

/** Real PostgreSQL and Redis, a producer of any job, and notifiers on them. */
export class NotifierBench {
  private readonly apps: INestApplicationContext[] = [];
  readonly outbox: SystemOutboxRepository;
  private readonly tenants: TenantDatabase;
  private readonly system: SystemDatabase;

  private constructor(
    readonly database: FreshDatabase,
    readonly producer: QueueProducer,
    private readonly prefix: string,
    producerApp: INestApplicationContext,
  ) {
    this.apps.push(producerApp);
    this.tenants = new TenantDatabase({ url: database.appUrl, poolMax: 2, applicationName: 'test' });
    this.system = new SystemDatabase({ url: database.systemUrl, poolMax: 2, applicationName: 'test' });
    this.outbox = new SystemOutboxRepository(this.system);
  }

  static async open(): Promise<NotifierBench> {
    const prefix = `test-${randomUUID()}`;
    const connection = { url: stackEnv('REDIS_URL'), prefix, commandTimeoutMs: 1_000 };
    @Module({ imports: [QueuesModule.forRootAsync({ catalogue: LAX, useFactory: () => connection })] })
    class ForgerModule {}
    const [database, app] = await Promise.all([
      freshDatabase(),
      NestFactory.createApplicationContext(ForgerModule, { logger: false }),
    ]);
    return new NotifierBench(database, app.get(QueueProducer), prefix, app);
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await Promise.all([this.tenants.onApplicationShutdown(), this.system.onApplicationShutdown()]);
    await this.database.drop();
  }

  env(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      PORT: '0',
      DATABASE_URL: this.database.appUrl,
      DATABASE_SYSTEM_URL: this.database.systemUrl,
      WEBHOOK_SECRETS_KEY: SECRETS_KEY,
      REDIS_URL: stackEnv('REDIS_URL'),
      QUEUE_PREFIX: this.prefix,
      QUEUE_LOCK_SEC: '2',
      QUEUE_STALLED_INTERVAL_SEC: '1',
      ...overrides,
    };
  }

  async notifier(overrides: Readonly<Record<string, string>> = {}): Promise<INestApplication> {
    const app = await createNotifier(loadNotifierConfig(this.env({ LOG_LEVEL: 'silent', ...overrides })));
    await app.startAllMicroservices();
    await app.init();
    this.apps.push(app);
    return app;
  }

  async stop(app: INestApplication): Promise<void> {
    this.apps.splice(this.apps.indexOf(app), 1);
    await app.close();
  }

  /** An upload that expired, with its event in the outbox, leased and not yet published. */
  async event(): Promise<OutboxEvent> {
    const context = userContext();
    const upload = uploadRecord({ filename: 'secret name.pdf' });
    await new UploadsRepository(this.tenants).createPending(context, upload, 10);
    await new SystemStagingRepository(this.system).expire({ actor: 'system:staging-reaper' }, 0, 10);
    const [event] = await this.outbox.lease(0, 60, 10);
    if (event === undefined) throw new Error('the expiry wrote no event');
    return event;
  }

  async publish(event: OutboxEvent): Promise<void> {
    await this.producer.publish([toJob(event)]);
    await this.outbox.markPublished([event]);
  }

  async deliveriesOf({ id }: OutboxEvent): Promise<Record<string, unknown>[]> {
    const rows = await this.database.query(
      `SELECT destination, attempts, last_error, delivered_at IS NOT NULL AS delivered FROM deliveries
        WHERE event_id = $1 ORDER BY destination`,
      [id],
    );
    return rows;
  }

  async isComplete({ id }: OutboxEvent): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM outbox WHERE id = $1 AND delivered_at IS NOT NULL', [id]);
    return rows.length === 1;
  }
}
