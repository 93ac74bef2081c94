import type pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { keyOf, TYPES } from './rows.js';

type TypeId = Parameters<typeof TYPES.getTypeParser>[0];

/** What PostgreSQL said of a column when the statement was described. */
interface Column {
  readonly key: string;
  readonly parse: (text: string) => unknown;
}

/** The part of `pg`'s connection that a query of one's own works with, as `pg-cursor` does. */
interface Connection extends Pick<pg.Connection, 'stream'> {
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(portal: { type: 'P' }): void;
  execute(portal: null): void;
  sync(): void;
}

/** Of each connection, by name of the statement. They hold as long as it does: PostgreSQL refuses (0A000) to run a prepared statement whose columns have changed. */
const described = new WeakMap<Connection, Map<string, readonly Column[]>>();

/**
 * One call of a prepared statement whose columns are described once per connection. `pg`'s own query asks for the description each
 * time, and reading those of 38 columns takes longer than reading their values.
 *
 * PostgreSQL, "Extended Query" (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY): Parse and
 * Describe the first time, Bind, Execute and Sync each time.
 */
export class PreparedCall<Row> implements pg.Submittable {
  /** Set by the pool. */
  callback: ((error: unknown, rows?: Row[]) => void) | undefined;

  private readonly rows: Row[] = [];
  private columns: readonly Column[] | undefined;
  private connection: Connection | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
    private readonly values: readonly unknown[],
  ) {}

  submit(given: pg.Connection): void {
    const connection = given as unknown as Connection;
    const { name, text, values } = this;
    this.connection = connection;
    this.columns = described.get(connection)?.get(name);
    connection.stream.cork();
    try {
      if (connection.parsedStatements[name] === undefined) connection.parse({ name, text });
      connection.bind({ statement: name, values, valueMapper: prepareValue });
      if (this.columns === undefined) connection.describe({ type: 'P' });
      connection.execute(null);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription({
    fields,
  }: {
    fields: readonly { readonly name: string; readonly dataTypeID: TypeId }[];
  }): void {
    this.columns = fields.map(({ name, dataTypeID }) => ({
      key: keyOf(name),
      parse: TYPES.getTypeParser(dataTypeID, 'text') as Column['parse'],
    }));
    if (this.connection === undefined) return;
    const ofConnection = described.get(this.connection) ?? new Map<string, readonly Column[]>();
    described.set(this.connection, ofConnection.set(this.name, this.columns));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    try {
      this.columns?.forEach(({ key, parse }, at) => {
        const text = fields[at] ?? null;
        row[key] = text === null ? null : parse(text);
      });
    } catch (error) {
      this.failure ??= { error };
    }
    this.rows.push(row as Row);
  }

  /** The last message of a call that PostgreSQL did not refuse. */
  handleReadyForQuery(): void {
    if (this.failure === undefined) this.callback?.(null, this.rows);
    else this.callback?.(this.failure.error);
  }

  /** Refused by PostgreSQL, or the connection is lost. */
  handleError(error: unknown): void {
    this.callback?.(error);
  }

  handleCommandComplete(): void {
    // The rows are there; what is said of their number is known.
  }

  handleEmptyQuery(): void {
    // No call is empty.
  }
}

/** Runs a call on a connection of the pool. Rejects with what PostgreSQL or the connection says. */
export function runCall<Row>(pool: pg.Pool, call: PreparedCall<Row>): Promise<Row[]> {
  // Settles with what the call hands to its callback; the pool's types know queries of `pg` only.
  const settled: unknown = pool.query(call);
  return settled as Promise<Row[]>;
}
