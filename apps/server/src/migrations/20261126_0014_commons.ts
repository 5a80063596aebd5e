import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Places where members talk: topics, posts, what each has seen, and finding any of it. */
export class Commons20261126000014 implements MigrationInterface {
  name = 'Commons20261126000014';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion'));
      ALTER TABLE contribution DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply', 'submission', 'topic', 'post'));

      CREATE TABLE topic (
        community_id uuid NOT NULL,
        -- The contribution's; its first line is the title.
        id           uuid NOT NULL,
        place_id     uuid NOT NULL,
        -- When something was last shown in it.
        last_at      timestamptz NOT NULL DEFAULT now(),
        solved_by    uuid,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution,
        FOREIGN KEY (community_id, place_id) REFERENCES space
      );
      CREATE INDEX topic_latest ON topic (community_id, place_id, last_at DESC, id DESC);
      SELECT sec.wall('topic');
      REVOKE DELETE ON topic FROM parley_runtime;

      CREATE TABLE post (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        topic_id     uuid NOT NULL,
        parent_id    uuid,
        -- Words of what it answers, as they were written.
        quote        text,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, topic_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution,
        FOREIGN KEY (community_id, topic_id) REFERENCES topic,
        FOREIGN KEY (community_id, topic_id, parent_id) REFERENCES post (community_id, topic_id, id)
      );
      CREATE INDEX post_of ON post (community_id, topic_id, at, id);
      SELECT sec.wall('post');
      REVOKE DELETE ON post FROM parley_runtime;
      ALTER TABLE topic ADD FOREIGN KEY (community_id, id, solved_by) REFERENCES post (community_id, topic_id, id);

      -- What a member has seen of a topic, and whether they want to hear of it.
      CREATE TABLE topic_member (
        community_id uuid NOT NULL,
        topic_id     uuid NOT NULL,
        member_id    uuid NOT NULL,
        seen_at      timestamptz,
        following    text NOT NULL DEFAULT 'usual' CHECK (following IN ('follow', 'mute', 'usual')),
        PRIMARY KEY (community_id, topic_id, member_id),
        FOREIGN KEY (community_id, topic_id) REFERENCES topic,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('topic_member');

      -- Words in both languages, and likeness for slips of the pen.
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE INDEX contribution_words ON contribution USING gin (
        (to_tsvector('english', body) || to_tsvector('german', body))) WHERE type <> 'reply';
      CREATE INDEX loop_update_words ON loop_update USING gin (
        (to_tsvector('english', title || ' ' || you_said || ' ' || coalesce(we_did, '') || ' ' || coalesce(because, ''))
         || to_tsvector('german', title || ' ' || you_said || ' ' || coalesce(we_did, '') || ' ' || coalesce(because, ''))))
        WHERE community_out_at IS NOT NULL;
      CREATE INDEX contribution_alike ON contribution USING gin (body gin_trgm_ops) WHERE type IN ('topic', 'post', 'statement');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP INDEX contribution_alike, loop_update_words, contribution_words;
      ALTER TABLE topic DROP CONSTRAINT topic_community_id_id_solved_by_fkey;
      DROP TABLE topic_member, post, topic;
      ALTER TABLE contribution DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply', 'submission'));
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity'));
    `);
  }
}
