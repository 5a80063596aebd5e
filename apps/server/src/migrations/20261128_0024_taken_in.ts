import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose words a version of a card has: a later version may have none of them. */
export class TakenIn20261128000024 implements MigrationInterface {
  name = 'TakenIn20261128000024';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE card_correction ADD COLUMN taken_in int;
      ALTER TABLE card_correction NO FORCE ROW LEVEL SECURITY;
      UPDATE card_correction SET taken_in = based_on + 1 WHERE taken_at IS NOT NULL;
      ALTER TABLE card_correction FORCE ROW LEVEL SECURITY;
      ALTER TABLE card_correction DROP COLUMN taken_at;
      CREATE INDEX card_correction_taken ON card_correction (community_id, card_id, taken_in) WHERE taken_in IS NOT NULL;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      ALTER TABLE card_correction ADD COLUMN taken_at timestamptz;
      ALTER TABLE card_correction NO FORCE ROW LEVEL SECURITY;
      UPDATE card_correction SET taken_at = now() WHERE taken_in IS NOT NULL;
      ALTER TABLE card_correction FORCE ROW LEVEL SECURITY;
      ALTER TABLE card_correction DROP COLUMN taken_in;
      CREATE INDEX card_correction_taken ON card_correction (community_id, card_id, taken_at DESC) WHERE taken_at IS NOT NULL;
    `);
  }
}
