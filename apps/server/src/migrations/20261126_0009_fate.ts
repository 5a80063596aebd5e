import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Spaces with their purpose and their moderation; what becomes of each contribution, and what its author is told. */
export class Fate20261126000009 implements MigrationInterface {
  name = 'Fate20261126000009';

  async up(db: QueryRunner) {
    await db.query(`
      -- Where things are said: why, what will be decided, by whom, and when members hear of it. Its id is its room's.
      CREATE TABLE space (
        community_id   uuid NOT NULL,
        id             uuid NOT NULL,
        kind           text NOT NULL CHECK (kind IN ('session', 'update')),
        title          text NOT NULL CHECK (title <> ''),
        purpose        text NOT NULL CHECK (purpose <> ''),
        decision       text NOT NULL CHECK (decision <> ''),
        owner_name     text NOT NULL CHECK (owner_name <> ''),
        owner_title    text NOT NULL,
        -- The owner's own membership, where they have one: they are reminded.
        owner_id       uuid,
        -- What is decided here is not put to a vote.
        informs_only   boolean NOT NULL DEFAULT false,
        answer_by      date NOT NULL,
        -- How it is moderated; all null: as the community.
        mode           text CHECK (mode IN ('open', 'hold', 'approve', 'team')),
        hold_seconds   int,
        decide_minutes int,
        -- All that members send waits, whatever the rule says.
        held           boolean NOT NULL DEFAULT false,
        created_at     timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES room,
        FOREIGN KEY (community_id, owner_id) REFERENCES member,
        CHECK (num_nonnulls(mode, hold_seconds, decide_minutes) IN (0, 3))
      );
      SELECT sec.wall('space');
      REVOKE DELETE ON space FROM parley_runtime;

      INSERT INTO space (community_id, id, kind, title, purpose, decision, owner_name, owner_title, owner_id, answer_by)
      SELECT s.community_id, s.id, 'session', s.title, s.purpose, s.decision, s.owner_name, s.owner_title,
        (SELECT m.id FROM member m JOIN person ON person.id = m.person_id WHERE m.community_id = s.community_id
           AND m.role <> 'member' AND s.owner_name IN (m.handle, person.name) LIMIT 1), s.report_back_on
      FROM session s;
      -- They stand in the space from now on.
      ALTER TABLE session DROP COLUMN title, DROP COLUMN purpose, DROP COLUMN decision, DROP COLUMN owner_name,
        DROP COLUMN owner_title, DROP COLUMN report_back_on,
        ADD FOREIGN KEY (community_id, id) REFERENCES space;

      -- How spaces without a rule of their own are moderated; without a row: open.
      CREATE TABLE community_rule (
        community_id   uuid PRIMARY KEY REFERENCES community,
        mode           text NOT NULL CHECK (mode IN ('open', 'hold', 'approve', 'team')),
        hold_seconds   int NOT NULL,
        decide_minutes int NOT NULL
      );
      SELECT sec.wall('community_rule');

      -- Authors who need not wait.
      CREATE TABLE trusted_author (
        community_id uuid NOT NULL,
        member_id    uuid NOT NULL,
        by_id        uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, member_id),
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      SELECT sec.wall('trusted_author');

      ALTER TABLE contribution
        DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply')),
        ADD COLUMN moderation    text NOT NULL DEFAULT 'published' CHECK (moderation IN ('held', 'published',
          'returned', 'declined', 'appealed', 'upheld', 'hidden', 'merged', 'split', 'withdrawn', 'frozen')),
        -- For the team alone, for good.
        ADD COLUMN team_only     boolean NOT NULL DEFAULT false,
        ADD COLUMN loop          text NOT NULL DEFAULT 'received' CHECK (loop IN ('received', 'read', 'grouped',
          'considered', 'decided', 'delivered', 'verified', 'disputed', 'reopened')),
        ADD COLUMN outcome       text CHECK (outcome IN ('adopted', 'adapted', 'deferred', 'declined', 'alreadyThere',
          'informedOnly')),
        -- When it is published by itself; of what is held for some seconds alone.
        ADD COLUMN release_at    timestamptz,
        -- When moderators have decided at the latest.
        ADD COLUMN decide_by     timestamptz,
        -- Until when its author may change or appeal it.
        ADD COLUMN appeal_until  timestamptz,
        -- By when what was decided is carried out; and until when it is judged.
        ADD COLUMN deliver_by    date,
        ADD COLUMN judge_until   timestamptz,
        ADD COLUMN edited        text CHECK (edited IN ('spelling', 'reworded', 'author')),
        ADD COLUMN reply_to      uuid,
        ADD COLUMN merged_into   uuid,
        ADD COLUMN split_of      uuid,
        ADD COLUMN claimed_by    uuid,
        ADD COLUMN claimed_until timestamptz,
        ADD FOREIGN KEY (community_id, room_id) REFERENCES space,
        ADD FOREIGN KEY (community_id, reply_to) REFERENCES contribution,
        ADD FOREIGN KEY (community_id, merged_into) REFERENCES contribution,
        ADD FOREIGN KEY (community_id, split_of) REFERENCES contribution,
        ADD FOREIGN KEY (community_id, claimed_by) REFERENCES member,
        -- Nothing is without a next state: who waits for a decision, an appeal, a delivery or a verdict knows until when.
        ADD CONSTRAINT contribution_decision_due CHECK (moderation NOT IN ('held', 'appealed', 'frozen')
          OR decide_by IS NOT NULL),
        ADD CONSTRAINT contribution_appeal_due CHECK (moderation NOT IN ('returned', 'declined', 'hidden')
          OR appeal_until IS NOT NULL),
        ADD CONSTRAINT contribution_outcome CHECK ((loop IN ('decided', 'delivered', 'verified')) <= (outcome IS NOT NULL)),
        ADD CONSTRAINT contribution_delivery_due CHECK (loop <> 'decided'
          OR outcome NOT IN ('adopted', 'adapted', 'deferred') OR deliver_by IS NOT NULL),
        ADD CONSTRAINT contribution_judged CHECK (loop <> 'delivered' OR judge_until IS NOT NULL),
        ADD CONSTRAINT contribution_merged CHECK ((moderation = 'merged') <= (merged_into IS NOT NULL)),
        ADD CONSTRAINT contribution_reply CHECK ((type = 'reply') = (reply_to IS NOT NULL));
      CREATE INDEX contribution_author ON contribution (community_id, author_id, at DESC, id DESC);
      CREATE INDEX contribution_newest ON contribution (community_id, at DESC, id DESC);
      CREATE INDEX contribution_loop ON contribution (community_id, room_id, loop);
      CREATE INDEX contribution_desk ON contribution (community_id, decide_by, id)
        WHERE moderation IN ('held', 'appealed', 'frozen');
      CREATE INDEX contribution_release ON contribution (community_id, release_at)
        WHERE moderation = 'held' AND release_at IS NOT NULL;
      CREATE INDEX contribution_reply_to ON contribution (community_id, reply_to) WHERE reply_to IS NOT NULL;
      CREATE INDEX contribution_split_of ON contribution (community_id, split_of) WHERE split_of IS NOT NULL;
      CREATE INDEX contribution_merged_into ON contribution (community_id, merged_into) WHERE merged_into IS NOT NULL;

      -- What was written before it was changed.
      CREATE TABLE contribution_version (
        community_id    uuid NOT NULL,
        contribution_id uuid NOT NULL,
        n               int NOT NULL,
        body            text NOT NULL,
        -- What took its place.
        edited          text NOT NULL CHECK (edited IN ('spelling', 'reworded', 'author')),
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, contribution_id, n),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution
      );
      SELECT sec.wall('contribution_version');

      -- What its author is told of a contribution, step by step; that it was received stands in the contribution itself.
      CREATE TABLE receipt (
        community_id    uuid NOT NULL,
        id              bigint GENERATED ALWAYS AS IDENTITY,
        contribution_id uuid NOT NULL,
        kind            text NOT NULL,
        by_id           uuid,
        -- The contract's ReceiptStep but for what stands in columns.
        detail          jsonb NOT NULL DEFAULT '{}',
        at              timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      CREATE INDEX receipt_contribution ON receipt (community_id, contribution_id, id);
      SELECT sec.wall('receipt');

      -- Who of the team has read what.
      CREATE TABLE reading (
        community_id    uuid NOT NULL,
        contribution_id uuid NOT NULL,
        member_id       uuid NOT NULL,
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, contribution_id, member_id),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('reading');

      -- Groups of contributions that say the same.
      CREATE TABLE theme (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        label        text NOT NULL CHECK (label <> ''),
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id)
      );
      SELECT sec.wall('theme');

      CREATE TABLE theme_link (
        community_id    uuid NOT NULL,
        theme_id        uuid NOT NULL,
        contribution_id uuid NOT NULL,
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, theme_id, contribution_id),
        FOREIGN KEY (community_id, theme_id) REFERENCES theme,
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution
      );
      CREATE INDEX theme_link_contribution ON theme_link (community_id, contribution_id);
      SELECT sec.wall('theme_link');

      CREATE TABLE moderation_policy (
        community_id uuid NOT NULL REFERENCES community,
        version      int NOT NULL CHECK (version > 0),
        -- The contract's PolicyBody.
        body         jsonb NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, version)
      );
      SELECT sec.wall('moderation_policy');

      -- Who decided what, by which rule, when.
      CREATE TABLE moderation_decision (
        community_id    uuid NOT NULL,
        seq             bigint GENERATED ALWAYS AS IDENTITY,
        contribution_id uuid NOT NULL,
        action          text NOT NULL,
        reason          text,
        note            text,
        moderator_id    uuid NOT NULL,
        policy_version  int NOT NULL,
        -- What it was about, as it read then.
        excerpt         text NOT NULL,
        at              timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (community_id, seq),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, moderator_id) REFERENCES member
      );
      CREATE INDEX moderation_decision_of ON moderation_decision (community_id, contribution_id, seq);
      SELECT sec.wall('moderation_decision');
      -- What was written down stays as it was written.
      REVOKE UPDATE, DELETE ON receipt, moderation_decision, moderation_policy, contribution_version FROM parley_runtime;
      REVOKE DELETE ON contribution FROM parley_runtime;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE moderation_decision, moderation_policy, theme_link, theme, reading, receipt, contribution_version, trusted_author,
        community_rule;
      ALTER TABLE session ADD COLUMN title text, ADD COLUMN purpose text, ADD COLUMN decision text,
        ADD COLUMN owner_name text, ADD COLUMN owner_title text, ADD COLUMN report_back_on date;
      UPDATE session SET title = s.title, purpose = s.purpose, decision = s.decision, owner_name = s.owner_name,
        owner_title = s.owner_title, report_back_on = s.answer_by
      FROM space s WHERE s.community_id = session.community_id AND s.id = session.id;
      ALTER TABLE session ALTER title SET NOT NULL, ALTER purpose SET NOT NULL, ALTER decision SET NOT NULL,
        ALTER owner_name SET NOT NULL, ALTER owner_title SET NOT NULL, ALTER report_back_on SET NOT NULL;
      DROP INDEX contribution_author, contribution_newest, contribution_loop;
      DELETE FROM contribution WHERE type = 'reply';
      ALTER TABLE contribution DROP COLUMN moderation, DROP COLUMN team_only, DROP COLUMN loop, DROP COLUMN outcome,
        DROP COLUMN release_at, DROP COLUMN decide_by, DROP COLUMN appeal_until, DROP COLUMN deliver_by,
        DROP COLUMN judge_until, DROP COLUMN edited, DROP COLUMN reply_to, DROP COLUMN merged_into, DROP COLUMN split_of,
        DROP COLUMN claimed_by, DROP COLUMN claimed_until,
        DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement'));
      DROP TABLE space CASCADE;
    `);
  }
}
