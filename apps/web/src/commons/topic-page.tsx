import { NativeSelect, Title } from '@mantine/core';
import { Following, TOPIC_MAX } from '@parley/contracts/commons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Kudos } from '../platform/kudos';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { CameOf } from './came-of';
import { useFollow, useTopic, useTopicId } from './commons.data';
import styles from './commons.module.css';
import { Thread, Words } from './thread';

/** A topic: what was said, what is new since one was here, and where one answers. */
export function TopicPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const topicId = useTopicId();
  const pages = useTopic(topicId);
  const first = pages.data?.pages[0];
  useTitle(first?.topic.title ?? t('talk.title'), community.name);
  if (pages.error && !first) return <Refusal error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!first) return <Loading lines={8} />;
  return <Whole key={topicId} pages={pages} />;
}

function Whole({ pages }: { pages: ReturnType<typeof useTopic> }) {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const { topic, place, kudos, updates } = pages.data!.pages.at(-1)!;
  const follow = useFollow();
  const posts = pages.data!.pages.flatMap((page) => page.posts);
  const solution = posts.find(({ id }) => id === topic.solvedBy);
  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <Link
          to="/c/$slug/talk/$placeId"
          params={{ slug: community.slug, placeId: place.id }}
          className={styles.link}
        >
          {place.title}
        </Link>
        <Title order={1} dir="auto">
          {topic.title}
        </Title>
        <Words of={topic} id={topic.id} maxLength={TOPIC_MAX}>
          {topic.moderation === 'published' && (
            <Kudos contributionId={topic.id} who={topic.author.handle} tally={kudos} mine={topic.mine} />
          )}
        </Words>
        <NativeSelect
          w="fit-content"
          label={t('talk.following')}
          value={topic.following}
          data={Following.options.map((value) => ({ value, label: t(`talk.following.${value}`) }))}
          onChange={({ currentTarget }) =>
            follow.mutate({ topicId: topic.id, following: Following.parse(currentTarget.value) })
          }
        />
      </header>
      <CameOf updates={updates} />
      {solution && (
        <section className={styles.solution} aria-label={t('talk.solved')}>
          <p className={styles.quiet}>{t('talk.solvedBy', { who: solution.author.handle })}</p>
          <p dir="auto">{solution.body}</p>
        </section>
      )}
      <Thread pages={pages} solves />
    </article>
  );
}
