import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@parley/contracts/contract';
import type { Policy, PolicyBody, PolicyReason, readPolicy } from '@parley/contracts/moderation';
import type { EntityManager } from 'typeorm';
import { AppError } from '../platform/errors';
import { Tenancy } from '../platform/tenancy';
import { SpacesService } from './spaces.service';

/** What stands in a community that has not written its own: version 0. */
export const usual: PolicyBody = {
  en: `Say what you think, also when you disagree: the brand is here to hear it.

Nothing is left out because it is critical. What is not published comes back to you with one of the reasons below, and you can ask for another look.`,
  de: `Sagen Sie, was Sie denken, auch wenn Sie anderer Meinung sind: Dafür ist die Marke hier.

Nichts wird ausgelassen, weil es kritisch ist. Was nicht veröffentlicht wird, kommt mit einem der folgenden Gründe zu Ihnen zurück, und Sie können noch einmal prüfen lassen.`,
  reasons: [
    {
      key: 'offTopic',
      en: 'It is not about what was asked here.',
      de: 'Es geht nicht um das, was hier gefragt ist.',
    },
    {
      key: 'personal',
      en: 'It names a private person or tells something private.',
      de: 'Es nennt eine Privatperson oder gibt Privates preis.',
    },
    { key: 'abusive', en: 'It attacks somebody.', de: 'Es greift jemanden an.' },
    {
      key: 'confidential',
      en: 'It tells what others must not know yet.',
      de: 'Es verrät, was andere noch nicht wissen dürfen.',
    },
    { key: 'unclear', en: 'We do not understand what you mean.', de: 'Wir verstehen nicht, was Sie meinen.' },
    { key: 'repeated', en: 'You have said the same here already.', de: 'Sie haben das hier schon gesagt.' },
  ],
};

/** What is published here and what is not, version by version. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly spaces: SpacesService,
  ) {}

  async standing(
    em: EntityManager,
    communityId: string,
  ): Promise<{ version: number; reasons: PolicyReason[] }> {
    const [row] = await this.versions(em, communityId, 1);
    return { version: row?.version ?? 0, reasons: (row?.body ?? usual).reasons };
  }

  async hasReason(communityId: string, key: string): Promise<boolean> {
    return this.tenancy.inCommunity(communityId, async (em) =>
      (await this.standing(em, communityId)).reasons.some((reason) => reason.key === key),
    );
  }

  read(communityId: string): Promise<OutputOf<typeof readPolicy>> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [policy, ...before] = await this.versions(em, communityId, null);
      return {
        policy: policy ?? { version: 0, since: new Date(0).toISOString(), body: usual },
        before,
        rule: await this.spaces.rule(em, communityId),
      };
    });
  }

  async publish(communityId: string, basedOn: number, body: PolicyBody): Promise<Policy> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const [made] = (await em.query(
        `INSERT INTO moderation_policy (community_id, version, body)
         SELECT $1, $2::int + 1, $3 WHERE $2 = (SELECT coalesce(max(version), 0) FROM moderation_policy WHERE community_id = $1)
         ON CONFLICT DO NOTHING RETURNING version`,
        [communityId, basedOn, JSON.stringify(body)],
      )) as { version: number }[];
      if (!made)
        throw new AppError('edit.stale', 'Somebody else has published the next version: load it first.');
      const [policy] = await this.versions(em, communityId, 1);
      return policy!;
    });
  }

  /** Newest first. */
  private async versions(em: EntityManager, communityId: string, limit: number | null): Promise<Policy[]> {
    const rows: { version: number; at: Date; body: PolicyBody }[] = await em.query(
      'SELECT version, at, body FROM moderation_policy WHERE community_id = $1 ORDER BY version DESC LIMIT $2',
      [communityId, limit],
    );
    return rows.map(({ version, at, body }) => ({ version, since: at.toISOString(), body }));
  }
}
