import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of members, what they agreed to, and groups of them by rule. */
export class Profile20261124000006 implements MigrationInterface {
  name = 'Profile20261124000006';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE member
        ADD COLUMN observer boolean NOT NULL DEFAULT false,
        ADD COLUMN avatar   text NOT NULL DEFAULT '',
        -- The label of the invitation by which the person came.
        ADD COLUMN came_by  text NOT NULL DEFAULT '',
        DROP CONSTRAINT member_status_check,
        ADD CONSTRAINT member_status_check CHECK (status IN ('pending', 'active', 'paused', 'suspended', 'left'));

      CREATE TABLE profile_fact_def (
        community_id uuid NOT NULL REFERENCES community,
        key          text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
        label        text NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('single', 'multiple', 'number', 'date', 'text', 'scale', 'region')),
        -- [{ value, label }] of what is chosen.
        options      jsonb NOT NULL DEFAULT '[]',
        editable     boolean NOT NULL,
        sensitive    boolean NOT NULL,
        -- Also of several that are made at once: it is their order.
        created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (community_id, key)
      );
      SELECT sec.wall('profile_fact_def');

      CREATE TABLE profile_fact (
        community_id uuid NOT NULL,
        member_id    uuid NOT NULL,
        key          text NOT NULL,
        value        jsonb NOT NULL,
        source       text NOT NULL CHECK (source IN ('screener', 'member', 'team')),
        asserted_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, member_id, key),
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, key) REFERENCES profile_fact_def
      );
      SELECT sec.wall('profile_fact');

      CREATE TABLE consent_text (
        community_id uuid NOT NULL REFERENCES community,
        purpose      text NOT NULL CHECK (purpose IN
          ('terms', 'confidentiality', 'recording', 'quoteNamed', 'quoteAnonymous', 'email')),
        version      int NOT NULL CHECK (version > 0),
        body         text NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, purpose, version)
      );
      SELECT sec.wall('consent_text');

      -- Each agreement with the version of the text that was shown. Never changed but by its withdrawal.
      CREATE TABLE consent (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        member_id    uuid NOT NULL,
        purpose      text NOT NULL,
        version      int NOT NULL,
        given_at     timestamptz NOT NULL DEFAULT now(),
        withdrawn_at timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, purpose, version) REFERENCES consent_text
      );
      CREATE UNIQUE INDEX consent_standing ON consent (community_id, member_id, purpose) WHERE withdrawn_at IS NULL;
      SELECT sec.wall('consent');

      CREATE TABLE segment (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        name         text NOT NULL,
        rule         jsonb NOT NULL,
        frozen_at    timestamptz,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id)
      );
      SELECT sec.wall('segment');

      -- Of frozen segments alone.
      CREATE TABLE segment_member (
        community_id uuid NOT NULL,
        segment_id   uuid NOT NULL,
        member_id    uuid NOT NULL,
        PRIMARY KEY (community_id, segment_id, member_id),
        FOREIGN KEY (community_id, segment_id) REFERENCES segment ON DELETE CASCADE,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('segment_member');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE segment_member, segment, consent, consent_text, profile_fact, profile_fact_def;
      ALTER TABLE member DROP COLUMN observer, DROP COLUMN avatar, DROP COLUMN came_by,
        DROP CONSTRAINT member_status_check,
        ADD CONSTRAINT member_status_check CHECK (status IN ('pending', 'active', 'suspended', 'left'));
    `);
  }
}
