import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { watchTransaction } from './watch';

/** Signs the scope of a transaction, so that a setting that was injected, or lent by another, opens nothing. */
export class ScopeKey {
  constructor(private readonly secret: Buffer) {}

  /** `kind` keeps a community's signature from serving as a person's. A signature serves one database connection. */
  sign(kind: 't' | 'p', id: string, backendPid: number) {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('Only an id can be a scope');
    const mac = createHmac('sha256', this.secret).update(`${kind}.${id}.${backendPid}`).digest('hex');
    return `${id}.${mac}`;
  }

  /** A key for something else than scopes, that tells nothing about this one or any other. */
  derive(purpose: string): Buffer {
    return createHmac('sha256', this.secret).update(`key for ${purpose}`).digest();
  }

  /** A mark that only this install can make, for what it hands out and wants to know again; one `purpose` never serves another. */
  mark(purpose: string, words: string): string {
    return createHmac('sha256', this.secret).update(`mark.${purpose}\n${words}`).digest('base64url');
  }
}

/** The driver's connection. */
interface Line {
  processID: number;
  query(sql: string): Promise<unknown>;
  connection: { stream: { destroy(): unknown } };
}

const ROLLBACK_MS = 500;

/**
 * The only way to the database at run time. Each method opens one transaction with one scope; row-level security
 * shows and takes nothing outside of it.
 */
@Injectable()
export class Tenancy {
  constructor(
    private readonly db: DataSource,
    private readonly key: ScopeKey,
  ) {}

  /** Sees and writes the rows of one community. What takes longer than `longestMs` is given up. */
  inCommunity<T>(
    communityId: string,
    work: (em: EntityManager) => Promise<T>,
    longestMs?: number,
  ): Promise<T> {
    return this.within({ kind: 't', setting: 'app.tenant', id: communityId }, work, longestMs);
  }

  /** Sees one person's own memberships, in whatever community. */
  asPerson<T>(personId: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.within({ kind: 'p', setting: 'app.person', id: personId }, work);
  }

  /** Every community there is, for work by the clock. */
  async communities(): Promise<string[]> {
    const rows = await this.inInstall((em): Promise<{ id: string }[]> => em.query('SELECT id FROM tenant'));
    return rows.map(({ id }) => id);
  }

  /** Tables of the install alone: people, sign-ins, mails. No community shows. */
  inInstall<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.within(null, work);
  }

  private async within<T>(
    scope: { kind: 't' | 'p'; setting: string; id: string } | null,
    work: (em: EntityManager) => Promise<T>,
    longestMs?: number,
  ): Promise<T> {
    const runner = this.db.createQueryRunner();
    let patience: NodeJS.Timeout | undefined;
    let hangUp = () => {};
    let begun = false;
    let line: Line | undefined;
    try {
      const client = (line = (await runner.connect()) as Line);
      hangUp = () => void client.connection.stream.destroy();
      if (longestMs) patience = setTimeout(hangUp, longestMs);
      // One way there and back for both; a signature holds nothing but an id and hex digits.
      const signed = scope && this.key.sign(scope.kind, scope.id, client.processID);
      begun = true;
      await client.query(
        signed ? `BEGIN; SELECT set_config('${scope.setting}', '${signed}', true)` : 'BEGIN',
      );
      // TypeORM is told of what it has not begun itself, for the locks that need it.
      (runner as { isTransactionActive: boolean }).isTransactionActive = true;
      await watchTransaction(runner);
      const result = await work(runner.manager);
      await client.query('COMMIT');
      begun = false;
      return result;
    } catch (error) {
      clearTimeout(patience);
      // A database that hangs would not answer this either.
      patience = setTimeout(hangUp, ROLLBACK_MS);
      // A connection that may still be in a transaction is not lent again.
      if (begun) await line?.query('ROLLBACK').catch(hangUp);
      throw error;
    } finally {
      clearTimeout(patience);
      (runner as { isTransactionActive: boolean }).isTransactionActive = false;
      await runner.release();
    }
  }
}
