import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is for the team alone, the newest first, for its search. */
export class TeamOnly20261128000023 implements MigrationInterface {
  name = 'TeamOnly20261128000023';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE INDEX contribution_team_only ON contribution (community_id, at DESC, id DESC)
        WHERE team_only AND moderation = 'published' AND type IN ('topic', 'idea', 'post');
    `);
  }

  async down(db: QueryRunner) {
    await db.query('DROP INDEX contribution_team_only');
  }
}
