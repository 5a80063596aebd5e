import { Injectable } from '@nestjs/common';
import { OFFER_HOURS } from '@parley/contracts/door';
import type { EntityManager } from 'typeorm';
import { Jobs } from '../platform/jobs';
import { Tenancy } from '../platform/tenancy';
import { CandidacyService } from './candidacy.service';
import { CandidatesService } from './candidates.service';
import { ApplicationRow } from './door.tables';
import { momentIn } from './mails';
import { admitInOrder } from './quotas';
import { QuotasService, type Waiting } from './quotas.service';

/** Days after which what was begun and never finished is erased. */
const UNFINISHED_DAYS = 30;

/** Who waits, and the offers that are made to them in their order. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly quotas: QuotasService,
    private readonly candidates: CandidatesService,
    private readonly candidacy: CandidacyService,
    jobs: Jobs,
  ) {
    jobs.handle('door.offer', async ({ communityId }: { communityId: string }) => {
      await this.offerPlaces(communityId);
    });
    jobs.everywhere('door-sweep', '* * * * *', (communityId) => this.sweep(communityId));
    jobs.everywhere('door-tidy', '23 3 * * *', (communityId) => this.tidy(communityId));
  }

  /** Those who can be reached, longest waiting first. */
  waiting(em: EntityManager, communityId: string): Promise<Waiting[]> {
    return em.query(
      `SELECT id, facts FROM application WHERE community_id = $1 AND status = 'waiting' AND NOT kept_waiting
         AND (email_verified_at IS NOT NULL OR invitation_id IS NOT NULL) ORDER BY waiting_since, id`,
      [communityId],
    );
  }

  /** Offers every free place to the first in line whom it fits; answers how many. */
  async offerPlaces(communityId: string): Promise<number> {
    const { standing, chosen } = await this.tenancy.inCommunity(communityId, async (em) => {
      // Read before the line: what is given back from here on is offered the next time.
      const plan = await this.quotas.standing(em, communityId);
      return { standing: plan, chosen: admitInOrder(plan.counters, await this.quotas.line(em, communityId)) };
    });
    let offered = 0;
    for (const { id } of chosen) if (await this.offer(communityId, id)) offered += 1;
    await this.tenancy.inCommunity(communityId, (em) => this.quotas.offered(em, communityId, standing));
    return offered;
  }

  /** Keeps a place for somebody who waits and mails them about it. False when there is none, or they wait no more. */
  async offer(communityId: string, applicationId: string): Promise<boolean> {
    return this.tenancy.inCommunity(communityId, async (em) => {
      const application = await em.findOne(ApplicationRow, {
        where: { communityId, id: applicationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (application?.status !== 'waiting') return false;
      const { id, facts } = application;
      if (!(await this.quotas.reserve(em, communityId, id, facts, 'offered'))) return false;
      const until = momentIn(application.locale, new Date(Date.now() + OFFER_HOURS * 3_600_000));
      await this.candidacy.mailPage(em, application, 'offer', { until });
      return true;
    });
  }

  private async sweep(communityId: string) {
    await this.candidates.lapse(communityId);
    await this.offerPlaces(communityId);
  }

  /** Facts change and members leave: once a day the cells are counted anew. What nobody came back to is erased. */
  private async tidy(communityId: string) {
    await this.tenancy.inCommunity(communityId, (em) => this.quotas.recount(em, communityId));
    const old = await this.tenancy.inCommunity(communityId, (em): Promise<{ id: string }[]> =>
      em.query(
        `SELECT id FROM application WHERE community_id = $1 AND created_at < now() - make_interval(days => $2)
           AND (status = 'screening' OR (status IN ('waiting', 'notThisTime') AND email_verified_at IS NULL AND voice IS NULL))
         LIMIT 5000`,
        [communityId, UNFINISHED_DAYS],
      ),
    );
    for (const { id } of old) await this.candidates.withdraw({ communityId, applicationId: id });
  }
}
