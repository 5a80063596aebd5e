import { http } from '@parley/client/http';
import { CallError } from '@parley/client/http';
import { type DemoPerson, listDemoPeople, makeDemoCrowd } from '@parley/contracts/demo';
import { createSession, type Cue, listCues, listSessions, type SessionCard } from '@parley/contracts/live';
import type { Role } from '@parley/contracts/people';
import type { AskOf } from '@parley/contracts/contract';
import { handles } from './lines';
import { insist, Person, signIn, type SignedIn } from './person';
import { Problem } from './problem';

/** The most people that one question may ask for. */
const PAGE = 1_000;

export interface CrowdMember {
  personId: string;
  memberId: string;
  handle: string;
}

type Plan = Omit<AskOf<typeof createSession>, 'communityId' | 'sessionId' | 'startsAt' | 'reportBackOn'>;

/** A demo community as the crowd meets it: its staff, its members made of software, its Sessions. */
export class Demo {
  private constructor(
    readonly url: string,
    readonly slug: string,
    readonly communityId: string,
    readonly manager: SignedIn,
    private readonly people: readonly DemoPerson[],
  ) {}

  static async open(url: string, slug: string): Promise<Demo> {
    const { people } = await http({ url })(listDemoPeople, {}).catch((error: unknown) => {
      if (error instanceof CallError && error.code === 'request.notFound')
        throw new Problem(`The server at ${url} is not in demo mode.`);
      throw new Problem(
        `No Parley server answers at ${url}. Start it with npm start, or name another: --url.`,
      );
    });
    const manager = staff(people, slug, 'manager');
    if (!manager) throw new Problem(`The demo has no community "${slug}" with a manager.`);
    const signedIn = await signIn(url, manager.personId);
    const membership = signedIn.me.memberships.find(({ community }) => community.slug === slug);
    return new Demo(url, slug, membership!.community.id, signedIn, people);
  }

  /** Members made of software; asking again answers the same. */
  async crowd(count: number): Promise<CrowdMember[]> {
    const members: CrowdMember[] = [];
    while (members.length < count) {
      const from = members.length;
      const most = Math.min(PAGE, count - from);
      const ask = { slug: this.slug, from, count: most, handles: handles.slice(from, from + most) };
      members.push(...(await insist(() => this.manager.call(makeDemoCrowd, ask))).people);
    }
    return members;
  }

  /** Who drives Sessions: the producer, or the manager where there is none. */
  async driver(sessionId: string): Promise<Person> {
    const producer = staff(this.people, this.slug, 'producer');
    const signedIn = producer ? await signIn(this.url, producer.personId) : this.manager;
    return new Person(signedIn, { url: this.url, communityId: this.communityId, sessionId });
  }

  admin(): Promise<SignedIn> {
    const admin = this.people.find((person) => person.admin);
    if (!admin) throw new Problem('The demo has no admin, who alone may read the metrics.');
    return signIn(this.url, admin.personId);
  }

  async sessions(): Promise<SessionCard[]> {
    const { communityId } = this;
    return (await insist(() => this.manager.call(listSessions, { communityId }))).sessions;
  }

  async cues(sessionId: string): Promise<Cue[]> {
    const { communityId } = this;
    return (await insist(() => this.manager.call(listCues, { communityId, sessionId }))).cues;
  }

  /** Plans a Session that starts now. */
  plan(plan: Plan): Promise<SessionCard> {
    const { communityId } = this;
    const sessionId = crypto.randomUUID();
    const now = Date.now();
    const startsAt = new Date(now).toISOString();
    const reportBackOn = new Date(now + 14 * 86_400_000).toISOString().slice(0, 10);
    return insist(() =>
      this.manager.call(createSession, { ...plan, communityId, sessionId, startsAt, reportBackOn }),
    );
  }

  /** A video of the community, from whatever Session shows one. */
  async film(): Promise<Cue> {
    for (const { id } of await this.sessions()) {
      const film = (await this.cues(id)).find(({ kind, asset }) => kind === 'video' && asset);
      if (film) return film;
    }
    throw new Problem(`No Session of the community "${this.slug}" shows a video.`);
  }
}

const staff = (people: readonly DemoPerson[], slug: string, role: Role) =>
  people.find(({ memberships }) =>
    memberships.some((one) => one.slug === slug && one.role === role && one.status === 'active'),
  );
