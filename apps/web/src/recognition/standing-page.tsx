import { Button, Title } from '@mantine/core';
import { KudosReason, type OwnStanding, type Recognition } from '@parley/contracts/recognition';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { useLevel, usePoints } from './points';
import { Refusal } from '../platform/refusal';
import { Tick } from '../platform/tick';
import { Board } from './board';
import { Circle } from './circle';
import { useAnswerOffer, useOptOut, useStanding } from './recognition.data';
import styles from './recognition.module.css';
import { TeamPart } from './team-part';

/** What a member was thanked for, where they stand by the published rule, and what they are offered. */
export function StandingPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  useTitle(t('standing.title'), community.name);
  const own = useStanding();
  if (own.error && !own.data) return <Refusal error={own.error} onRetry={() => void own.refetch()} />;
  if (!own.data) return <Loading lines={8} />;
  const { standing, offers } = own.data;
  return (
    <div className={styles.page}>
      <Title order={1}>{t('standing.title')}</Title>
      {role === 'member' ? (
        <>
          <Offers offers={offers} />
          <Own standing={standing} />
          <Received standing={standing} />
          {standing.board && <Board />}
          <Circle />
        </>
      ) : (
        <TeamPart board={standing.board} />
      )}
      <Rule />
      {role === 'member' && <OptOut optedOut={standing.optedOut} />}
    </div>
  );
}

function Own({ standing }: { standing: OwnStanding }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const points = usePoints();
  const inWords = useLevel();
  const { season, seasonEndsOn, score, level, missing, rank, at } = standing;
  return (
    <section className={styles.card} aria-labelledby="own">
      <p className={styles.quiet}>{t('standing.season', { season, when: date(seasonEndsOn) })}</p>
      <Title order={2} id="own">
        {inWords(level, score)}
      </Title>
      <p className={styles.quiet}>
        {t('standing.parts', { kudos: points(standing.fromKudos), ratings: points(standing.fromRatings) })}
      </p>
      {rank !== null && <p>{t('standing.rank', { rank })}</p>}
      <p>
        {missing
          ? t('standing.missing', {
              points: points(missing.points),
              level: missing.level,
              kudosWords: t('standing.missing.kudos', { count: missing.kudos }),
              ratingWords: t('standing.missing.ratings', { count: missing.ratings }),
            })
          : t('standing.highest')}
      </p>
      {at === null && <p className={styles.quiet}>{t('standing.notYet')}</p>}
    </section>
  );
}

function Received({ standing: { received, latest } }: { standing: OwnStanding }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  return (
    <section className={styles.part} aria-labelledby="received">
      <Title order={2} id="received">
        {t('standing.received')}
      </Title>
      {!latest.length && <Nothing>{t('standing.receivedNone')}</Nothing>}
      {latest.length > 0 && (
        <p className={styles.row}>
          {KudosReason.options.map(
            (reason) =>
              !!received[reason] && (
                <span key={reason} className={styles.count}>
                  {t('kudos.count', { reason: t(`kudos.reason.${reason}`), count: received[reason] })}
                </span>
              ),
          )}
        </p>
      )}
      <ul className={styles.list}>
        {latest.map((one) => (
          <li key={`${one.contributionId}${one.at}`}>
            <Link
              to="/c/$slug/impact/$contributionId"
              params={{ slug, contributionId: one.contributionId }}
              className={styles.words}
              dir="auto"
            >
              {one.words}
            </Link>
            <span className={styles.quiet}>
              {t('standing.from', { by: one.by, reason: t(`kudos.reason.${one.reason}`) })} · {date(one.at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Offers({ offers }: { offers: Recognition[] }) {
  const { t } = useTranslation();
  const answer = useAnswerOffer();
  if (!offers.length) return null;
  return (
    <section className={styles.part} aria-labelledby="offers">
      <Title order={2} id="offers">
        {t('standing.offers')}
      </Title>
      <Refusal error={answer.error} />
      {offers.map(({ id, kind, words, by, accepted }) => (
        <article key={id} className={styles.card}>
          <Title order={3}>{t(`standing.offer.${kind}`)}</Title>
          <p dir="auto">{words}</p>
          <p className={styles.quiet}>{t('standing.offer.by', { by })}</p>
          {accepted !== null && (
            <p role="status">{t(accepted ? 'standing.offer.accepted' : 'standing.offer.declined')}</p>
          )}
          <div className={styles.row}>
            {accepted !== true && (
              <Button
                loading={answer.isPending}
                onClick={() => answer.mutate({ recognitionId: id, accept: true })}
              >
                {t('standing.offer.accept')}
              </Button>
            )}
            {accepted !== false && (
              <Button
                variant="default"
                loading={answer.isPending}
                onClick={() => answer.mutate({ recognitionId: id, accept: false })}
              >
                {t('standing.offer.decline')}
              </Button>
            )}
          </div>
        </article>
      ))}
    </section>
  );
}

const rules = ['base', 'giver', 'pair', 'cap', 'ring', 'time', 'rating'] as const;

/** The rule that everybody can read. */
function Rule() {
  const { t } = useTranslation();
  return (
    <section className={styles.part} aria-labelledby="rule">
      <Title order={2} id="rule">
        {t('standing.rule')}
      </Title>
      <ul className={styles.rule}>
        {rules.map((rule) => (
          <li key={rule}>{t(`standing.rule.${rule}`)}</li>
        ))}
      </ul>
    </section>
  );
}

function OptOut({ optedOut }: { optedOut: boolean }) {
  const { t } = useTranslation();
  const out = useOptOut();
  return (
    <>
      <Tick
        label={t('standing.optOut')}
        description={t('standing.optOutHow')}
        checked={optedOut}
        choose={(chosen, refused) => out.mutate({ optedOut: chosen }, { onError: refused })}
      />
      <Refusal error={out.error} />
    </>
  );
}
