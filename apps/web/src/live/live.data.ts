import { followSession, Sampler } from '@parley/client/live';
import type { Fate, Moderation, OwnContribution, Rating } from '@parley/contracts/contributions';
import type { AskOf } from '@parley/contracts/contract';
import {
  createSession,
  type Cue,
  endSession,
  leaveSession,
  listCues,
  listSessions,
  type Mood,
  playStage,
  rateStatement,
  readResult,
  secondOf,
  sendComment,
  sendSamples,
  type Stage,
  stageCue,
  startSession,
  submitStatement,
} from '@parley/contracts/live';
import { listPromises, readImpact } from '@parley/contracts/loop';
import { type LiveSession, withRating } from '@parley/contracts/live-facts';
import { updateProfile } from '@parley/contracts/profile';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api, loopKey, profileKey } from '../platform/api';
import { readKept, writeKept } from '../platform/kept';
import { useCommunityId, usePlace } from '../platform/place';
import { useFollowed, useOps, useWire } from '../platform/realtime';

/** What a member does may wait for the connection, also over a closed tab. */
export const memberOps = [sendSamples, sendComment, submitStatement, rateStatement] as const;

/** The Session that the address names. */
export const useSessionId = () => useParams({ strict: false }).sessionId ?? '';

/** The Session as this person sees it now. */
export function useLiveSession(sessionId: string) {
  const { connection } = useWire();
  const follow = useCallback((over: typeof connection) => followSession(over, sessionId), [sessionId]);
  const room = useFollowed(follow);
  useEffect(
    () => () => {
      // Who is here is counted: somebody who looks at another page is not.
      void connection.send(leaveSession, { sessionId }).catch(() => undefined);
    },
    [connection, sessionId],
  );
  return room;
}

/** Somebody who looked on takes part from now on; their socket comes back as theirs. */
export function useTakePart() {
  const communityId = useCommunityId();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api(updateProfile, { communityId, observer: false }),
    onSuccess: (profile) => queries.setQueryData(profileKey(communityId), profile),
  });
}

/** Ops of this Session that are on their way or were refused. */
export function useSessionOps(sessionId: string) {
  const { outbox } = useWire();
  const { waiting, refused } = useOps();
  const isOfSession = ({ input }: { input: unknown }) =>
    (input as { sessionId?: string }).sessionId === sessionId;
  return {
    waiting: waiting.filter(isOfSession),
    refused: refused.filter(isOfSession),
    discard: (id: string) => void outbox.discard(id),
  };
}

/** Seconds beyond which the video on this screen is not where the stage is. */
const OUT_OF_PLACE = 5;

/** Moves the dial and taps moods on what is on stage. `secondNow` is that of the video on this screen. */
export function useReact(sessionId: string, stage: Stage, cue: Cue, secondNow: () => number | null) {
  const { connection, outbox } = useWire();
  const sampler = useMemo(
    () => new Sampler(outbox, { sessionId, cueId: stage.cueId, round: stage.round }),
    [outbox, sessionId, stage.cueId, stage.round],
  );
  // What was gathered when the stage moves on still belongs to the round before.
  useEffect(() => () => void sampler.flush().catch(() => undefined), [sampler]);
  const second = () => {
    const expected = secondOf(stage, cue, connection.now());
    const seen = secondNow();
    // A video that has not found its place yet shows nothing that anybody reacts to.
    return seen !== null && Math.abs(seen - expected) < OUT_OF_PLACE ? seen : expected;
  };
  return {
    moveDial: (value: number) => sampler.moveDial(second(), value),
    tapMood: (mood: Mood) => sampler.tapMood(second(), mood),
  };
}

/** Says something: a note on what is on stage, or a statement for the others to rate. */
export function useSay(session: LiveSession) {
  const { connection, outbox } = useWire();
  const sessionId = session.card.id;
  const op = () => ({ opId: crypto.randomUUID(), sessionId });
  return {
    /** Whether a closed tab would lose what waits: then the draft must stay until it is answered. */
    lasting: outbox.lasting,
    comment: (body: string) => {
      const { stage, cue } = session;
      const second = stage && cue ? Math.floor(secondOf(stage, cue, connection.now())) : null;
      return outbox.add(sendComment, `words:${sessionId}`, {
        ...op(),
        body,
        cueId: stage?.cueId ?? null,
        second: second === null ? null : Math.min(second, 32_000),
      });
    },
    state: (body: string) => outbox.add(submitStatement, `words:${sessionId}`, { ...op(), body }),
  };
}

/** How often what waits is asked about, ms. */
const WAITS_MS = 5_000;
const SHOWN = 5;

/**
 * One's own words in a Session that not everybody sees. Asked for where the server said so of one of them, also after a
 * reload, and again while one of them waits; in a Session where everybody sees all at once nothing is asked.
 */
export function useOwnFates(sessionId: string) {
  const { community, memberId } = usePlace().membership;
  const communityId = community.id;
  const name = `parley:waits:${memberId}:${sessionId}`;
  const [expected, setExpected] = useState(() => Boolean(readKept(name)));
  const { data, refetch } = useQuery({
    queryKey: loopKey(communityId, 'ownFates', sessionId),
    enabled: expected,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some(waits) ? WAITS_MS : false),
    queryFn: async () => {
      const { items } = await api(readImpact, { communityId, spaceId: sessionId });
      const unseen = items.filter(isUnseen).slice(0, SHOWN);
      if (!unseen.some(waits)) writeKept(name, '');
      return unseen;
    },
  });
  return {
    fates: data ?? [],
    /** Something was sent that not everybody sees. */
    expect: () => {
      writeKept(name, '1');
      setExpected(true);
      if (expected) void refetch();
    },
  };
}

const waits = ({ moderation }: OwnContribution) => moderation === 'held' || moderation === 'appealed';
const unseenStates: readonly Moderation[] = ['held', 'returned', 'declined', 'appealed', 'hidden', 'frozen'];
const isUnseen = ({ moderation, teamOnly }: OwnContribution) => teamOnly || unseenStates.includes(moderation);
/** Whether everybody sees what was just sent. */
export const isSeen = ({ moderation, teamOnly }: Fate) => moderation === 'published' && !teamOnly;

/** Rates a statement; the counts come back with the answer. */
export function useRate(sessionId: string, update: (change: (session: LiveSession) => LiveSession) => void) {
  const { outbox } = useWire();
  return (statementId: string, rating: Rating) => {
    const input = { opId: crypto.randomUUID(), sessionId, statementId, rating };
    outbox
      .add(rateStatement, `rate:${sessionId}`, input)
      .then(({ counts }) => update((session) => withRating(session, statementId, rating, counts)))
      // A refusal stays in the outbox, where the screen shows it.
      .catch(() => undefined);
  };
}

/** Drives the Session. Each is sent at once or not at all: a start that waits would come as a surprise. */
export function useDrive(sessionId: string) {
  const { connection } = useWire();
  const op = () => ({ opId: crypto.randomUUID(), sessionId });
  const start = useMutation({ mutationFn: () => connection.send(startSession, op()) });
  const end = useMutation({ mutationFn: () => connection.send(endSession, op()) });
  const stage = useMutation({
    mutationFn: (cueId: string) => connection.send(stageCue, { ...op(), cueId }),
  });
  const play = useMutation({
    mutationFn: (to: { playing: boolean; position: number }) =>
      connection.send(playStage, { ...op(), ...to }),
  });
  const all = [start, end, stage, play];
  const last = all.reduce((a, b) => (b.submittedAt > a.submittedAt ? b : a));
  return { start, end, stage, play, isBusy: all.some(({ isPending }) => isPending), error: last.error };
}

const sessionsKey = (communityId: string) => ['sessions', communityId] as const;

/** The Sessions of this community. */
export function useSessions() {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: sessionsKey(communityId),
    staleTime: 0,
    refetchInterval: 30_000,
    queryFn: async () => (await api(listSessions, { communityId })).sessions,
  });
}

/** What a Session left. */
export function useResult(sessionId: string) {
  const communityId = useCommunityId();
  return useQuery({
    queryKey: ['result', communityId, sessionId],
    staleTime: 0,
    queryFn: () => api(readResult, { communityId, sessionId }),
  });
}

/** What came of what was said in a Session, and by when an answer is due; undefined until that is known. */
export function usePromise(sessionId: string) {
  const communityId = useCommunityId();
  const { data } = useQuery({
    queryKey: loopKey(communityId, 'promises'),
    queryFn: () => api(listPromises, { communityId }),
    select: ({ promises }) => promises.find(({ space }) => space.id === sessionId),
  });
  return data;
}

/** The run of show of a Session, for those who drive. */
export function useCues(sessionId: string, enabled = true) {
  const communityId = useCommunityId();
  return useQuery({
    enabled,
    queryKey: ['cues', communityId, sessionId],
    queryFn: async () => (await api(listCues, { communityId, sessionId })).cues,
  });
}

/** Plans a Session. */
export function usePlan() {
  const queries = useQueryClient();
  const communityId = useCommunityId();
  return useMutation({
    mutationFn: (plan: Omit<AskOf<typeof createSession>, 'communityId'>) =>
      api(createSession, { ...plan, communityId }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsKey(communityId) }),
  });
}
