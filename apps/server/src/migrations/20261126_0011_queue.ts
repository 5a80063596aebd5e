import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Places that are given back are the queue's before they are a newcomer's. */
export class Queue20261126000011 implements MigrationInterface {
  name = 'Queue20261126000011';

  async up(db: QueryRunner) {
    await db.query(`
      -- Above 0 while places may be free that nobody who waits has been offered yet. It only grows until they have
      -- been, so that whoever offers them sees what came meanwhile.
      ALTER TABLE quota_cell ADD COLUMN freed int NOT NULL DEFAULT 0 CHECK (freed >= 0);
    `);
  }

  async down(db: QueryRunner) {
    await db.query('ALTER TABLE quota_cell DROP COLUMN freed');
  }
}
