import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions, their run of show, their rounds on stage, and the samples of each round. */
export class Live20261122000004 implements MigrationInterface {
  name = 'Live20261122000004';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE TABLE session (
        community_id    uuid NOT NULL,
        -- Also the id of its room.
        id              uuid NOT NULL,
        title           text NOT NULL,
        purpose         text NOT NULL,
        decision        text NOT NULL,
        owner_name      text NOT NULL,
        owner_title     text NOT NULL,
        report_back_on  date NOT NULL,
        status          text NOT NULL CHECK (status IN ('scheduled', 'live', 'ended')),
        starts_at       timestamptz NOT NULL,
        planned_minutes int NOT NULL,
        started_at      timestamptz,
        ended_at        timestamptz,
        -- The contract's Stage, or null before the first cue.
        stage           jsonb,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES room
      );
      SELECT sec.wall('session');

      CREATE TABLE session_host (
        community_id uuid NOT NULL,
        session_id   uuid NOT NULL,
        member_id    uuid NOT NULL,
        PRIMARY KEY (community_id, session_id, member_id),
        FOREIGN KEY (community_id, session_id) REFERENCES session,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('session_host');

      CREATE TABLE cue (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        session_id   uuid NOT NULL,
        place        int NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('text', 'picture', 'video', 'rate')),
        title        text NOT NULL,
        prompt       text NOT NULL,
        asset_id     uuid,
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, session_id, place),
        FOREIGN KEY (community_id, session_id) REFERENCES session,
        FOREIGN KEY (community_id, asset_id) REFERENCES asset
      );
      SELECT sec.wall('cue');

      -- One airing of a cue; a cue that comes on stage again gets a new one.
      CREATE TABLE round (
        community_id uuid NOT NULL,
        cue_id       uuid NOT NULL,
        round        int NOT NULL,
        on_air_at    timestamptz NOT NULL,
        PRIMARY KEY (community_id, cue_id, round),
        FOREIGN KEY (community_id, cue_id) REFERENCES cue
      );
      SELECT sec.wall('round');

      -- What one member did in one second of a round: a dial value, a mood, or both.
      CREATE TABLE sample (
        community_id uuid NOT NULL,
        cue_id       uuid NOT NULL,
        round        int NOT NULL,
        member_id    uuid NOT NULL,
        second       int NOT NULL,
        dial         smallint CHECK (dial BETWEEN 0 AND 100),
        -- Place of the mood in the contract's list, first is 0.
        mood         smallint,
        PRIMARY KEY (community_id, cue_id, round, member_id, second),
        FOREIGN KEY (community_id, cue_id, round) REFERENCES round,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      ) PARTITION BY HASH (cue_id);
      SELECT sec.wall('sample');
    `);
    // Round by round in a partition of its own size. Nobody is given rights on a partition: it has no way round the wall.
    for (let part = 0; part < 8; part += 1) {
      const name = `sample_${part}`;
      await db.query(
        `CREATE TABLE ${name} PARTITION OF sample FOR VALUES WITH (MODULUS 8, REMAINDER ${part})`,
      );
      await db.query(`SELECT sec.wall('${name}')`);
      await db.query(`REVOKE ALL ON ${name} FROM parley_runtime`);
    }
  }

  async down(db: QueryRunner) {
    await db.query('DROP TABLE sample, round, cue, session_host, session;');
  }
}
