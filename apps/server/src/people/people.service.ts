import { Injectable } from '@nestjs/common';
import type { Locale, Me, Membership, MemberStatus } from '@parley/contracts/people';
import { logoPath } from '@parley/contracts/media';
import { type Person, type Standing, strongRoles } from '../platform/doors';
import type { EntityManager } from 'typeorm';
import { AppError, notFound } from '../platform/errors';
import { Mails } from '../platform/mail';
import { Tenancy } from '../platform/tenancy';
import { returned } from '../platform/writer';
import { ConsentsService } from './consents.service';
import { CommunityRow, MemberRow, PersonRow } from './people.tables';

const needsFactor = (admin: boolean, memberships: Pick<Membership, 'role' | 'status'>[]) =>
  admin || memberships.some(({ role, status }) => status === 'active' && strongRoles.includes(role));

/** Persons and their memberships. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly consents: ConsentsService,
    private readonly mails: Mails,
  ) {}

  /** The person with their communities; memberships that were left are not among them. */
  async me(
    personId: string,
    /** When the sign-in that asks was last proved by more than the mail. */
    strongAt: Date | null,
  ): Promise<Me> {
    const [person] = await this.tenancy.inInstall((em): Promise<(PersonRow & { enrolled: boolean })[]> =>
      em.query(
        `SELECT id, name, email, locale, admin, EXISTS (SELECT FROM factor WHERE person_id = $1) AS enrolled
         FROM person WHERE id = $1`,
        [personId],
      ),
    );
    if (!person) throw notFound();
    const rows = await this.tenancy.asPerson(
      personId,
      (
        em,
      ): Promise<
        (Omit<Membership, 'community'> & {
          community: Omit<Membership['community'], 'logoUrl'>;
        })[]
      > =>
        em.query(
          `SELECT m.id AS "memberId", m.handle, m.role, m.status, json_build_object('id', c.id, 'slug', c.slug,
           'name', c.name, 'brand', b.name, 'purpose', c.purpose, 'accent', c.accent) AS community
         FROM member m JOIN community c ON c.id = m.community_id JOIN brand b ON b.id = c.brand_id
         WHERE m.person_id = $1 AND m.status <> 'left' ORDER BY c.name`,
          [personId],
        ),
    );
    const { id, name, email, locale, admin } = person;
    const memberships = rows.map((row) => ({
      ...row,
      community: { ...row.community, logoUrl: logoPath.replace(':communityId', row.community.id) },
    }));
    const factor = strongAt
      ? 'given'
      : !needsFactor(admin, memberships)
        ? 'free'
        : person.enrolled
          ? 'asked'
          : 'missing';
    return { personId: id, name, email, locale, admin, factor, memberships };
  }

  /** Whether the person must have a second factor, in whatever community. */
  async needsFactor({ personId, admin }: Person): Promise<boolean> {
    const rows = await this.tenancy.asPerson(personId, (em) => em.findBy(MemberRow, { personId }));
    return needsFactor(admin, rows);
  }

  async setLocale(personId: string, locale: Locale) {
    await this.tenancy.inInstall((em) => em.update(PersonRow, personId, { locale }));
  }

  async standing(personId: string, communityId: string): Promise<Standing | undefined> {
    const row = await this.tenancy.asPerson(personId, (em) =>
      em.findOneBy(MemberRow, { personId, communityId }),
    );
    if (!row) return undefined;
    const { id: memberId, handle, role, status, observer } = row;
    return { memberId, handle, role, status, observer };
  }

  /**
   * What they said stays, under their handle; what they agreed to ends. The caller cuts their sockets after the commit.
   */
  async leave(em: EntityManager, communityId: string, memberId: string) {
    await this.keepManager(em, communityId, memberId);
    await this.turn(em, communityId, memberId, ['active', 'paused'], 'left');
    await this.consents.end(em, communityId, memberId);
  }

  /** Until they come back. The caller cuts their sockets after the commit. */
  async pause(em: EntityManager, communityId: string, memberId: string) {
    await this.keepManager(em, communityId, memberId);
    await this.turn(em, communityId, memberId, ['active'], 'paused');
    await this.mails.takeBack(em, memberId);
  }

  /** Back from a pause; nothing changes for somebody who is back already. */
  async resume(em: EntityManager, communityId: string, memberId: string) {
    await this.turn(em, communityId, memberId, ['paused', 'active'], 'active');
  }

  /** The door saw who they were a moment ago: a suspension since then must not be undone. */
  private async turn(
    em: EntityManager,
    communityId: string,
    memberId: string,
    from: MemberStatus[],
    to: MemberStatus,
  ) {
    const turned = await returned(
      em,
      `UPDATE member SET status = $4 WHERE community_id = $1 AND id = $2 AND status = ANY ($3) RETURNING id`,
      [communityId, memberId, from, to],
    );
    if (!turned.length) throw new AppError('auth.forbidden', 'Your membership is not active.');
  }

  private async keepManager(em: EntityManager, communityId: string, memberId: string) {
    const managers: { id: string }[] = await em.query(
      `SELECT id FROM member WHERE community_id = $1 AND role = 'manager' AND status = 'active' ORDER BY id FOR UPDATE`,
      [communityId],
    );
    if (managers.length === 1 && managers[0]!.id === memberId)
      throw new AppError('member.lastManager', 'Somebody else must be a manager first.');
  }

  /** The file of a community's logo. */
  async logo(communityId: string): Promise<string> {
    const row = await this.tenancy.inCommunity(communityId, (em) =>
      em.findOneBy(CommunityRow, { id: communityId }),
    );
    if (!row) throw notFound();
    return row.logoFile;
  }
}
