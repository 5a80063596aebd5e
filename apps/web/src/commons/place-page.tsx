import { Button, TextInput, Title } from '@mantine/core';
import { TITLE_MAX, type Topic, TOPIC_MAX } from '@parley/contracts/commons';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useDraft } from '../platform/kept';
import { useNamed } from '../platform/named';
import { useOp } from '../platform/op';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId, useStartTopic, useTopicNews, useTopics } from './commons.data';
import styles from './commons.module.css';
import { ForWhom } from './idea-words';
import { WriteForm } from './write-form';

/** A place: why it is there, its topics, and one's own. */
export function PlacePage() {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  const { community } = usePlace().membership;
  const placeId = usePlaceId();
  const topics = useTopics(placeId);
  const [isNew, setNew] = useState(false);
  const [begins, setBegins] = useState(false);
  useTopicNews({ placeId }, () => setNew(true));
  const first = topics.data?.pages[0];
  useTitle(first?.place.title ?? t('talk.title'), community.name);
  if (topics.error && !first) return <Refusal error={topics.error} onRetry={() => void topics.refetch()} />;
  if (!first) return <Loading lines={8} />;
  const { place } = first;
  const all = topics.data!.pages.flatMap((page) => page.topics);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to="/c/$slug/talk" params={{ slug: community.slug }} className={styles.link}>
          {t('talk.all')}
        </Link>
        <Title order={1} dir="auto">
          {place.title}
        </Title>
        <p dir="auto">{place.purpose}</p>
        <ForWhom audience={place.audience} />
        <p className={styles.quiet}>
          {t('talk.decides', {
            decision: place.decision,
            who: named(place.decisionOwner),
            when: date(place.reportBackOn),
          })}
        </p>
      </header>
      {begins ? (
        <BeginForm placeId={placeId} onDone={() => setBegins(false)} />
      ) : (
        <Button w="fit-content" onClick={() => setBegins(true)}>
          {t('talk.begin')}
        </Button>
      )}
      {isNew && (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => {
            setNew(false);
            void topics.refetch();
          }}
        >
          {t('talk.fresh')}
        </Button>
      )}
      {!all.length && <Nothing>{t('talk.noTopics')}</Nothing>}
      <ul className={styles.topics}>
        {all.map((topic) => (
          <li key={topic.id}>
            <Row topic={topic} />
          </li>
        ))}
      </ul>
      {topics.hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={topics.isFetchingNextPage}
          onClick={() => void topics.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      )}
    </div>
  );
}

function Row({ topic }: { topic: Topic }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { slug } = usePlace().membership.community;
  const isUnread = topic.following !== 'mute' && (topic.fresh === null || topic.fresh > 0) && !topic.mine;
  return (
    <article className={styles.topic} data-unread={isUnread || undefined}>
      <Link
        to="/c/$slug/talk/topics/$topicId"
        params={{ slug, topicId: topic.id }}
        className={styles.title}
        dir="auto"
      >
        {topic.title}
      </Link>
      <p className={styles.clip} dir="auto">
        {topic.body}
      </p>
      <p className={styles.quiet}>
        {topic.author.handle} · {t('talk.posts', { count: topic.posts })}
        {!!topic.fresh && <strong> · {t('talk.new', { count: topic.fresh })}</strong>}
        {topic.solvedBy && ` · ${t('talk.solved')}`}
        {topic.moderation === 'held' && ` · ${t('talk.held')}`} · {moment(topic.lastAt)}
      </p>
    </article>
  );
}

function BeginForm({ placeId, onDone }: { placeId: string; onDone: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { memberId, community } = usePlace().membership;
  const start = useStartTopic();
  const op = useOp();
  const [title, setTitle] = useDraft(`parley:topic:${memberId}:${placeId}:title`);
  const [isTried, setTried] = useState(false);
  return (
    <WriteForm
      name={`parley:topic:${memberId}:${placeId}:body`}
      label={t('talk.body')}
      most={TOPIC_MAX}
      send={t('talk.beginNow')}
      isPending={start.isPending}
      error={start.error}
      onCancel={onDone}
      takesFiles
      onSend={(body, sent, files) => {
        setTried(true);
        if (!title.trim()) return;
        start.mutate(
          { placeId, opId: op.idOf(JSON.stringify([title, body, files])), title, body, files },
          {
            onSuccess: ({ id }) => {
              sent();
              setTitle('');
              op.isIn();
              void navigate({
                to: '/c/$slug/talk/topics/$topicId',
                params: { slug: community.slug, topicId: id },
              });
            },
          },
        );
      }}
    >
      <TextInput
        label={t('talk.topicTitle')}
        maxLength={TITLE_MAX}
        dir="auto"
        autoFocus
        value={title}
        error={isTried && !title.trim() ? t('write.empty') : undefined}
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      />
    </WriteForm>
  );
}
