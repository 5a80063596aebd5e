import { Button, NativeSelect, NumberInput, Text, TextInput, Title } from '@mantine/core';
import type { OutputOf } from '@parley/contracts/contract';
import { FeedbackPage as Page, type listFeedback } from '@parley/contracts/feedback';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock, useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { useNow } from '../platform/realtime';
import { usePlace } from '../platform/place';
import { useAssets } from '../platform/media.data';
import { Refusal } from '../platform/refusal';
import { type FeedbackFilter, useFeedback, useSetFeedback, useSetPrompt } from './feedback.data';
import shared from './commons.module.css';
import styles from './feedback.module.css';

type Listed = OutputOf<typeof listFeedback>;

/** What members said without being asked, by page, asset and scene, for the team. */
export function FeedbackDeskPage() {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { role, community } = usePlace().membership;
  useTitle(t('feedback.desk'), community.name);
  const [filter, setFilter] = useState<FeedbackFilter>({});
  const feedback = useFeedback(filter);
  const first = feedback.data?.pages[0];
  if (feedback.error && !first)
    return <Refusal error={feedback.error} onRetry={() => void feedback.refetch()} />;
  if (!first) return <Loading lines={8} />;
  const items = feedback.data!.pages.flatMap((page) => page.items);
  return (
    <div className={shared.page}>
      <Title order={1}>{t('feedback.desk')}</Title>
      {first.settings ? (
        <Text maw="65ch">{t('feedback.desk.lead')}</Text>
      ) : (
        <Nothing>{t('feedback.desk.closed')}</Nothing>
      )}
      {first.settings && (
        <>
          <p>
            {first.overdue > 0 && <strong>{t('feedback.desk.overdue', { count: first.overdue })} </strong>}
            <Link to="/c/$slug/loop" params={{ slug: community.slug }} className={shared.link}>
              {t('feedback.desk.read')}
            </Link>
          </p>
          <Filters listed={first} filter={filter} onChange={setFilter} />
          {!items.length && <Nothing>{t('feedback.desk.none')}</Nothing>}
          <ul className={shared.topics} aria-live="polite">
            {items.map((item) => (
              <li key={item.id} className={shared.topic}>
                {item.prompt && (
                  <p className={shared.quiet}>{t('feedback.desk.asked', { prompt: item.prompt })}</p>
                )}
                <p className={shared.words} dir="auto">
                  {item.body}
                </p>
                <p className={shared.quiet}>
                  {item.author} · {t(`feedback.page.${item.page}`)}
                  {item.asset && (
                    <>
                      {' · '}
                      <Link
                        to="/c/$slug/assets"
                        params={{ slug: community.slug }}
                        search={{
                          asset: item.asset.id,
                          ...(item.second !== null && { at: item.second }),
                        }}
                        className={styles.about}
                      >
                        {item.second === null
                          ? item.asset.title
                          : `${item.asset.title} ${clock(item.second)}`}
                      </Link>
                    </>
                  )}
                  {item.mood && ` · ${t(`feedback.mood.${item.mood as 1 | 2 | 3 | 4 | 5}`)}`}
                  {` · ${moment(item.at)}`}
                  {item.answerBy && <AnswerBy by={item.answerBy} />}
                </p>
              </li>
            ))}
          </ul>
          {feedback.hasNextPage && (
            <Button
              variant="default"
              w="fit-content"
              loading={feedback.isFetchingNextPage}
              onClick={() => void feedback.fetchNextPage()}
            >
              {t('activity.more')}
            </Button>
          )}
        </>
      )}
      {role === 'manager' && (
        <>
          <Settings listed={first} />
          {first.settings && <Prompts listed={first} />}
        </>
      )}
    </div>
  );
}

interface FiltersProps {
  listed: Listed;
  filter: FeedbackFilter;
  onChange: (filter: FeedbackFilter) => void;
}

function Filters({ listed, filter, onChange }: FiltersProps) {
  const { t, i18n } = useTranslation();
  const points = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const tally = (name: string, { count, mood }: { count: number; mood: number | null }) =>
    mood === null
      ? t('feedback.desk.tally', { name, count })
      : t('feedback.desk.tallyMood', { name, count, mood: points.format(mood) });
  const any = { value: '', label: t('feedback.desk.any') };
  return (
    <div className={styles.filters}>
      <NativeSelect
        label={t('feedback.desk.page')}
        value={filter.page ?? ''}
        data={[
          any,
          ...listed.pages.map(({ page, ...of }) => ({
            value: page,
            label: tally(t(`feedback.page.${page}`), of),
          })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...filter, page: value ? Page.parse(value) : undefined })
        }
      />
      <NativeSelect
        label={t('feedback.desk.asset')}
        value={filter.assetId ?? ''}
        data={[any, ...listed.assets.map(({ id, title, ...of }) => ({ value: id, label: tally(title, of) }))]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...filter, assetId: value || undefined, scene: undefined })
        }
      />
      {filter.assetId && (
        <NativeSelect
          label={t('feedback.desk.scene')}
          value={filter.scene === undefined ? '' : String(filter.scene)}
          data={[
            any,
            ...listed.scenes.map(({ from, ...of }) => ({
              value: String(from),
              label: tally(t('feedback.desk.sceneAt', { at: clock(from) }), of),
            })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...filter, scene: value === '' ? undefined : Number(value) })
          }
        />
      )}
    </div>
  );
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function Settings({ listed: { settings } }: { listed: Listed }) {
  const { t } = useTranslation();
  const set = useSetFeedback();
  const [name, setName] = useState(settings?.owner.name ?? '');
  const [title, setTitle] = useState(settings?.owner.title ?? '');
  const [on, setOn] = useState(inDays(90));
  const [days, setDays] = useState<number | ''>(settings ? (settings.replyDays ?? '') : 5);
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() && title.trim() && on)
      set.mutate({ owner: { name, title }, reportBackOn: on, replyDays: days === '' ? null : days });
  };
  const empty = (value: string) => (isTried && !value.trim() ? t('write.empty') : undefined);
  const heading = t(settings ? 'feedback.settings' : 'feedback.open');
  return (
    <form className={shared.form} onSubmit={submit} noValidate aria-label={heading}>
      <Title order={2}>{heading}</Title>
      {!settings && (
        <>
          <TextInput
            label={t('plan.act.ownerName')}
            maxLength={80}
            value={name}
            error={empty(name)}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
          <TextInput
            label={t('plan.act.ownerTitle')}
            maxLength={80}
            value={title}
            error={empty(title)}
            onChange={({ currentTarget: { value } }) => setTitle(value)}
          />
          <TextInput
            type="date"
            label={t('plan.act.reportBackOn')}
            value={on}
            error={empty(on)}
            onChange={({ currentTarget: { value } }) => setOn(value)}
          />
        </>
      )}
      <NumberInput
        label={t('feedback.replyDays')}
        min={1}
        max={90}
        value={days}
        onChange={(value) => setDays(value === '' ? '' : Number(value))}
      />
      <Refusal error={set.error} />
      <Button type="submit" variant="default" w="fit-content" loading={set.isPending}>
        {t(settings ? 'feedback.save' : 'feedback.openNow')}
      </Button>
    </form>
  );
}

/** By when an answer was promised. */
function AnswerBy({ by }: { by: string }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const now = useNow(60_000);
  const when = date(by);
  return Date.parse(by) < now ? (
    <strong className={styles.late}> · {t('feedback.desk.late', { when })}</strong>
  ) : (
    ` · ${t('feedback.desk.answerBy', { when })}`
  );
}

function Prompts({ listed: { prompts } }: { listed: Listed }) {
  const { t } = useTranslation();
  const assets = useAssets().data ?? [];
  const set = useSetPrompt();
  const [where, setWhere] = useState('home');
  const [words, setWords] = useState('');
  const [isTried, setTried] = useState(false);
  const titleOf = (id: string) => assets.find((asset) => asset.id === id)?.title ?? id;
  const nameOf = (page: Page | null, assetId: string | null) =>
    page ? t(`feedback.page.${page}`) : titleOf(assetId ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!words.trim()) return;
    const page = Page.safeParse(where);
    set.mutate(
      { page: page.success ? page.data : null, assetId: page.success ? null : where, prompt: words },
      {
        onSuccess: () => {
          setWords('');
          setTried(false);
        },
      },
    );
  };
  return (
    <form className={shared.form} onSubmit={submit} noValidate aria-label={t('feedback.prompts')}>
      <Title order={2}>{t('feedback.prompts')}</Title>
      <Text size="sm" c="dimmed">
        {t('feedback.prompt.usual')}
      </Text>
      <ul className={shared.topics}>
        {prompts.map(({ page, assetId, prompt }) => (
          <li key={page ?? assetId} className={styles.prompt}>
            <p>
              <strong>{nameOf(page, assetId)}</strong>: {prompt}
            </p>
            <Button variant="default" onClick={() => set.mutate({ page, assetId, prompt: null })}>
              {t('feedback.prompt.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <NativeSelect
        label={t('feedback.prompt.where')}
        value={where}
        data={[
          ...Page.options.map((value) => ({ value, label: t(`feedback.page.${value}`) })),
          ...assets.map(({ id, title }) => ({ value: id, label: title })),
        ]}
        onChange={({ currentTarget: { value } }) => setWhere(value)}
      />
      <TextInput
        label={t('feedback.prompt.words')}
        maxLength={200}
        dir="auto"
        value={words}
        error={isTried && !words.trim() ? t('write.empty') : undefined}
        onChange={({ currentTarget: { value } }) => setWords(value)}
      />
      <Refusal error={set.error} />
      <Button type="submit" variant="default" w="fit-content" loading={set.isPending}>
        {t('feedback.prompt.save')}
      </Button>
    </form>
  );
}
