import { CallError } from '@parley/client/http';
import type { AskOf } from '@parley/contracts/contract';
import {
  answerScreener,
  type Candidacy,
  confirmAddress,
  DoorToken,
  giveConsents,
  giveContact,
  openDoor,
  passAge,
  readCandidacy,
  sendVoice,
  type Step,
  type Threshold,
  withdrawCandidacy,
} from '@parley/contracts/door';
import type { ErrorCode } from '@parley/contracts/errors';
import type { Locale } from '@parley/contracts/people';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../platform/api';
import { readKept, writeKept } from '../platform/kept';

const TOKEN = 'parley:door';
const CONTACT = 'parley:door:contact';
/** Kept in place of the token of somebody who cannot take part. It says nothing of them. */
const OVER = 'over';

/** Of this tab alone: gone with it, and there again after a reload. */
const inTab = {
  read(name: string): string {
    try {
      return sessionStorage.getItem(name) ?? '';
    } catch {
      return '';
    }
  },
  write(name: string, text: string) {
    try {
      if (text) sessionStorage.setItem(name, text);
      else sessionStorage.removeItem(name);
    } catch {
      // Then a reload needs the link once more.
    }
  },
};

/** How the page was come to: by a link, by a piece of one, by none; or it has nothing more to offer. */
export type Arrival =
  { kind: 'link'; token: string } | { kind: 'broken' } | { kind: 'none' } | { kind: 'over' };

function inAddress(): string {
  const hash = window.location.hash.slice(1);
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function arrival(): Arrival {
  const kept = inTab.read(TOKEN);
  // Opening the link once more changes nothing.
  if (kept === OVER) return { kind: 'over' };
  const text = inAddress() || kept;
  if (!text) return { kind: 'none' };
  return DoorToken.safeParse(text).success ? { kind: 'link', token: text } : { kind: 'broken' };
}

/**
 * The link by which the page was opened. It leaves the address at once, so that it is in no history and no
 * screenshot, and stays with the tab.
 */
export function useArrival() {
  const [here, setHere] = useState(arrival);
  useEffect(() => {
    const take = () => {
      const text = inAddress();
      if (!text) return;
      const now = arrival();
      setHere(now);
      // Nothing longer than a link could be.
      if (now.kind !== 'over') inTab.write(TOKEN, text.slice(0, 100));
      window.history.replaceState(window.history.state, '', window.location.pathname);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  const end = useCallback(() => {
    inTab.write(TOKEN, OVER);
    setHere({ kind: 'over' });
  }, []);
  return { here, end };
}

/** What this browser keeps under a link has a part of it as its name: the whole would still open the door. */
const idName = (token: string) => `parley:door:${token.slice(-8)}`;

/** The id of the application that begins by a link: the same each time, so that it can be sent again. */
function applicationIdFor(token: string): string {
  const known = readKept(idName(token));
  if (known) return known;
  const id = crypto.randomUUID();
  writeKept(idName(token), id);
  return id;
}

/** Where answers wait until they are sent. */
export const answersName = (token: string | null) =>
  `parley:answers:${(token && readKept(idName(token))) || 'door'}`;
/** Where the answer to the open question waits until it is sent. */
export const voiceName = (communityId: string) => `parley:draft:door:${communityId}`;

/** A name and an address, as they were last given; for the tab alone. */
export interface Contact {
  handle: string;
  email: string;
}
export function lastContact(): Contact | null {
  const [handle, email] = inTab.read(CONTACT).split('\n');
  return handle ? { handle, email: email ?? '' } : null;
}

/** Forgets what this browser knew of an application that has come to its end. */
function forget(token: string | null, communityId: string) {
  writeKept(answersName(token), '');
  writeKept(voiceName(communityId), '');
  if (token) writeKept(idName(token), '');
  inTab.write(CONTACT, '');
}

/** What a link leads to. */
export interface Door {
  threshold: Threshold;
  /** Null before the first step. */
  candidacy: Candidacy | null;
}

const doorKey = (token: string | null) => ['door', token] as const;
const codeOf = (error: unknown): ErrorCode | null => (error instanceof CallError ? error.code : null);

/** These change by themselves: places become free, time runs out, somebody reads. */
const changing: readonly (Step | undefined)[] = ['consents', 'contact', 'code', 'waiting', 'notThisTime'];

/** Where the person of this browser stands behind the link; null for whoever comes back without one. */
export function useDoor(token: string | null) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: doorKey(token),
    staleTime: Infinity,
    networkMode: 'always',
    refetchOnWindowFocus: ({ state }) => changing.includes(state.data?.candidacy?.step) && 'always',
    refetchOnReconnect: false,
    queryFn: async (): Promise<Door> => {
      const known = queries.getQueryData<Door>(doorKey(token));
      // Openings are counted: who has begun asks only where they stand.
      if (!token || known?.candidacy) return standing(await api(readCandidacy, {}));
      const opened = await api(openDoor, { token });
      if (opened.candidacy || !readKept(idName(token))) return opened;
      // An open link is the same for everybody; that this browser has begun by it, its cookie says.
      const begun = await api(readCandidacy, {}).catch(() => null);
      const isHere = begun?.threshold.community.id === opened.threshold.community.id;
      return isHere && begun.step !== 'withdrawn' ? standing(begun) : opened;
    },
  });
}
const standing = (candidacy: Candidacy): Door => ({ threshold: candidacy.threshold, candidacy });

/** One thing that a candidate sends. */
export interface Sending<I> {
  /** Nothing while the one before is on its way: a double tap sends once. */
  send: (input: I) => void;
  error: unknown;
  isPending: boolean;
}

function useSending<I>(
  mutationFn: (input: I) => Promise<void>,
  onRefused: (code: ErrorCode | null) => void,
): Sending<I> {
  const isOnItsWay = useRef(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn,
    networkMode: 'always',
    onError: (refusal) => onRefused(codeOf(refusal)),
    onSettled: () => {
      isOnItsWay.current = false;
    },
  });
  const send = useCallback(
    (input: I) => {
      if (isOnItsWay.current) return;
      isOnItsWay.current = true;
      mutate(input);
    },
    [mutate],
  );
  return { send, error, isPending };
}

/** Everything that a candidate can send. Each answer says where they stand now. `onUnderAge` is the end of it. */
export function useSteps(token: string | null, onUnderAge: () => void) {
  const queries = useQueryClient();
  const key = doorKey(token);
  const take = (candidacy: Candidacy) => queries.setQueryData<Door>(key, standing(candidacy));
  const onRefused = (code: ErrorCode | null) => {
    // The browser has lost its cookie: the link has to be opened once more.
    const isLost = code === 'auth.required' || code === 'auth.forbidden';
    if (isLost) queries.setQueryData<Door>(key, (door) => door && { ...door, candidacy: null });
    // Something has been done elsewhere, in another tab perhaps: the page goes to where that led.
    if (isLost || code === 'door.stepOrder' || code === 'door.alreadySent' || code === 'door.stale')
      void queries.invalidateQueries({ queryKey: key });
  };
  return {
    age: useSending(
      async ({ born, locale }: { born: string; locale: Locale }) => {
        if (!token) return;
        take(await api(passAge, { token, applicationId: applicationIdFor(token), born, locale }));
      },
      (code) => {
        if (code !== 'door.underAge') return onRefused(code);
        if (token) writeKept(idName(token), '');
        queries.removeQueries({ queryKey: key });
        onUnderAge();
      },
    ),
    answers: useSending(async (input: AskOf<typeof answerScreener>) => {
      take(await api(answerScreener, input));
      writeKept(answersName(token), '');
    }, onRefused),
    consents: useSending(
      async (input: AskOf<typeof giveConsents>) => void take(await api(giveConsents, input)),
      onRefused,
    ),
    contact: useSending(async ({ handle, email }: Contact) => {
      inTab.write(CONTACT, `${handle}\n${email}`);
      take(await api(giveContact, { handle, ...(email && { email }) }));
    }, onRefused),
    code: useSending(
      async (input: AskOf<typeof confirmAddress>) => void take(await api(confirmAddress, input)),
      onRefused,
    ),
    voice: useSending(async (input: AskOf<typeof sendVoice>) => {
      const candidacy = await api(sendVoice, input);
      writeKept(voiceName(candidacy.threshold.community.id), '');
      take(candidacy);
    }, onRefused),
    withdraw: useSending(async (candidacy: Candidacy) => {
      await api(withdrawCandidacy, {});
      forget(token, candidacy.threshold.community.id);
      inTab.write(TOKEN, '');
      take({ ...candidacy, step: 'withdrawn', waiting: null, address: null, voice: null });
    }, onRefused),
  };
}
export type Steps = ReturnType<typeof useSteps>;

/** Inside: nothing of the way is kept any more. */
export function forgetTheWay(token: string | null, communityId: string) {
  forget(token, communityId);
  inTab.write(TOKEN, '');
}
