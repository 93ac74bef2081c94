import pg from 'pg';
import type { Secrets } from './secrets.ts';

/** The roles of the service and what each may do; `custody_owner` owns the database and migrates. */
const ROLES = {
  custody_owner: 'LOGIN NOBYPASSRLS',
  custody_app: 'LOGIN NOBYPASSRLS',
  custody_system: 'LOGIN BYPASSRLS',
} as const;
type Role = keyof typeof ROLES;

export interface RoleUrls {
  readonly owner: string;
  readonly app: string;
  readonly system: string;
}

/**
 * Makes the roles and the database where they are missing; safe to repeat.
 * @param operatorUrl of a superuser; names the database, which need not exist yet
 * @throws Error when a role was there before and its password is not ours
 */
export async function prepareDatabase(operatorUrl: string, passwords: Secrets['postgres']): Promise<RoleUrls> {
  const database = decodeURIComponent(new URL(operatorUrl).pathname.slice(1));
  const secretOf: Record<Role, string> = {
    custody_owner: passwords.owner,
    custody_app: passwords.app,
    custody_system: passwords.system,
  };
  await withClient(onDatabase(operatorUrl, 'postgres'), async (client) => {
    for (const role of Object.keys(ROLES) as Role[]) await ensureRole(client, role, secretOf[role]);
    await ensureDatabase(client, database);
  });
  await withClient(operatorUrl, (client) => client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC'));
  const urlOf = (role: Role) => withUser(operatorUrl, role, secretOf[role]);
  for (const role of Object.keys(ROLES) as Role[]) await checkLogin(role, urlOf(role));
  return { owner: urlOf('custody_owner'), app: urlOf('custody_app'), system: urlOf('custody_system') };
}

/** A role that is there keeps its password: on a cluster we did not start it may be somebody else's. */
async function ensureRole(client: pg.Client, role: Role, password: string): Promise<void> {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (known.rowCount !== 0) return;
  await client.query(`CREATE ROLE ${role} ${ROLES[role]} NOSUPERUSER PASSWORD ${client.escapeLiteral(password)}`);
}

async function checkLogin(role: Role, url: string): Promise<void> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (cause) {
    const advice = 'give DATABASE_OWNER_URL, DATABASE_APP_URL and DATABASE_SYSTEM_URL';
    throw new Error(`role ${role} of this cluster has a password we do not know; ${advice}`, { cause });
  }
}

async function ensureDatabase(client: pg.Client, database: string): Promise<void> {
  const name = client.escapeIdentifier(database);
  const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (known.rowCount === 0) await client.query(`CREATE DATABASE ${name} OWNER custody_owner`);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${name} TO custody_app, custody_system`);
}

function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
