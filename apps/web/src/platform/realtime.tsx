import { Connection, type Link } from '@parley/client/connection';
import type { Follower } from '@parley/client/follow';
import type { CallError } from '@parley/client/http';
import { openStore, Outbox, type Waiting } from '@parley/client/outbox';
import type { Command } from '@parley/contracts/contract';
import { takeTicket } from '@parley/contracts/people';
import { wire as events } from '@parley/contracts/realtime';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { api, meKey } from './api';
import { onNews } from './media.data';

interface Wire {
  connection: Connection;
  outbox: Outbox;
}
/** What is on its way and what was refused, as of now. */
interface Ops {
  waiting: Waiting[];
  refused: Waiting[];
}

const WireContext = createContext<Wire | null>(null);
const LinkContext = createContext<Link>('connecting');
const OpsContext = createContext<Ops>({ waiting: [], refused: [] });

interface RealtimeProps {
  communityId: string;
  personId: string;
  memberId: string;
  /** Commands that may wait in the outbox from an earlier visit. */
  commands: readonly Command[];
  /** Shown until the browser has opened its store, which takes an instant. */
  before: ReactNode;
  children: ReactNode;
}

/** One connection and one outbox for everything inside it. Give it the community as `key`. */
export function Realtime({ communityId, personId, memberId, commands, before, children }: RealtimeProps) {
  const queries = useQueryClient();
  const [wire, setWire] = useState<Wire | null>(null);
  const [link, setLink] = useState<Link>('connecting');
  const [ops, setOps] = useState<Ops>({ waiting: [], refused: [] });

  useEffect(() => {
    let gone = false;
    let outbox: Outbox | undefined;
    const connection = new Connection({
      ticket: async () => {
        const { ticket, memberId: whose } = await api(takeTicket, { communityId });
        // In another tab somebody else has signed in: what waits here is not theirs to send.
        if (whose !== memberId) {
          location.reload();
          return new Promise<string>(() => undefined);
        }
        return ticket;
      },
    });
    connection.socket.on(events.news, (name: unknown) => onNews(queries, communityId, name));
    connection.watch((now) => {
      if (gone) return;
      setLink(now);
      // Signed out or shut out elsewhere: who is signed in has to be asked again.
      if (now === 'closed') void queries.invalidateQueries({ queryKey: meKey });
    });
    void openStore(`parley:${personId}:${communityId}`).then((store) => {
      if (gone) return;
      const opened = new Outbox(connection, store, commands);
      opened.watch(() => setOps({ waiting: opened.waiting, refused: opened.refused }));
      outbox = opened;
      setWire({ connection, outbox });
      setLink(connection.link);
      void outbox.resume();
    });

    const hurry = () => document.visibilityState === 'visible' && connection.hurry();
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    return () => {
      gone = true;
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
      outbox?.stop();
      connection.close();
    };
  }, [communityId, personId, memberId, commands, queries]);

  if (!wire) return before;
  return (
    <WireContext value={wire}>
      <LinkContext value={link}>
        <OpsContext value={ops}>{children}</OpsContext>
      </LinkContext>
    </WireContext>
  );
}

/** The connection and the outbox of the community. */
export function useWire(): Wire {
  const wire = useContext(WireContext);
  if (!wire) throw new Error('Not inside Realtime');
  return wire;
}

/** Whether the server can be reached. */
export const useLink = () => useContext(LinkContext);

/** What is on its way and what was refused. */
export const useOps = () => useContext(OpsContext);

/** The server's time in ms, looked at again and again; without a connection that of this machine. */
export function useNow(everyMs: number): number {
  const connection = useContext(WireContext)?.connection ?? Date;
  const [now, setNow] = useState(() => connection.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(connection.now()), everyMs);
    return () => clearInterval(timer);
  }, [connection, everyMs]);
  return now;
}

interface FollowedRoom<S> {
  /** Null until the first answer. */
  state: S | null;
  /** Why the room cannot be entered. */
  refusal: CallError | null;
  /** Takes over what the answer to an own op says. */
  update: (change: (state: S) => S) => void;
}

/** The state of a room that stays current. `follow` must be steady, as `useCallback` makes it. */
export function useFollowed<S, A>(follow: (connection: Connection) => Follower<S, A>): FollowedRoom<S> {
  const { connection } = useWire();
  const [room, setRoom] = useState<{ of: unknown; room: FollowedRoom<S> } | null>(null);
  useEffect(() => {
    const follower = follow(connection);
    const show = () =>
      setRoom({
        of: follow,
        room: {
          state: follower.state,
          refusal: follower.error,
          update: (change) => follower.update(change),
        },
      });
    const stop = follower.watch(show);
    return () => {
      stop();
      follower.stop();
    };
  }, [connection, follow]);
  return room?.of === follow ? room.room : { state: null, refusal: null, update: () => undefined };
}
