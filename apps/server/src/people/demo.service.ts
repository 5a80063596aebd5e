import { Injectable } from '@nestjs/common';
import type { DemoMail, DemoPerson } from '@parley/contracts/demo';
import { notFound } from '../platform/errors';
import { idOf } from '../platform/ids';
import { Tenancy } from '../platform/tenancy';
import { PersonRow } from './people.tables';

const CROWD_NOTE = 'software';

/** The demo's people. Those made of software are marked, and not among the cards. */
@Injectable()
export class DemoService {
  constructor(private readonly tenancy: Tenancy) {}

  async people(): Promise<DemoPerson[]> {
    const persons = await this.tenancy.inInstall(
      (em): Promise<{ id: string; name: string; note: string; admin: boolean }[]> =>
        em.query(
          `SELECT id, name, demo_note AS note, admin FROM person
         WHERE demo_note IS NOT NULL AND demo_note <> $1 ORDER BY created_at, id`,
          [CROWD_NOTE],
        ),
    );
    return Promise.all(
      persons.map(async ({ id, ...person }) => ({
        personId: id,
        ...person,
        memberships: await this.tenancy.asPerson(id, (em): Promise<DemoPerson['memberships']> =>
          em.query(
            `SELECT c.name AS community, c.slug, m.role, m.status FROM member m JOIN community c ON c.id = m.community_id
             WHERE m.person_id = $1 ORDER BY c.name`,
            [id],
          ),
        ),
      })),
    );
  }

  async isDemo(personId: string): Promise<boolean> {
    const row = await this.tenancy.inInstall((em) => em.findOneBy(PersonRow, { id: personId }));
    return Boolean(row?.demoNote);
  }

  /** Only to people of the demo and to addresses that nobody can have: a demo may stand where others look on. */
  async mails(to: string | undefined): Promise<DemoMail[]> {
    const rows = await this.tenancy.inInstall(
      (em): Promise<(Omit<DemoMail, 'sentAt'> & { sentAt: Date })[]> =>
        em.query(
          `SELECT id, recipient AS to, subject, body AS text, created_at AS "sentAt" FROM mail
         WHERE body IS NOT NULL AND ($1::text IS NULL OR recipient = $1)
           AND (recipient ~ '[@.]example(\\.(org|net|com))?$' OR recipient IN (SELECT email FROM person WHERE demo_note IS NOT NULL))
         ORDER BY created_at DESC LIMIT 50`,
          [to?.toLowerCase() ?? null],
        ),
    );
    return rows.map((row) => ({ ...row, sentAt: row.sentAt.toISOString() }));
  }

  /**
   * Members of a demo community who are made of software, by place; the same places are the same people. They have
   * agreed to the texts that stand.
   */
  async crowd(slug: string, from: number, count: number, handles: readonly string[] = []) {
    const communityId = idOf('community', slug);
    const people = Array.from({ length: count }, (_, at) => ({
      personId: idOf('crowd', slug, from + at),
      memberId: idOf('crowd member', slug, from + at),
      handle: handles[at] ?? `Guest ${from + at + 1}`,
    }));
    const ids = [people.map((p) => p.personId), people.map((p) => p.memberId), people.map((p) => p.handle)];
    await this.tenancy.inCommunity(communityId, async (em) => {
      const [known] = (await em.query('SELECT id FROM community WHERE id = $1', [communityId])) as {
        id: string;
      }[];
      if (!known) throw notFound();
      await em.query(
        `INSERT INTO person (id, email, name, demo_note)
         SELECT id, id || '@crowd.example.org', handle, $3 FROM unnest($1::uuid[], $2::text[]) AS made (id, handle)
         ON CONFLICT DO NOTHING`,
        [ids[0], ids[2], CROWD_NOTE],
      );
      await em.query(
        `INSERT INTO member (community_id, person_id, id, handle, role, status)
         SELECT $1, *, 'member', 'active' FROM unnest($2::uuid[], $3::uuid[], $4::text[]) ON CONFLICT DO NOTHING`,
        [communityId, ...ids],
      );
      await em.query(
        `INSERT INTO consent (community_id, id, member_id, purpose, version)
         SELECT $1, gen_random_uuid(), made.id, standing.purpose, standing.version
         FROM unnest($2::uuid[]) AS made (id), (SELECT DISTINCT ON (purpose) purpose, version FROM consent_text
           WHERE community_id = $1 AND purpose IN ('terms', 'confidentiality', 'email')
           ORDER BY purpose, version DESC) AS standing
         WHERE NOT EXISTS (SELECT FROM consent c WHERE c.community_id = $1 AND c.member_id = made.id)
         ON CONFLICT DO NOTHING`,
        [communityId, ids[1]],
      );
    });
    return people;
  }
}
