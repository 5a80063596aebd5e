import type { Cue } from '@parley/contracts/live';
import { moodAt, moodPlace, Round } from './round';

const picture: Cue = {
  id: 'c',
  order: 1,
  kind: 'picture',
  title: '',
  prompt: '',
  asset: null,
  other: null,
  page: null,
};
const film = { ...picture, kind: 'video', asset: { durationSeconds: 60 } } as Cue;

describe('a round', () => {
  it('holds one mood of a member a second: the last', () => {
    const round = new Round(picture, 1, 0);
    round.addMood('a', 3, 'love');
    round.addMood('a', 3, 'dislike');
    round.addMood('b', 3, 'love');
    round.addMood('a', 4, 'love');
    expect(round.trace(0)).toMatchObject({
      moods: { love: 2, dislike: 1 },
      taps: [0, 0, 0, 2, 1],
      people: 2,
    });
  });

  it('counts the same whatever is sent again', () => {
    const [once, twice] = [new Round(film, 1, 0), new Round(film, 1, 0)];
    for (const round of [once, twice, twice]) {
      round.addDial('a', 10, 80);
      round.addDial('b', 12, 41);
      round.addMood('a', 12, 'like');
    }
    expect(twice.trace(0)).toEqual(once.trace(0));
    expect(twice.meanAt(12.9)).toBe(60.5);
  });

  it('of a video may be spoken of as far as it was shown, and not beyond its end', () => {
    const round = new Round(film, 1, 0);
    expect([round.lastSecond(99_000), round.lastSecond(99_000, 20)]).toEqual([5, 25]);
    round.reach(30);
    expect([round.lastSecond(99_000), round.lastSecond(99_000, 59)]).toEqual([35, 60]);
  });

  it('of a picture goes on with the clock until another cue takes its place', () => {
    const round = new Round(picture, 1, 1_000);
    expect(round.lastSecond(61_000)).toBe(65);
    round.endedAt = 21_000;
    expect(round.lastSecond(61_000)).toBe(25);
  });

  it('gives its trace away as a copy', () => {
    const round = new Round(picture, 1, 0);
    round.addMood('a', 0, 'love');
    const trace = round.trace(0);
    round.addMood('b', 0, 'love');
    expect(trace).toMatchObject({ moods: { love: 1 }, taps: [1] });
  });

  it('stores each mood under a place that leads back to it', () => {
    for (const mood of ['love', 'like', 'surprised', 'confused', 'dislike'] as const)
      expect(moodAt(moodPlace(mood))).toBe(mood);
  });
});
