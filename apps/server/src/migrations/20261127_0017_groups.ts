import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Small groups of members: who is in them, when they meet, and what they call for. */
export class Groups20261127000017 implements MigrationInterface {
  name = 'Groups20261127000017';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE TABLE micro_group (
        community_id uuid NOT NULL REFERENCES community,
        -- Also of its place, once it is founded.
        id           uuid NOT NULL,
        name         text NOT NULL CHECK (name <> ''),
        purpose      text NOT NULL CHECK (purpose <> ''),
        state        text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'forming', 'active', 'dormant', 'archived',
          'declined')),
        state_at     timestamptz NOT NULL DEFAULT now(),
        because      text,
        by_id        uuid NOT NULL,
        sponsor_id   uuid,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        FOREIGN KEY (community_id, sponsor_id) REFERENCES member,
        CHECK ((state IN ('active', 'dormant')) <= (sponsor_id IS NOT NULL)),
        CHECK ((state IN ('archived', 'declined')) = (because IS NOT NULL))
      );
      SELECT sec.wall('micro_group');
      REVOKE DELETE ON micro_group FROM parley_runtime;

      CREATE TABLE group_member (
        community_id uuid NOT NULL,
        group_id     uuid NOT NULL,
        member_id    uuid NOT NULL,
        founder      boolean NOT NULL DEFAULT false,
        joined_at    timestamptz NOT NULL DEFAULT now(),
        left_at      timestamptz,
        PRIMARY KEY (community_id, group_id, member_id),
        FOREIGN KEY (community_id, group_id) REFERENCES micro_group,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      CREATE INDEX group_member_member ON group_member (community_id, member_id) WHERE left_at IS NULL;
      SELECT sec.wall('group_member');

      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion', 'challenge', 'jobs',
          'suggestions', 'group', 'call')),
        -- For those alone who are in the group.
        ADD COLUMN group_id uuid,
        ADD FOREIGN KEY (community_id, group_id) REFERENCES micro_group;
      CREATE OR REPLACE FUNCTION space_seen(s space, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT (s.for_types IS NULL AND NOT s.circle AND s.group_id IS NULL) OR who IS NULL OR EXISTS (
          SELECT FROM member m WHERE m.community_id = s.community_id AND m.id = who AND (m.role <> 'member'
            OR ((s.for_types IS NULL OR m.type = ANY (s.for_types)) AND (NOT s.circle OR m.circle)
              AND (s.group_id IS NULL OR EXISTS (SELECT FROM group_member g WHERE g.community_id = s.community_id
                AND g.group_id = s.group_id AND g.member_id = who AND g.left_at IS NULL)))))
      $$;

      CREATE TABLE meetup (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        group_id     uuid NOT NULL,
        title        text NOT NULL,
        about        text NOT NULL,
        starts_at    timestamptz NOT NULL,
        area         text NOT NULL,
        -- Where exactly: for those who come.
        place        text NOT NULL,
        by_id        uuid NOT NULL,
        changes      int NOT NULL DEFAULT 0,
        cancelled_at timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, group_id) REFERENCES micro_group,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      CREATE INDEX meetup_group ON meetup (community_id, group_id, starts_at);
      SELECT sec.wall('meetup');

      CREATE TABLE meetup_answer (
        community_id uuid NOT NULL,
        meetup_id    uuid NOT NULL,
        member_id    uuid NOT NULL,
        coming       boolean NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, meetup_id, member_id),
        FOREIGN KEY (community_id, meetup_id) REFERENCES meetup,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('meetup_answer');

      CREATE TABLE session_call (
        community_id uuid NOT NULL,
        -- Also of its space, once enough have signed.
        id           uuid NOT NULL,
        group_id     uuid NOT NULL,
        title        text NOT NULL,
        questions    jsonb NOT NULL,
        by_id        uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        -- So many signatures it takes, as it was said when it was made.
        needed       int NOT NULL CHECK (needed > 0),
        reached_at   timestamptz,
        -- When those who signed were told of the answer.
        told_at      timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, group_id) REFERENCES micro_group,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      CREATE INDEX session_call_at ON session_call (community_id, at DESC);
      SELECT sec.wall('session_call');
      REVOKE DELETE ON session_call FROM parley_runtime;

      CREATE TABLE call_signature (
        community_id uuid NOT NULL,
        call_id      uuid NOT NULL,
        member_id    uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, call_id, member_id),
        FOREIGN KEY (community_id, call_id) REFERENCES session_call,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('call_signature');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE call_signature, session_call, meetup_answer, meetup;
      CREATE OR REPLACE FUNCTION space_seen(s space, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT (s.for_types IS NULL AND NOT s.circle) OR who IS NULL OR EXISTS (
          SELECT FROM member m WHERE m.community_id = s.community_id AND m.id = who AND (m.role <> 'member'
            OR ((s.for_types IS NULL OR m.type = ANY (s.for_types)) AND (NOT s.circle OR m.circle))))
      $$;
      ALTER TABLE space DROP COLUMN group_id, DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion', 'challenge', 'jobs',
          'suggestions'));
      DROP TABLE group_member, micro_group;
    `);
  }
}
