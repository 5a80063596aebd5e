import { CallError } from '@parley/client/http';
import { Rating } from '@parley/contracts/contributions';
import { rateStatement, sendComment, submitStatement } from '@parley/contracts/live';
import type { Crew, Hand } from './hand';
import { type Account, Ledger } from './ledger';
import { pause } from './problem';

/** What a crew did in a live Session, and how it went. */
export interface Performed {
  account: Account;
  sent: number;
  acked: number;
  refused: number;
  /** Ops that nobody answered. */
  unanswered: number;
  /** The first few, by code. */
  refusals: string[];
  /** The most frames a second that one hand received, averaged over the time. */
  framesPerSecond: number;
  /** Milliseconds from sending to the acknowledgement. */
  ackMs: { p50: number; p99: number };
}

/** Each second one in a hundred writes or rates. */
const WRITES = 0.01;

interface Turn {
  second: string;
  value: number;
  writing: boolean;
}

/** Everybody moves the dial each second; some write or rate. Answers when everything is acknowledged. */
export async function perform(crew: Crew, seconds: number): Promise<Performed> {
  const { hands } = crew;
  const ledger = new Ledger();
  for (const hand of hands) hand.acked = (...what) => ledger.note(hand.memberId, ...what);
  const ops = new Ops();
  const words = new Words();
  const before = hands.map(({ received }) => received.frames);
  const turns = hands.map((_, i): Turn => ({ second: '', value: 30 + (i % 41), writing: false }));

  const act = (hand: Hand, turn: Turn) => {
    const now = crew.now();
    const second = now && `${now.round.cueId} ${now.round.round} ${now.second}`;
    if (second && second !== turn.second) {
      turn.second = second;
      turn.value = Math.max(0, Math.min(100, turn.value + Math.round((Math.random() - 0.5) * 12)));
      ops.follow(hand.dial(now.round, now.second, turn.value));
    }
    if (turn.writing || Math.random() >= WRITES) return;
    turn.writing = true;
    ops.follow(words.write(hand, now)).finally(() => (turn.writing = false));
  };

  // A tenth of the hands every tenth of a second: each once a second, never all at once.
  const began = Date.now();
  for (let tick = 0; Date.now() - began < seconds * 1_000; tick += 1) {
    for (let i = tick % 10; i < hands.length; i += 10) act(hands[i]!, turns[i]!);
    await pause(Math.max(0, began + (tick + 1) * 100 - Date.now()));
  }
  const lasted = (Date.now() - began) / 1_000;
  const frames = hands.map(({ received }, i) => (received.frames - before[i]!) / lasted);
  await ops.settled(15_000);
  return {
    account: ledger.account(),
    ...ops.figures(),
    framesPerSecond: Math.max(...frames),
  };
}

/** Ops on their way, and what became of them. */
class Ops {
  private sent = 0;
  private refused = 0;
  private readonly pending = new Set<Promise<void>>();
  private readonly waits: number[] = [];
  private readonly refusals: string[] = [];

  follow(op: Promise<unknown>): Promise<void> {
    this.sent += 1;
    const began = performance.now();
    const settled: Promise<void> = op
      .then(
        () => void this.waits.push(performance.now() - began),
        (error: unknown) => {
          this.refused += 1;
          const { code } = error as Partial<CallError>;
          if (this.refusals.length < 5) this.refusals.push(code ?? String(error));
        },
      )
      .finally(() => this.pending.delete(settled));
    this.pending.add(settled);
    return settled;
  }

  async settled(patienceMs: number) {
    const until = Date.now() + patienceMs;
    while (this.pending.size && Date.now() < until) await pause(50);
  }

  figures() {
    const waits = this.waits.sort((a, b) => a - b);
    const at = (share: number) => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
    const { sent, refused, refusals, pending } = this;
    const ackMs = { p50: at(0.5), p99: at(0.99) };
    return { sent, acked: waits.length, refused, unanswered: pending.size, refusals, ackMs };
  }
}

/** What a crew has to say: comments, statements, and ratings of its statements. */
class Words {
  private readonly statements: string[] = [];
  private count = 0;

  async write(hand: Hand, now: ReturnType<Crew['now']>) {
    const draw = Math.random();
    const op = { opId: crypto.randomUUID(), sessionId: hand.sessionId };
    // The number makes each text the only one of its kind.
    const mark = `${process.pid}-${(this.count += 1)}`;
    if (draw < 0.1 || !this.statements.length) {
      const { statement } = await hand.say(submitStatement, {
        ...op,
        body: `Keep it as it is, says ${mark}.`,
      });
      this.statements.push(statement.id);
    } else if (draw < 0.55) {
      const statementId = this.statements[Math.floor(Math.random() * this.statements.length)]!;
      await hand.say(rateStatement, { ...op, statementId, rating: Rating.options[this.count % 3]! });
    } else {
      const where = { cueId: now?.round.cueId ?? null, second: now?.second ?? null };
      await hand.say(sendComment, { ...op, ...where, body: `At this very moment, says ${mark}.` });
    }
  }
}
