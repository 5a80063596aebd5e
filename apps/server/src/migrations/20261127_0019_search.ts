import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What can be searched, beside the tables it is said in: row-level security keeps words and likeness from every index of a
 * walled table, so they have tables of their own, read by functions that answer for the community of the transaction alone.
 */
export class Search20261127000019 implements MigrationInterface {
  name = 'Search20261127000019';

  async up(db: QueryRunner) {
    await db.query(`
      DROP INDEX contribution_words, contribution_alike, loop_update_words;
      CREATE EXTENSION IF NOT EXISTS btree_gin;
      CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

      CREATE TABLE sec.said (
        community_id uuid NOT NULL,
        -- The contribution's.
        id           uuid NOT NULL,
        room_id      uuid NOT NULL,
        at           timestamptz NOT NULL,
        -- In English and German.
        words        tsvector NOT NULL,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution ON DELETE CASCADE
      );
      CREATE INDEX said_newest ON sec.said (community_id, at DESC, id DESC);
      CREATE INDEX said_words ON sec.said USING gin (community_id, room_id, words);

      -- What a slip of the pen may have meant. No key: two who say a new word at once must not wait for each other.
      CREATE TABLE sec.said_word (
        community_id uuid NOT NULL,
        word         text NOT NULL
      );
      CREATE INDEX said_word_same ON sec.said_word (community_id, word);
      CREATE INDEX said_word_alike ON sec.said_word USING gin (community_id, word gin_trgm_ops);

      CREATE FUNCTION sec.words_of(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT to_tsvector('pg_catalog.english', body) || to_tsvector('pg_catalog.german', body)
      $$;
      CREATE FUNCTION sec.may_be_found(c contribution) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT c.moderation = 'published' AND NOT c.team_only
          AND c.type IN ('topic', 'idea', 'post', 'statement', 'comment')
      $$;

      -- A plan made while the tables are empty would read them whole for ever.
      CREATE FUNCTION sec.note_said() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
      DECLARE
        found tsvector;
      BEGIN
        IF NOT sec.may_be_found(NEW) THEN
          IF TG_OP = 'UPDATE' THEN DELETE FROM sec.said WHERE community_id = NEW.community_id AND id = NEW.id; END IF;
          RETURN NULL;
        END IF;
        found := sec.words_of(NEW.body);
        INSERT INTO sec.said VALUES (NEW.community_id, NEW.id, NEW.room_id, NEW.at, found)
          ON CONFLICT (community_id, id) DO UPDATE SET room_id = NEW.room_id, at = NEW.at, words = found;
        INSERT INTO sec.said_word SELECT NEW.community_id, lexeme FROM unnest(found)
          WHERE lexeme ~ '^[[:alpha:]]{3,40}$'
            AND NOT EXISTS (SELECT FROM sec.said_word w WHERE w.community_id = NEW.community_id AND w.word = lexeme);
        RETURN NULL;
      END $$;
      CREATE TRIGGER said AFTER INSERT ON contribution FOR EACH ROW EXECUTE FUNCTION sec.note_said();
      CREATE TRIGGER said_anew AFTER UPDATE OF body, moderation, team_only, room_id, at ON contribution FOR EACH ROW
        WHEN ((OLD.body, OLD.moderation, OLD.team_only, OLD.room_id, OLD.at)
          IS DISTINCT FROM (NEW.body, NEW.moderation, NEW.team_only, NEW.room_id, NEW.at))
        EXECUTE FUNCTION sec.note_said();

      -- The newest 200 that fit of the last 5,000.
      CREATE FUNCTION sec.newest_said(query tsquery, hidden uuid[], room uuid) RETURNS TABLE (id uuid, rank real)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
        SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
        SELECT s.id, ts_rank(s.words, query) FROM (
          SELECT * FROM sec.said WHERE community_id = sec.tenant() ORDER BY at DESC, id DESC LIMIT 5000) AS s
        WHERE s.words @@ query AND s.room_id <> ALL (hidden) AND (room IS NULL OR s.room_id = room) LIMIT 200
      $$;

      -- Of what is said outside the hidden rooms, or in one room, up to 500 that fit; where that is not all, the newest too.
      CREATE FUNCTION sec.find_said(query tsquery, hidden uuid[], room uuid DEFAULT NULL)
        RETURNS TABLE (id uuid, rank real) LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET enable_seqscan = off SET enable_indexscan = off
        SET plan_cache_mode = force_custom_plan AS $$
      DECLARE
        mine uuid := sec.tenant();
        many bigint;
      BEGIN
        IF query IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
        IF room IS NULL THEN
          RETURN QUERY SELECT s.id, ts_rank(s.words, query) FROM sec.said s
            WHERE s.community_id = mine AND s.words @@ query AND s.room_id <> ALL (hidden) LIMIT 500;
        ELSE
          RETURN QUERY SELECT s.id, ts_rank(s.words, query) FROM sec.said s
            WHERE s.community_id = mine AND s.room_id = room AND s.words @@ query LIMIT 500;
        END IF;
        GET DIAGNOSTICS many = ROW_COUNT;
        IF many = 500 THEN RETURN QUERY SELECT * FROM sec.newest_said(query, hidden, room); END IF;
      END $$;

      -- Words that were said and are written much like this one: two letters changed, or swapped, or many in common.
      CREATE FUNCTION sec.words_like(typed text) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET pg_trgm.similarity_threshold = 0.2
        SET plan_cache_mode = force_custom_plan AS $$
      BEGIN
        RETURN QUERY SELECT near.word FROM (
          SELECT w.word, similarity(w.word, typed) AS alike,
            levenshtein_less_equal(w.word, left(typed, 60), 2) AS changed
          FROM sec.said_word w WHERE w.community_id = sec.tenant() AND w.word % typed GROUP BY w.word) AS near
        WHERE near.alike >= 0.4 OR near.changed <= least(2, length(typed) / 3)
        ORDER BY near.changed, near.alike DESC, near.word LIMIT 4;
      END $$;

      -- Of the next words in their order those that nobody says any more. Answers the last it looked at, null at the end.
      CREATE FUNCTION sec.forget_words(past text) RETURNS text LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
        WITH looked AS MATERIALIZED (
          SELECT DISTINCT word FROM sec.said_word WHERE community_id = sec.tenant() AND word > past ORDER BY word LIMIT 1000),
        forgotten AS (DELETE FROM sec.said_word w USING looked
          WHERE w.community_id = sec.tenant() AND w.word = looked.word AND NOT EXISTS (SELECT FROM sec.said s
            WHERE s.community_id = sec.tenant() AND s.words @@ quote_literal(looked.word)::tsquery))
        SELECT max(word) FROM looked
      $$;

      REVOKE ALL ON FUNCTION sec.note_said(), sec.newest_said(tsquery, uuid[], uuid), sec.find_said(tsquery, uuid[], uuid),
        sec.words_like(text), sec.forget_words(text) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION sec.find_said(tsquery, uuid[], uuid), sec.words_like(text), sec.forget_words(text)
        TO parley_runtime;

      ALTER TABLE contribution NO FORCE ROW LEVEL SECURITY;
      INSERT INTO sec.said SELECT community_id, id, room_id, at, sec.words_of(body) FROM contribution c
        WHERE sec.may_be_found(c);
      ALTER TABLE contribution FORCE ROW LEVEL SECURITY;
      INSERT INTO sec.said_word SELECT DISTINCT s.community_id, w.lexeme FROM sec.said s CROSS JOIN unnest(s.words) AS w
        WHERE w.lexeme ~ '^[[:alpha:]]{3,40}$';
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TRIGGER said ON contribution;
      DROP TRIGGER said_anew ON contribution;
      DROP FUNCTION sec.forget_words, sec.words_like, sec.find_said, sec.newest_said, sec.note_said, sec.may_be_found,
        sec.words_of;
      DROP TABLE sec.said_word, sec.said;
      DROP EXTENSION btree_gin, fuzzystrmatch;
      CREATE INDEX contribution_words ON contribution USING gin (
        (to_tsvector('english', body) || to_tsvector('german', body))) WHERE type <> 'reply';
      CREATE INDEX contribution_alike ON contribution USING gin (body gin_trgm_ops)
        WHERE type IN ('topic', 'idea', 'post', 'statement');
      CREATE INDEX loop_update_words ON loop_update USING gin (
        (to_tsvector('english', title || ' ' || you_said || ' ' || coalesce(we_did, '') || ' ' || coalesce(because, ''))
         || to_tsvector('german', title || ' ' || you_said || ' ' || coalesce(we_did, '') || ' ' || coalesce(because, ''))))
        WHERE community_out_at IS NOT NULL;
    `);
  }
}
