import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members say which words a card should have; the team takes them over. */
export class CardCorrections20261128000022 implements MigrationInterface {
  name = 'CardCorrections20261128000022';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE TABLE card_correction (
        community_id uuid NOT NULL,
        -- The contribution's, whose words they are.
        id           uuid NOT NULL,
        card_id      uuid NOT NULL,
        -- The version that was read.
        based_on     int NOT NULL,
        taken_at     timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution,
        FOREIGN KEY (community_id, card_id) REFERENCES context_card
      );
      CREATE INDEX card_correction_taken ON card_correction (community_id, card_id, taken_at DESC) WHERE taken_at IS NOT NULL;
      SELECT sec.wall('card_correction');
    `);
  }

  async down(db: QueryRunner) {
    await db.query('DROP TABLE card_correction');
  }
}
