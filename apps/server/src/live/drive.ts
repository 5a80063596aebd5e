import { sessionRoom } from '@parley/contracts/live-facts';
import { type Stage, stoppedAt } from '@parley/contracts/live';
import type { EntityManager } from 'typeorm';
import type { AssetsService } from '../media/assets.service';
import { AppError, notFound } from '../platform/errors';
import type { NewFact, Outcome } from '../platform/writer';
import type { LiveRoom } from './live-room';

/** One move of who drives a Session. */
export type Drive =
  | { act: 'start'; sessionId: string }
  | { act: 'end'; sessionId: string }
  | { act: 'stage'; sessionId: string; cueId: string }
  | { act: 'play'; sessionId: string; playing: boolean; position: number };

/** A Session as the moves before in the same batch leave it. */
export interface Draft {
  room: LiveRoom;
  status: 'scheduled' | 'live' | 'ended';
  stage: Stage | null;
  rounds: Map<string, number>;
}

/** Stores one move of the stage and answers what the room is told. */
export async function move(
  em: EntityManager,
  assets: AssetsService,
  communityId: string,
  draft: Draft,
  drive: Drive,
): Promise<Outcome<object> | AppError> {
  const { sessionId } = drive;
  const now = Date.now();
  const at = new Date(now).toISOString();
  const tell = (name: string, data: unknown): Outcome<object> => {
    const fact: NewFact = { roomId: sessionRoom(sessionId), name, data };
    return { result: {}, facts: [fact] };
  };
  const store = (set: string, value: unknown) =>
    em.query(`UPDATE session SET ${set} WHERE community_id = $1 AND id = $2`, [
      communityId,
      sessionId,
      value,
    ]);
  const setOpen = (open: boolean) =>
    em.query('UPDATE room SET open = $3 WHERE community_id = $1 AND id = $2', [
      communityId,
      sessionRoom(sessionId),
      open,
    ]);
  const setStage = async (stage: Stage) => {
    draft.stage = stage;
    await store('stage = $3', JSON.stringify(stage));
  };

  if (draft.status === 'ended') return new AppError('session.ended', 'This Session has ended.');
  if (drive.act === 'start') {
    if (draft.status === 'live') return { result: {} };
    draft.status = 'live';
    await store(`status = 'live', started_at = $3`, at);
    await setOpen(true);
    return tell('live.started', { startedAt: at });
  }
  if (draft.status !== 'live') return new AppError('session.notLive', 'Start the Session first.');
  if (drive.act === 'end') {
    draft.status = 'ended';
    await store(`status = 'ended', ended_at = $3`, at);
    await setOpen(false);
    const shown = draft.room.cues.find(({ id }) => id === draft.stage?.cueId);
    if (draft.stage && shown) await setStage(stoppedAt(draft.stage, shown, now));
    return tell('live.ended', { endedAt: at });
  }
  const turn = (draft.stage?.turn ?? 0) + 1;
  if (drive.act === 'play') {
    const cue = draft.room.cues.find(({ id }) => id === draft.stage?.cueId);
    if (!draft.stage || cue?.kind !== 'video')
      return new AppError('request.invalid', 'Put a video on stage first.', {
        fields: { playing: 'a video on stage' },
      });
    const position = Math.min(drive.position, cue.asset?.durationSeconds ?? 0);
    await setStage({ ...draft.stage, turn, playing: drive.playing, position, at: now });
    return tell('live.played', { stage: draft.stage });
  }
  const cue = draft.room.cues.find(({ id }) => id === drive.cueId);
  if (!cue) return notFound();
  for (const asset of [cue.asset, cue.other]) {
    const hindrance = asset && (await assets.hindrance(em, communityId, asset.id));
    if (hindrance) return hindrance;
  }
  const round = Math.max(draft.room.nextRound(cue.id), (draft.rounds.get(cue.id) ?? 0) + 1);
  draft.rounds.set(cue.id, round);
  const stage: Stage = { turn, cueId: cue.id, round, onAirAt: now, playing: false, position: 0, at: now };
  // What was on stage is what is compared later, whatever version comes after it.
  const shown = await draft.room.latest(cue, (ids) => assets.assets(em, communityId, ids));
  await em.query(
    'INSERT INTO round (community_id, cue_id, round, on_air_at, asset_version) VALUES ($1, $2, $3, $4, $5)',
    [communityId, cue.id, round, at, shown.asset?.version ?? null],
  );
  for (const asset of [shown.asset, shown.other]) if (asset) await assets.show(em, communityId, asset.id);
  await setStage(stage);
  return tell('live.staged', { stage, cue: shown });
}
