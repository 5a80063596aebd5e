import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members are told of, in the app and by mail, and how they want to be reached. */
export class Reach20261126000008 implements MigrationInterface {
  name = 'Reach20261126000008';

  async up(db: QueryRunner) {
    await db.query(`
      -- What somebody of the team does at the brand, as members read it beside the name.
      ALTER TABLE member ADD COLUMN title text NOT NULL DEFAULT '';

      CREATE TABLE notification (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        member_id    uuid NOT NULL,
        kind         text NOT NULL,
        -- What it tells of: the same is told once, however often it is asked for.
        cause        text NOT NULL,
        data         jsonb NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        read_at      timestamptz,
        -- When it is due by mail; null when it is not mailed, or has been.
        mail_at      timestamptz,
        -- Mailed once a day together with the others.
        daily        boolean NOT NULL DEFAULT false,
        -- What became of the mail: its id, or why there was none.
        mail_id      uuid,
        not_mailed   text CHECK (not_mailed IN ('read', 'done', 'notAgreed', 'notActive')),
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, member_id, cause),
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      CREATE INDEX notification_member ON notification (community_id, member_id, at DESC, id DESC);
      CREATE INDEX notification_unread ON notification (community_id, member_id) WHERE read_at IS NULL;
      CREATE INDEX notification_cause ON notification (community_id, cause COLLATE "C");
      CREATE INDEX notification_due ON notification (community_id, mail_at) WHERE mail_at IS NOT NULL;
      SELECT sec.wall('notification');

      -- How a member is reached; who has no row is reached as usual.
      CREATE TABLE reach_preference (
        community_id uuid NOT NULL,
        member_id    uuid NOT NULL,
        timezone     text NOT NULL,
        -- Both or neither: no mail leaves between them, in the member's own time.
        quiet_from   time,
        quiet_to     time,
        daily_at     time NOT NULL,
        cadence      jsonb NOT NULL,
        PRIMARY KEY (community_id, member_id),
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
      );
      SELECT sec.wall('reach_preference');

      -- The first moment from 'since' on that is not quiet, in the member's own time; quiet hours may span midnight.
      CREATE FUNCTION reach_after_quiet(since timestamptz, zone text, quiet_from time, quiet_to time)
        RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT CASE
          WHEN quiet_from IS NULL OR quiet_from = quiet_to THEN since
          WHEN quiet_from < quiet_to AND here::time >= quiet_from AND here::time < quiet_to
            THEN (here::date + quiet_to) AT TIME ZONE zone
          WHEN quiet_from > quiet_to AND here::time >= quiet_from
            THEN (here::date + 1 + quiet_to) AT TIME ZONE zone
          WHEN quiet_from > quiet_to AND here::time < quiet_to
            THEN (here::date + quiet_to) AT TIME ZONE zone
          ELSE since END
        FROM (SELECT since AT TIME ZONE zone AS here) AS local
      $$;

      -- When something that came up at 'since' is due by mail; null: never.
      CREATE FUNCTION reach_mail_at(cadence text, since timestamptz, zone text, quiet_from time, quiet_to time,
          daily_at time) RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT CASE cadence
          WHEN 'now' THEN reach_after_quiet(since, zone, quiet_from, quiet_to)
          WHEN 'daily' THEN reach_after_quiet(
            (here::date + CASE WHEN here::time < daily_at THEN 0 ELSE 1 END + daily_at) AT TIME ZONE zone,
            zone, quiet_from, quiet_to)
          END
        FROM (SELECT since AT TIME ZONE zone AS here) AS local
      $$;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP FUNCTION reach_mail_at, reach_after_quiet;
      DROP TABLE reach_preference, notification;
      ALTER TABLE member DROP COLUMN title;
    `);
  }
}
