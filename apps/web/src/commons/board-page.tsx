import { Button, NativeSelect, Text, Title } from '@mantine/core';
import { IdeaStatus } from '@parley/contracts/contributions';
import { type Idea, type IdeaPlace, IdeaSort } from '@parley/contracts/ideas';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choices } from '../platform/choices';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId, useTopicNews } from './commons.data';
import shared from './commons.module.css';
import { IdeaRating } from './idea-rating';
import { authorsOf, ForWhom, kindOf, sendWords, Status } from './idea-words';
import { useIdeas } from './ideas.data';
import styles from './ideas.module.css';

/** A place for ideas: what is asked, what there is to know, and what was sent. */
export function BoardPage() {
  const { t } = useTranslation();
  const { role, community } = usePlace().membership;
  const placeId = usePlaceId();
  const [sort, setSort] = useState<IdeaSort>('active');
  const [status, setStatus] = useState<IdeaStatus>();
  const [isNew, setNew] = useState(false);
  const ideas = useIdeas(placeId, sort, sort === 'toRate' ? undefined : status);
  useTopicNews({ placeId }, () => setNew(true));
  const first = ideas.data?.pages[0];
  useTitle(first?.place.title ?? t('ideas.title'), community.name);
  if (ideas.error && !first) return <Refusal error={ideas.error} onRetry={() => void ideas.refetch()} />;
  if (!first) return <Loading lines={8} />;
  const { place } = first;
  const all = ideas.data!.pages.flatMap((page) => page.ideas);
  const left = Math.max(0, place.ratedLeast - place.rated);
  const isHidden = sort === 'top' && role === 'member' && !place.closed && left > 0;
  const sorts = IdeaSort.options.filter(
    (each) => each !== 'toRate' || role === 'member' || role === 'moderator',
  );
  return (
    <div className={shared.page}>
      <Head place={place} />
      {!place.closed && (
        <Link
          to="/c/$slug/ideas/$placeId/send"
          params={{ slug: community.slug, placeId }}
          className={styles.button}
        >
          {t(sendWords[kindOf(place)])}
        </Link>
      )}
      <div className={styles.filters}>
        <Choices
          label={t('ideas.sort')}
          value={sort}
          choices={sorts.map((value) => ({ value, label: t(`ideas.sort.${value}`) }))}
          onChange={setSort}
        />
        {sort !== 'toRate' && (
          <NativeSelect
            aria-label={t('ideas.status')}
            value={status ?? ''}
            data={[
              { value: '', label: t('ideas.status.any') },
              ...IdeaStatus.options.map((value) => ({ value, label: t(`idea.status.${value}`) })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              setStatus(value ? IdeaStatus.parse(value) : undefined)
            }
          />
        )}
      </div>
      {isNew && (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => {
            setNew(false);
            void ideas.refetch();
          }}
        >
          {t('talk.fresh')}
        </Button>
      )}
      {sort === 'top' && !isHidden && (
        <Text size="sm" c="dimmed" maw="65ch">
          {t('ideas.whyTop')}
        </Text>
      )}
      {isHidden ? (
        <Nothing>{t('ideas.rateMore', { count: left })}</Nothing>
      ) : (
        !all.length && (
          <Nothing>
            {t(sort === 'toRate' ? 'ideas.rateNone' : status ? 'ideas.noneSo' : 'ideas.noIdeas')}
          </Nothing>
        )
      )}
      <ul className={shared.topics}>
        {all.map((idea) => (
          <li key={idea.id}>
            <Row idea={idea} place={place} rates={sort === 'toRate'} />
          </li>
        ))}
      </ul>
      {ideas.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={ideas.isFetchingNextPage}
          onClick={() => void ideas.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      )}
    </div>
  );
}

function Head({ place }: { place: IdeaPlace }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const { role, community } = usePlace().membership;
  const { slug } = community;
  const params = { slug, placeId: place.id };
  return (
    <header className={shared.head}>
      <Link to="/c/$slug/ideas" params={{ slug }} className={shared.link}>
        {t('ideas.all')}
      </Link>
      <p className={styles.kind}>{t(`ideas.kind.${kindOf(place)}`)}</p>
      <Title order={1} dir="auto">
        {place.title}
      </Title>
      <p dir="auto">{place.purpose}</p>
      <ForWhom audience={place.audience} />
      <p className={shared.quiet}>
        {t('talk.decides', {
          decision: place.decision,
          who: named(place.decisionOwner),
          when: date(place.reportBackOn),
        })}
        {place.informsOnly && ` ${t('ideas.informs')}`}
      </p>
      <p className={shared.quiet}>
        {place.closed ? t('ideas.closed') : t('ideas.acknowledged', { count: place.acknowledgeDays })}
        {place.closesAt && !place.closed && ` · ${t('ideas.closes', { when: date(place.closesAt) })}`}
      </p>
      <div className={shared.row}>
        {place.cards > 0 && (
          <Link to="/c/$slug/ideas/$placeId/context" params={params} className={shared.link}>
            {t(place.informed ? 'context.again' : 'context.open')}
          </Link>
        )}
        <Link to="/c/$slug/ideas/$placeId/process" params={params} className={shared.link}>
          {t('ideas.process')}
        </Link>
        {role === 'manager' && (
          <Link to="/c/$slug/ideas/$placeId/bring" params={params} className={shared.link}>
            {t('bring.title')}
          </Link>
        )}
      </div>
      {place.contextRequired && !place.informed && <p className={styles.private}>{t('context.required')}</p>}
    </header>
  );
}

function Row({ idea, place, rates }: { idea: Idea; place: IdeaPlace; rates: boolean }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const isUnread = idea.following !== 'mute' && (idea.fresh === null || idea.fresh > 0) && !idea.mine;
  const { situation, struggle, idea: what } = idea.parts;
  return (
    <article className={shared.topic} data-unread={(isUnread && !rates) || undefined}>
      <Link
        to="/c/$slug/ideas/idea/$ideaId"
        params={{ slug, ideaId: idea.id }}
        className={shared.title}
        dir="auto"
      >
        {idea.title}
      </Link>
      <p className={rates ? styles.excerpt : shared.clip} dir="auto">
        {what || struggle || situation}
      </p>
      <p className={shared.quiet}>
        <Status idea={idea} /> · {idea.mine && !idea.imported ? t('idea.mine') : authorsOf(idea)}
        {idea.posts > 0 && ` · ${t('talk.posts', { count: idea.posts })}`}
        {!!idea.fresh && <strong> · {t('talk.new', { count: idea.fresh })}</strong>}
        {idea.moderation === 'held' && ` · ${t('talk.held')}`}
        {idea.teamOnly && ` · ${t('idea.teamOnly')}`}
      </p>
      {rates && <IdeaRating idea={idea} place={place} />}
    </article>
  );
}
