import { type Cue, playStage, stageCue } from '@parley/contracts/live';
import type { Person } from './person';
import { pause, say } from './problem';

/** How long a picture or a text stays, and how long a film rests after its end, seconds. */
const PICTURE = 25;
const AFTER_FILM = 3;

/**
 * Drives the run of show once, in order, and rests at the first statements to rate. Stops as soon as somebody else
 * moves the stage: then it is theirs.
 */
export async function runShow(producer: Person, cues: readonly Cue[], ended: () => boolean) {
  let turn = producer.session.state?.stage?.turn ?? 0;
  const taken = () => (producer.session.state?.stage?.turn ?? 0) !== turn;

  const move = async (doing: () => Promise<unknown>) => {
    const before = turn;
    await doing();
    turn = await producer.until(({ stage }) => stage && stage.turn > before && stage.turn);
  };
  /** False when the show is over or taken over before the time is up. */
  const wait = async (seconds: number) => {
    const until = Date.now() + seconds * 1_000;
    while (Date.now() < until && !ended() && !taken()) await pause(200);
    if (taken()) say('Somebody moves the stage: the show is theirs now.');
    return !ended() && !taken();
  };

  for (const cue of cues) {
    if (ended() || taken()) return;
    say(`On stage: ${cue.title}`);
    await move(() => producer.say(stageCue, { ...producer.op(), cueId: cue.id }));
    if (cue.kind === 'rate') return;
    if (cue.kind === 'video') {
      // Time to take up the phone.
      if (!(await wait(3))) return;
      await move(() => producer.say(playStage, { ...producer.op(), playing: true, position: 0 }));
      if (!(await wait((cue.asset?.durationSeconds ?? 60) + AFTER_FILM))) return;
    } else if (!(await wait(PICTURE))) return;
  }
}
