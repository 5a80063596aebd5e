import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Thanks of members to members, standing by the published rule, and what is offered that is not money. */
export class Recognition20261127000016 implements MigrationInterface {
  name = 'Recognition20261127000016';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE member ADD COLUMN ranking_opt_out boolean NOT NULL DEFAULT false;

      CREATE TABLE kudos (
        community_id    uuid NOT NULL,
        contribution_id uuid NOT NULL,
        from_id         uuid NOT NULL,
        -- Who wrote it.
        to_id           uuid NOT NULL,
        reason          text NOT NULL CHECK (reason IN ('insightful', 'changedMind', 'helped', 'honest', 'solved')),
        at              timestamptz NOT NULL DEFAULT now(),
        revoked_at      timestamptz,
        PRIMARY KEY (community_id, contribution_id, from_id, reason),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, from_id) REFERENCES member,
        FOREIGN KEY (community_id, to_id) REFERENCES member,
        CHECK (from_id <> to_id)
      );
      -- One reason at a time; that it solves something is said beside it.
      CREATE UNIQUE INDEX kudos_once ON kudos (community_id, contribution_id, from_id)
        WHERE reason <> 'solved' AND revoked_at IS NULL;
      CREATE INDEX kudos_received ON kudos (community_id, to_id, at DESC) WHERE revoked_at IS NULL;
      CREATE INDEX kudos_at ON kudos (community_id, at) WHERE revoked_at IS NULL;
      SELECT sec.wall('kudos');
      REVOKE DELETE ON kudos FROM parley_runtime;

      -- Reckoned again and again from what it rests on; see Insight 6.
      CREATE TABLE standing (
        community_id uuid NOT NULL,
        season       text NOT NULL,
        member_id    uuid NOT NULL,
        score        double precision NOT NULL,
        from_kudos   double precision NOT NULL,
        from_ratings double precision NOT NULL,
        level        int NOT NULL,
        -- Null for who does not want to be ranked.
        rank         int,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, season, member_id),
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      CREATE INDEX standing_rank ON standing (community_id, season, rank, member_id) WHERE rank IS NOT NULL;
      SELECT sec.wall('standing');

      -- Without a row members see no board.
      CREATE TABLE recognition_rule (
        community_id uuid PRIMARY KEY REFERENCES community,
        board        boolean NOT NULL DEFAULT false,
        -- Of the trusted circle; without any nobody is in it.
        criteria     text CHECK (criteria <> '')
      );
      SELECT sec.wall('recognition_rule');

      CREATE TABLE participation (
        community_id uuid NOT NULL REFERENCES community,
        -- The Monday on which its 28 days end.
        week         date NOT NULL,
        ones         int NOT NULL,
        nines        int NOT NULL,
        nineties     int NOT NULL,
        PRIMARY KEY (community_id, week)
      );
      SELECT sec.wall('participation');

      CREATE TABLE recognition (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        member_id    uuid NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('firstLook', 'visit')),
        words        text NOT NULL CHECK (words <> ''),
        by_id        uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        accepted     boolean,
        answered_at  timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        CHECK ((accepted IS NULL) = (answered_at IS NULL))
      );
      CREATE INDEX recognition_member ON recognition (community_id, member_id, at DESC);
      CREATE INDEX recognition_at ON recognition (community_id, at DESC);
      SELECT sec.wall('recognition');
      REVOKE DELETE ON recognition FROM parley_runtime;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE recognition, participation, recognition_rule, standing, kudos;
      ALTER TABLE member DROP COLUMN ranking_opt_out;
    `);
  }
}
