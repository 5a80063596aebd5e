/**
 * What people made of software say and feel at the Halden One film (60 seconds):
 * 0-6 dawn, 6-14 ride, 14-20 train, 20-29 the fold, 30-34 stairs, 34-39 office, 39-44 range, 44-50 price,
 * 50-56 night ride, 56-60 name.
 */

export type Mood = 'love' | 'like' | 'surprised' | 'confused' | 'dislike';

export interface DialCurve {
  audience: string;
  /** The part of the crowd that belongs to this audience; all parts add up to 1. */
  share: number;
  /** The dial, 0-100, at second 0, 1, 2 ... 60. Each person stays near it with a delay and a hand of their own. */
  values: number[];
}

export interface MomentComment {
  fromSecond: number;
  toSecond: number;
  text: string;
}

export interface MoodMoment {
  fromSecond: number;
  toSecond: number;
  /** How likely one person is to tap at all during these seconds. */
  tap: number;
  /** Which mood it is, given a tap; adds up to 1. */
  moods: Record<Mood, number>;
}

export const filmSeconds = 60;

export const dialCurves: DialCurve[] = [
  {
    audience: 'owner',
    share: 0.38,
    // prettier-ignore
    values: [
      50, 52, 54, 56, 58, 60, 62, 64, 66, 67,
      68, 68, 67, 66, 64, 63, 63, 64, 65, 67,
      70, 73, 76, 79, 82, 85, 88, 91, 93, 92,
      88, 84, 80, 77, 75, 74, 74, 73, 72, 71,
      70, 71, 72, 70, 66, 61, 58, 57, 58, 60,
      66, 73, 78, 81, 82, 81, 79, 78, 77, 76,
      75,
    ],
  },
  {
    audience: 'non-owner',
    share: 0.5,
    // prettier-ignore
    values: [
      50, 51, 52, 54, 55, 57, 58, 60, 61, 61,
      60, 59, 57, 56, 55, 55, 57, 59, 61, 62,
      65, 69, 73, 77, 81, 84, 87, 90, 92, 89,
      82, 75, 69, 66, 65, 66, 66, 65, 63, 62,
      61, 60, 58, 54, 45, 36, 29, 25, 23, 24,
      33, 44, 53, 59, 62, 62, 61, 60, 59, 58,
      57,
    ],
  },
  {
    audience: 'commuter by train',
    share: 0.12,
    // prettier-ignore
    values: [
      50, 50, 51, 52, 53, 54, 54, 54, 55, 55,
      54, 54, 55, 58, 64, 69, 73, 75, 76, 77,
      78, 81, 84, 87, 89, 91, 93, 95, 96, 95,
      90, 82, 74, 69, 68, 70, 71, 70, 67, 63,
      59, 57, 55, 52, 47, 43, 40, 39, 39, 41,
      48, 55, 60, 63, 65, 65, 65, 64, 63, 62,
      62,
    ],
  },
];

export const moodMoments: MoodMoment[] = [
  {
    fromSecond: 0,
    toSecond: 6,
    tap: 0.12,
    moods: { love: 0.18, like: 0.62, surprised: 0.06, confused: 0.1, dislike: 0.04 },
  },
  {
    fromSecond: 6,
    toSecond: 14,
    tap: 0.2,
    moods: { love: 0.24, like: 0.58, surprised: 0.08, confused: 0.05, dislike: 0.05 },
  },
  {
    fromSecond: 14,
    toSecond: 20,
    tap: 0.18,
    moods: { love: 0.12, like: 0.5, surprised: 0.1, confused: 0.2, dislike: 0.08 },
  },
  {
    fromSecond: 20,
    toSecond: 27,
    tap: 0.34,
    moods: { love: 0.3, like: 0.26, surprised: 0.36, confused: 0.05, dislike: 0.03 },
  },
  {
    fromSecond: 27,
    toSecond: 31,
    tap: 0.62,
    moods: { love: 0.48, like: 0.22, surprised: 0.26, confused: 0.02, dislike: 0.02 },
  },
  {
    fromSecond: 31,
    toSecond: 34,
    tap: 0.22,
    moods: { love: 0.12, like: 0.38, surprised: 0.2, confused: 0.12, dislike: 0.18 },
  },
  {
    fromSecond: 34,
    toSecond: 39,
    tap: 0.16,
    moods: { love: 0.2, like: 0.62, surprised: 0.08, confused: 0.06, dislike: 0.04 },
  },
  {
    fromSecond: 39,
    toSecond: 44,
    tap: 0.24,
    moods: { love: 0.1, like: 0.34, surprised: 0.14, confused: 0.28, dislike: 0.14 },
  },
  {
    fromSecond: 44,
    toSecond: 50,
    tap: 0.56,
    moods: { love: 0.03, like: 0.11, surprised: 0.3, confused: 0.18, dislike: 0.38 },
  },
  {
    fromSecond: 50,
    toSecond: 56,
    tap: 0.3,
    moods: { love: 0.44, like: 0.42, surprised: 0.08, confused: 0.03, dislike: 0.03 },
  },
  {
    fromSecond: 56,
    toSecond: 60,
    tap: 0.2,
    moods: { love: 0.22, like: 0.56, surprised: 0.06, confused: 0.1, dislike: 0.06 },
  },
];

export const momentComments: MomentComment[] = [
  { fromSecond: 1, toSecond: 6, text: 'Nice light. I know that hour.' },
  { fromSecond: 1, toSecond: 6, text: 'Slow start, but I do not mind.' },
  { fromSecond: 2, toSecond: 6, text: 'Is that a real street?' },
  { fromSecond: 3, toSecond: 7, text: 'No voice. Good.' },
  { fromSecond: 4, toSecond: 8, text: 'Could be any bike film so far.' },

  { fromSecond: 7, toSecond: 13, text: 'You hear nothing of the motor. Is that true?' },
  { fromSecond: 7, toSecond: 13, text: 'Small wheels look steady here.' },
  { fromSecond: 7, toSecond: 14, text: 'How does it take a kerb?' },
  { fromSecond: 8, toSecond: 14, text: 'The belt. I want that belt.' },
  { fromSecond: 8, toSecond: 14, text: 'She sits upright. My back says thank you.' },
  { fromSecond: 9, toSecond: 14, text: 'Where is the traffic?' },
  { fromSecond: 10, toSecond: 14, text: 'A helmet, at last.' },

  { fromSecond: 15, toSecond: 20, text: 'My train, my problem. Go on.' },
  { fromSecond: 15, toSecond: 20, text: 'An empty platform at 07:42? Never.' },
  { fromSecond: 15, toSecond: 20, text: 'Show it inside the carriage, please.' },
  { fromSecond: 16, toSecond: 20, text: 'Do I need a ticket for it?' },
  { fromSecond: 16, toSecond: 20, text: 'Wozu der Zug, wenn der Akku 70 km hält?' },
  { fromSecond: 17, toSecond: 20, text: 'Here I would have to stay outside with mine.' },

  { fromSecond: 21, toSecond: 27, text: 'One take, no cut. I like that.' },
  { fromSecond: 21, toSecond: 27, text: 'The clock is a good idea.' },
  { fromSecond: 22, toSecond: 27, text: 'Wait, how did the handlebar turn?' },
  { fromSecond: 22, toSecond: 28, text: 'And with gloves on?' },
  { fromSecond: 23, toSecond: 28, text: 'Oh. It swings in behind.' },
  { fromSecond: 24, toSecond: 29, text: 'Where do the dirty parts end up?' },
  { fromSecond: 25, toSecond: 29, text: 'That click is very satisfying.' },
  { fromSecond: 26, toSecond: 30, text: 'Faster than mine by ten seconds.' },
  { fromSecond: 27, toSecond: 31, text: 'Nine. All right, I am impressed.' },
  { fromSecond: 28, toSecond: 31, text: 'Play that again.' },
  { fromSecond: 28, toSecond: 31, text: 'Das will ich selbst probieren.' },
  { fromSecond: 28, toSecond: 32, text: 'Now unfold it. How long is that?' },

  { fromSecond: 30, toSecond: 34, text: '15.9 kg. Somebody weighed it honestly.' },
  { fromSecond: 30, toSecond: 34, text: 'Too heavy for me, two floors at most.' },
  { fromSecond: 30, toSecond: 34, text: 'Where is the handle?' },
  { fromSecond: 31, toSecond: 35, text: 'Does the belt touch the trousers?' },
  { fromSecond: 31, toSecond: 35, text: 'Can I roll it instead of carrying?' },

  { fromSecond: 35, toSecond: 39, text: 'Under the desk. My boss would allow that.' },
  { fromSecond: 35, toSecond: 39, text: 'It charges there too, good.' },
  { fromSecond: 35, toSecond: 39, text: 'Nobody will steal it there.' },
  { fromSecond: 36, toSecond: 40, text: 'In the rain it would drip on the carpet.' },

  { fromSecond: 40, toSecond: 44, text: '70 km is plenty.' },
  { fromSecond: 40, toSecond: 44, text: 'Winter is in the small print again.' },
  { fromSecond: 40, toSecond: 44, text: 'With which rider, on which hills?' },
  { fromSecond: 41, toSecond: 45, text: 'Too quick to read on a phone.' },
  { fromSecond: 41, toSecond: 45, text: '45 in the cold, still fine for me.' },

  { fromSecond: 45, toSecond: 49, text: 'Oh.' },
  { fromSecond: 45, toSecond: 50, text: 'That is a month of rent.' },
  { fromSecond: 45, toSecond: 50, text: 'The price on its own feels cold.' },
  { fromSecond: 45, toSecond: 50, text: 'Is there a lease?' },
  { fromSecond: 46, toSecond: 50, text: 'For this battery it is fair.' },
  { fromSecond: 46, toSecond: 50, text: 'I paid more for my last one.' },
  { fromSecond: 47, toSecond: 50, text: 'The lock is extra? Really?' },
  { fromSecond: 47, toSecond: 51, text: 'You lost me here.' },
  { fromSecond: 47, toSecond: 51, text: 'At least you say it out loud.' },

  { fromSecond: 51, toSecond: 56, text: 'That light is beautiful.' },
  { fromSecond: 51, toSecond: 56, text: 'I feel the cold air. Well made.' },
  { fromSecond: 52, toSecond: 56, text: 'Can cars see me from the side?' },
  { fromSecond: 52, toSecond: 57, text: 'This should have been the opening.' },

  { fromSecond: 57, toSecond: 60, text: 'When can I ride one?' },
  { fromSecond: 57, toSecond: 60, text: 'Good film, wrong order.' },
  { fromSecond: 57, toSecond: 60, text: 'I would send this to my sister.' },
];

export const pictureComments: string[] = [
  'The curve of the beam. It looks like one piece.',
  'Small wheels. My first thought was: potholes.',
  'No chain. I saw that before the colour.',
  'The green. Please keep the green.',
  'The saddle looks like something I could sit on for an hour.',
  'I looked for the hinge and needed a while.',
  'Full mudguards, so somebody there rides in rain.',
  'Where do I lock it? I see no place for a lock.',
  'It looks calm. Most e-bikes look angry.',
  'The battery stands out a little. Is that on purpose?',
  'No carrier. Where does my bag go?',
  'Der Lenker ist erfreulich schlicht.',
  'The handlebar is higher than I expected. Good.',
  'Is the stem stiff? It is very long.',
  'Tan grips get dirty. I have had tan grips.',
  'It looks lighter than fifteen kilos.',
  'The front light is part of the bike, not an afterthought.',
  'I noticed that there is no brand name across it. Thank you.',
  'No display. I like that, but how do I see the charge?',
  'Looks like it would fit my daughter and me.',
  'Disc brakes on small wheels, sensible.',
  'Where do the cables go?',
  'It looks expensive.',
  'Wo ist der Ständer?',
  'First the saddle, then the price in my head.',
];

export const statements: string[] = [
  'The fold is the film. Everything before it could be half as long.',
  'Let the clock run on screen while it unfolds as well.',
  'Show the price next to what a year of train and parking costs.',
  'A price without a list of what is in it reads like a warning.',
  'Do not show a price at all before I have ridden it.',
  'Winter range belongs in the same size as summer range.',
  'Show the lock, or say plainly that there is none.',
  'The train scene needs people in it.',
  'Somebody smaller should do the carrying.',
  'Say the weight aloud. It is better than I feared.',
  'The music is pleasant and I would not remember it tomorrow.',
  'No voice-over is right. Keep it that way.',
  'The captions are easier to read than the small print. Make them equal.',
  'I want to see it in rain.',
  'I want to hear the motor, even if it is not silent.',
  'The office scene could go. Nobody doubts that it fits under a desk.',
  'The night ride should come before the price, so that I know what I pay for.',
  'End on the fold, not on the name.',
  'Owners of older models should hear whether their parts still fit.',
  'A monthly price would help me more than the full one.',
  'Show who repairs it and what a service costs.',
  'The bike looks good enough. Show more faces.',
  'A film of sixty seconds is too long for a phone.',
  'The street at dawn is the only moment that feels like my life.',
  'Show a kerb and a tram track. That is what small wheels are about.',
  'Fold it with a bag on the shoulder, as I would.',
  'The range map means nothing without hills.',
  'Say how long the battery takes to charge.',
  'Say what the battery costs when it is old.',
  'Nothing needs to be shot again. Put the same scenes in another order.',
];

interface Origin {
  first: string[];
  last: string[];
  places: string[];
}

// First names, surnames and places that belong together, so that every handle could be a person's own.
const origins: Origin[] = [
  {
    first: ['Beatriz', 'Rui', 'Marta', 'Tiago', 'Joana', 'Duarte'],
    last: ['Carvalho', 'Pinto', 'Moreira', 'Teixeira', 'Lopes', 'Faria'],
    places: ['Porto', 'Braga', 'Lisbon'],
  },
  {
    first: ['Amaka', 'Femi', 'Ngozi', 'Segun', 'Kemi', 'Chidi'],
    last: ['Okafor', 'Balogun', 'Eze', 'Adebayo', 'Nwosu', 'Bello'],
    places: ['Leeds', 'Lagos', 'Bristol'],
  },
  {
    first: ['Clara', 'Jonas', 'Frieda', 'Malte', 'Annika', 'Ole'],
    last: ['Hartmann', 'Krause', 'Brandt', 'Seidel', 'Lorenz', 'Petersen'],
    places: ['Leipzig', 'Kiel', 'Freiburg'],
  },
  {
    first: ['Roisin', 'Cian', 'Niamh', 'Declan', 'Orla', 'Fionn'],
    last: ['Brennan', 'Doyle', 'Keane', 'Nolan', 'Walsh', 'Tierney'],
    places: ['Cork', 'Galway', 'Dublin'],
  },
  {
    first: ['Agata', 'Igor', 'Zofia', 'Pawel', 'Hanna', 'Kuba'],
    last: ['Zielinski', 'Wrona', 'Nowak', 'Lis', 'Kaminski', 'Sikora'],
    places: ['Gdansk', 'Krakow', 'Poznan'],
  },
  {
    first: ['Yuki', 'Ren', 'Haruka', 'Sota', 'Emi', 'Daichi'],
    last: ['Watanabe', 'Mori', 'Hayashi', 'Ono', 'Kato', 'Shimizu'],
    places: ['Osaka', 'Kyoto', 'Sendai'],
  },
  {
    first: ['Kavya', 'Arjun', 'Meera', 'Vikram', 'Anjali', 'Rohan'],
    last: ['Raman', 'Iyer', 'Menon', 'Desai', 'Kulkarni', 'Bose'],
    places: ['Pune', 'Rotterdam', 'Chennai'],
  },
  {
    first: ['Freja', 'Emil', 'Signe', 'Anton', 'Liv', 'Mikkel'],
    last: ['Lund', 'Holm', 'Dahl', 'Bergstrom', 'Nygaard', 'Kjeldsen'],
    places: ['Aarhus', 'Malmo', 'Bergen'],
  },
  {
    first: ['Elif', 'Onur', 'Zeynep', 'Kerem', 'Defne', 'Baris'],
    last: ['Aydin', 'Kaya', 'Demir', 'Yildiz', 'Arslan', 'Polat'],
    places: ['Izmir', 'Cologne', 'Ankara'],
  },
  {
    first: ['Camille', 'Hugo', 'Manon', 'Bastien', 'Salome', 'Yanis'],
    last: ['Lefevre', 'Girard', 'Mercier', 'Benali', 'Roussel', 'Caron'],
    places: ['Nantes', 'Lyon', 'Ghent'],
  },
];

const styles: ((first: string, last: string, place: string) => string)[] = [
  (first, _last, place) => `${first} from ${place}`,
  (first, last) => `${first.charAt(0)}. ${last}`,
  (first, _last, place) => `${first}, ${place}`,
  (first, last) => `${first} ${last.charAt(0)}.`,
  (first, last) => `${first} ${last}`,
  (first, last, place) => `${first} ${last.charAt(0)}., ${place}`,
];

function pick(list: string[], index: number): string {
  return list[index % list.length] ?? '';
}

/**
 * More than 300 distinct handles, one style after the other, so that the first sixty are sixty different people.
 * A later style gives the same first name another surname and another place.
 */
export const handles: string[] = [
  ...new Set(
    styles.flatMap((style, turn) =>
      [0, 1, 2, 3, 4, 5].flatMap((i) =>
        origins.map(({ first, last, places }) =>
          style(pick(first, i), pick(last, i + turn), pick(places, i + turn)),
        ),
      ),
    ),
  ),
];
