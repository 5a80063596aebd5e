import { Checkbox, NativeSelect, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { IdeaPlace } from '@parley/contracts/ideas';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { useOp } from '../platform/op';
import { Loading, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId } from './commons.data';
import shared from './commons.module.css';
import { IdeaForm } from './idea-form';
import { kindOf, sendWords, Status } from './idea-words';
import { useContextCards, useSendIdea, useSimilar } from './ideas.data';
import styles from './ideas.module.css';

/** Where an idea is written: what there is to know first, and what is there already. */
export function SendIdeaPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const placeId = usePlaceId();
  const context = useContextCards(placeId);
  const place = context.data?.place;
  useTitle(place ? t(sendWords[kindOf(place)]) : t('ideas.title'), community.name);
  if (context.error && !place)
    return <Refusal error={context.error} onRetry={() => void context.refetch()} />;
  if (!place) return <Loading lines={8} />;
  const params = { slug: community.slug, placeId };
  const needsContext = place.contextRequired && !place.informed;
  const minutes = Math.max(1, Math.round(context.data!.cards.length / 3));
  return (
    <div className={shared.page}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas/$placeId" params={params} className={shared.link}>
          {place.title}
        </Link>
        <Title order={1}>{t(sendWords[kindOf(place)])}</Title>
        {needsContext && (
          <>
            <p>{t('idea.form.contextFirst', { count: context.data!.cards.length, minutes })}</p>
            <Link to="/c/$slug/ideas/$placeId/context" params={params} className={styles.button}>
              {t('context.open')}
            </Link>
          </>
        )}
      </header>
      {!needsContext && !place.closed && <Form place={place} />}
      {place.closed && <p>{t('ideas.closed')}</p>}
    </div>
  );
}

function Form({ place }: { place: IdeaPlace }) {
  const { t } = useTranslation();
  const named = useNamed();
  const navigate = useNavigate();
  const { memberId, community } = usePlace().membership;
  const send = useSendIdea();
  const op = useOp();
  const [title, setTitle] = useState('');
  const [teamOnly, setTeamOnly] = useState(false);
  const [areaId, setAreaId] = useState(place.areas[0]?.id ?? null);
  return (
    <IdeaForm
      name={`parley:idea:${memberId}:${place.id}`}
      label={t(sendWords[kindOf(place)])}
      place={place}
      send={t('idea.form.send')}
      isPending={send.isPending}
      error={send.error}
      onTitle={setTitle}
      aside={<Similar place={place} words={title} />}
      takesFiles
      onSend={(text, sent, files) =>
        send.mutate(
          {
            ...{ placeId: place.id, ...text, teamOnly, areaId, files },
            opId: op.idOf(JSON.stringify([text, teamOnly, areaId, files])),
          },
          {
            onSuccess: ({ id }) => {
              sent();
              op.isIn();
              void navigate({
                to: '/c/$slug/ideas/idea/$ideaId',
                params: { slug: community.slug, ideaId: id },
              });
            },
          },
        )
      }
    >
      {place.areas.length > 0 && (
        <NativeSelect
          label={t('idea.form.area')}
          value={areaId ?? ''}
          data={place.areas.map(({ id, label, owner }) => ({
            value: id,
            label: t('idea.form.areaOwner', { label, who: named(owner) }),
          }))}
          onChange={({ currentTarget: { value } }) => setAreaId(value)}
        />
      )}
      <Checkbox
        label={t('idea.form.teamOnly')}
        description={t('idea.form.teamOnlyHow')}
        checked={teamOnly}
        onChange={({ currentTarget: { checked } }) => setTeamOnly(checked)}
      />
      <Text size="sm" c="dimmed">
        {t('idea.form.kept')}
      </Text>
    </IdeaForm>
  );
}

/** What says something like it already, shown while one writes and without moving what one writes in. */
function Similar({ place, words }: { place: IdeaPlace; words: string }) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const [settled] = useDebouncedValue(words.trim(), 350);
  const similar = useSimilar(place.id, settled);
  return (
    <div role="status" className={styles.similar} hidden={!similar.data?.length}>
      <strong>{t('idea.form.similar')}</strong>
      <ul>
        {similar.data?.map(({ id, title, status, posts }) => (
          <li key={id}>
            <Link
              to="/c/$slug/ideas/idea/$ideaId"
              params={{ slug, ideaId: id }}
              className={shared.link}
              dir="auto"
            >
              {title}
            </Link>{' '}
            <span className={shared.quiet}>
              <Status idea={{ status, on: null }} />
              {posts > 0 && ` · ${t('talk.posts', { count: posts })}`}
            </span>
          </li>
        ))}
      </ul>
      <span className={shared.quiet}>{t('idea.form.similarHow')}</span>
    </div>
  );
}
