import { isIP } from 'node:net';
import { z } from 'zod';
import { group } from '../group.js';
import { keyList } from '../key-list.js';
import { decimalNumber, optionalText, text, textOr, wholeNumber, yesOrNo } from '../variable.js';

const itemsOf = (list: string | undefined): string[] => (list ?? '').split(',').filter((item) => item !== '');

const listOf = (isItem: (item: string) => boolean, message: string) =>
  z.string().refine((list) => itemsOf(list).length > 0 && list.split(',').every(isItem), message);

function isRange(item: string): boolean {
  const [address = '', bits = ''] = item.split('/', 2);
  const family = isIP(address);
  return family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

const isPort = (item: string): boolean => /^\d{1,5}$/.test(item) && Number(item) >= 1 && Number(item) <= 65_535;
const isNameServer = (item: string): boolean => isIP(item.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')) !== 0;
const isPause = (item: string): boolean => /^\d{1,7}(\.\d{1,3})?$/.test(item);

/** Immediately, then after these pauses: the schedule Standard Webhooks recommends. */
const SCHEDULE = '5,300,1800,7200,18000,36000,50400,72000,86400';

const variables = {
  WEBHOOK_SECRETS_KEY: text(
    {
      description:
        'Seals the secrets of webhooks at rest: 32 bytes in base64. Several, separated by commas: the first seals, all open',
      example: 'TUFLRSBPTkUgT0YgWU9VUiBPV04gV0lUSCBPUEVOU1M=',
      secret: true,
    },
    keyList,
  ),
  WEBHOOK_ALLOW_HTTP: yesOrNo(false, { description: 'Webhooks over plain http too: for local work only' }),
  WEBHOOK_ALLOWED_PORTS: textOr(
    '443',
    { description: 'Ports webhooks may use, separated by commas, or `any`' },
    listOf((item) => item === 'any' || isPort(item), 'must be port numbers separated by commas, or any'),
  ),
  WEBHOOK_ALLOWED_ADDRESSES: optionalText(
    {
      description: 'CIDR ranges webhooks may reach beside public addresses, separated by commas',
      example: '10.20.0.0/16',
    },
    listOf(isRange, 'must be CIDR ranges separated by commas'),
  ),
  WEBHOOK_DNS_SERVERS: optionalText(
    {
      description:
        'Name servers asked for the hosts of webhooks, `address` or `address:port`; those of the system unless set',
      example: '1.1.1.1,9.9.9.9',
    },
    listOf(isNameServer, 'must be addresses separated by commas'),
  ),
};

type Values = z.output<z.ZodObject<typeof variables>>;

const targets = (v: Values) => ({
  secretsKeys: v.WEBHOOK_SECRETS_KEY,
  allowHttp: v.WEBHOOK_ALLOW_HTTP,
  ports: v.WEBHOOK_ALLOWED_PORTS.includes('any') ? ('any' as const) : itemsOf(v.WEBHOOK_ALLOWED_PORTS).map(Number),
  openedAddresses: itemsOf(v.WEBHOOK_ALLOWED_ADDRESSES),
  dnsServers: itemsOf(v.WEBHOOK_DNS_SERVERS),
});

/** For the process that registers webhooks. */
export const webhooks = group(
  'Webhooks',
  z.object({
    ...variables,
    WEBHOOK_MAX_PER_TENANT: wholeNumber({
      description: 'Most webhooks of one tenant',
      unit: 'webhooks',
      min: 1,
      max: 1_000,
      default: 10,
    }),
    WEBHOOK_SECRET_GRACE_HOURS: decimalNumber({
      description: 'A rotated secret goes on signing for this long unless the request says otherwise',
      unit: 'hours, fractions allowed',
      min: 0,
      max: 168,
      default: 24,
    }),
  }),
  (v) => ({ ...targets(v), maxPerTenant: v.WEBHOOK_MAX_PER_TENANT, secretGraceHours: v.WEBHOOK_SECRET_GRACE_HOURS }),
);

/** For the process that sends them. */
export const webhookDelivery = group(
  'Webhooks',
  z.object({
    ...variables,
    WEBHOOK_TIMEOUT_SEC: decimalNumber({
      description: 'Longest attempt, from the look-up of the name to the answer',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 120,
      default: 15,
    }),
    WEBHOOK_RETRY_SCHEDULE_SEC: textOr(
      SCHEDULE,
      {
        description: 'Pauses between attempts, separated by commas; each is stretched by up to a fifth at random',
        unit: 'seconds, fractions allowed',
      },
      listOf(isPause, 'must be seconds separated by commas'),
    ),
    WEBHOOK_CONCURRENCY: wholeNumber({
      description: 'Attempts at a time in this process',
      unit: 'attempts',
      min: 1,
      max: 1_024,
      default: 32,
    }),
    WEBHOOK_ENDPOINT_CONCURRENCY: wholeNumber({
      description: 'Attempts at a time to one webhook',
      unit: 'attempts',
      min: 1,
      max: 256,
      default: 2,
    }),
    WEBHOOK_TENANT_CONCURRENCY: wholeNumber({
      description: 'Attempts at a time for one tenant',
      unit: 'attempts',
      min: 1,
      max: 1_024,
      default: 8,
    }),
    WEBHOOK_POLL_SEC: decimalNumber({
      description: 'How often a notifier without work looks for due deliveries',
      unit: 'seconds, fractions allowed',
      min: 0.02,
      max: 60,
      default: 1,
    }),
    WEBHOOK_DISABLE_AFTER_FAILURES: wholeNumber({
      description: 'A webhook is disabled after this many failed attempts in a row, if they span the days below',
      unit: 'attempts',
      min: 1,
      max: 1_000_000,
      default: 20,
    }),
    WEBHOOK_DISABLE_AFTER_DAYS: decimalNumber({
      description: 'A webhook is disabled once every attempt has failed for this long',
      unit: 'days, fractions allowed',
      min: 0,
      max: 365,
      default: 5,
    }),
  }),
  (v) => ({
    ...targets(v),
    timeoutSec: v.WEBHOOK_TIMEOUT_SEC,
    retrySec: itemsOf(v.WEBHOOK_RETRY_SCHEDULE_SEC).map(Number),
    concurrency: v.WEBHOOK_CONCURRENCY,
    perEndpoint: v.WEBHOOK_ENDPOINT_CONCURRENCY,
    perTenant: v.WEBHOOK_TENANT_CONCURRENCY,
    pollSec: v.WEBHOOK_POLL_SEC,
    disableAfterFailures: v.WEBHOOK_DISABLE_AFTER_FAILURES,
    disableAfterDays: v.WEBHOOK_DISABLE_AFTER_DAYS,
  }),
);
