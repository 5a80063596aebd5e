import { Button, Group, NativeSelect, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { LoopState } from '@parley/contracts/contributions';
import type { TeamContribution, Theme } from '@parley/contracts/moderation';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { ContributionItem } from './contribution-item';
import { useDwell } from './dwell';
import { HideForm, useUndone } from './hide-form';
import {
  type Filter,
  useContributions,
  useExport,
  useMarkRead,
  useSaveTheme,
  useSight,
  useSpaces,
  useThemes,
} from './loop-desk.data';
import styles from './loop-desk.module.css';
import { PrivateReply } from './private-reply';
import { GroupPanel, UsePanel } from './selection';

/** The key of each, as it is shown. */
const keys = {
  move: 'j k',
  select: 'x',
  group: 'g',
  use: 'u',
  reply: 'p',
  hide: 'h',
  leave: 'Esc',
} as const;

const steps: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
/** A pause in typing after which it is searched, ms. */
const PAUSE_MS = 300;

/** What is being done with what is selected, or with the one item that is looked at. */
type Doing = { what: 'group' | 'use' | 'reply' | 'hide'; ids: string[] } | null;

/** What members said, newest first, to be read in peace; what was truly read is told to its author. */
export function ReadingPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { community, memberId, role } = usePlace().membership;
  useTitle(t('loopDesk.part.reading'), community.name);
  const [filter, setFilter] = useState<Filter>({});
  const [words, setWords] = useState('');
  const [searched] = useDebouncedValue(words.trim(), PAUSE_MS);
  const chosen = { ...filter, ...(searched && { words: searched }) };
  const list = useContributions(chosen);
  const exports = useExport(chosen);
  const spaces = useSpaces();
  const themes = useThemes();
  const contributions = useMemo(
    () => list.data?.pages.flatMap((page) => page.contributions) ?? [],
    [list.data],
  );
  const [current, setCurrent] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [doing, setDoing] = useState<Doing>(null);
  const [told, setTold] = useState<{ text: string; updateId?: string } | null>(null);
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  const mayUse = role === 'host' || role === 'manager';
  const mayHide = role !== 'host';
  const sight = useSight();
  const undone = useUndone();

  const root = useRef<HTMLDivElement>(null);
  const unread = useMemo(
    () =>
      new Set(
        contributions.filter((one) => !one.readByMe && one.author.memberId !== memberId).map(({ id }) => id),
      ),
    [contributions, memberId],
  );
  useDwell({ list: root, isNew: (id) => unread.has(id), report: useMarkRead() });

  const at = contributions.findIndex(({ id }) => id === current);
  const narrow = (change: Filter) => {
    setFilter((now) => ({ ...now, ...change }));
    setSelected(new Set());
    setDoing(null);
    setTold(null);
  };
  const select = (id: string, isSelected: boolean) =>
    setSelected((now) => {
      const next = new Set(now);
      if (isSelected) next.add(id);
      else next.delete(id);
      return next;
    });
  const goTo = (one: TeamContribution | undefined) => {
    if (!one) return;
    setCurrent(one.id);
    const element = document.getElementById(`said-${one.id}`);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'center' });
  };
  const begin = (what: 'group' | 'use' | 'reply' | 'hide', id: string | null) => {
    const isOfMany = what === 'group' || what === 'use';
    const ids = isOfMany && selected.size ? [...selected] : id ? [id] : [];
    if (!ids.length) return;
    setTold(null);
    setDoing({ what, ids });
  };
  const close = () => {
    setDoing(null);
    if (current) document.getElementById(`said-${current}`)?.focus({ preventScroll: true });
  };
  const done = (text: string, updateId?: string) => {
    setTold({ text, ...(updateId && { updateId }) });
    setSelected(new Set());
    close();
  };
  /** What one can do about whether others see it. */
  const sightOf = (one: TeamContribution | undefined) => {
    if (!one || !mayHide || one.author.memberId === memberId) return null;
    if (one.moderation === 'published') return () => begin('hide', one.id);
    if (one.moderation !== 'hidden') return null;
    return () =>
      sight.mutate(
        { id: one.id, decision: { action: 'restore' } },
        {
          onSuccess: (decided) =>
            setTold({ text: undone(decided) ?? t('reading.restored', { handle: one.author.handle }) }),
        },
      );
  };
  const byKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // Where words are written a letter is a letter.
    if ((event.target as HTMLElement).matches('input:not([type=checkbox]), textarea, select')) return;
    const step = steps[event.key];
    const does: Record<string, () => void> = {
      x: () => current && select(current, !selected.has(current)),
      g: () => begin('group', current),
      p: () => begin('reply', current),
      ...(mayHide && { h: () => sightOf(contributions[at])?.() }),
      ...(mayUse && { u: () => begin('use', current) }),
      Escape: () => (doing ? close() : setSelected(new Set())),
    };
    if (step) goTo(contributions[Math.min(contributions.length - 1, Math.max(0, at + step))]);
    else if (does[event.key]) does[event.key]!();
    else return;
    event.preventDefault();
  };

  const isFiltered = Object.values(filter).some(Boolean) || searched !== '';
  const theme = themes.data?.find(({ id }) => id === filter.themeId);
  const isOfOne = doing?.what === 'reply' || doing?.what === 'hide';
  const opened = isOfOne ? doing.ids[0] : undefined;
  return (
    <div className={styles.reading}>
      <section className={styles.part} aria-label={t('reading.list')}>
        <div className={styles.filters}>
          <TextInput
            type="search"
            label={t('reading.words')}
            value={words}
            maxLength={100}
            onChange={(event) => {
              setWords(event.currentTarget.value);
              setSelected(new Set());
            }}
          />
          <NativeSelect
            label={t('reading.space')}
            value={filter.spaceId ?? ''}
            data={[
              { value: '', label: t('reading.everywhere') },
              ...(spaces.data ?? []).map(({ id, title }) => ({ value: id, label: title })),
            ]}
            onChange={(event) => narrow({ spaceId: event.currentTarget.value || undefined })}
          />
          <NativeSelect
            label={t('reading.state')}
            value={filter.loop ?? ''}
            data={[
              { value: '', label: t('reading.anyState') },
              ...LoopState.options.map((value) => ({ value, label: t(`fate.state.${value}`) })),
            ]}
            onChange={(event) => narrow({ loop: LoopState.safeParse(event.currentTarget.value).data })}
          />
          {!isWide && (
            <NativeSelect
              label={t('reading.theme')}
              value={filter.themeId ?? ''}
              data={[
                { value: '', label: t('reading.anyTheme') },
                ...(themes.data ?? []).map(({ id, label, contributions: count }) => ({
                  value: id,
                  label: `${label} (${number(count)})`,
                })),
              ]}
              onChange={(event) => narrow({ themeId: event.currentTarget.value || undefined })}
            />
          )}
        </div>
        <Refusal error={spaces.error} onRetry={() => void spaces.refetch()} />
        {!isWide && <Refusal error={themes.error} onRetry={() => void themes.refetch()} />}
        <details className={styles.how}>
          <summary className={styles.link}>{t('reading.how')}</summary>
          <Text maw="65ch">{t('reading.honest')}</Text>
          <dl className={styles.keys}>
            {(
              [
                'move',
                'select',
                'group',
                ...(mayUse ? (['use'] as const) : []),
                'reply',
                ...(mayHide ? (['hide'] as const) : []),
                'leave',
              ] as const
            ).map((key) => (
              <div key={key}>
                <dt>
                  <kbd>{keys[key]}</kbd>
                </dt>
                <dd>{t(`reading.does.${key}`)}</dd>
              </div>
            ))}
          </dl>
        </details>
        {role === 'manager' && (
          <Button
            variant="default"
            w="fit-content"
            loading={exports.isPending}
            onClick={() =>
              exports.mutate(undefined, {
                onSuccess: (count) => setTold({ text: t('reading.exported', { count }) }),
              })
            }
          >
            {t('reading.export')}
          </Button>
        )}
        <div role="status">
          {told && (
            <Text className={styles.told}>
              {told.text}{' '}
              {told.updateId && (
                <Link
                  to="/c/$slug/loop/updates/$updateId"
                  params={{ slug: community.slug, updateId: told.updateId }}
                >
                  {t('reading.toUpdate')}
                </Link>
              )}
            </Text>
          )}
        </div>
        <Refusal error={sight.error ?? exports.error} />
        {list.error && <Refusal error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading lines={6} />}
        {list.data && !contributions.length && (
          <Nothing>{t(isFiltered ? 'reading.noneSuch' : 'reading.none')}</Nothing>
        )}
        <div ref={root} className={styles.saids} onKeyDown={byKey}>
          {contributions.map((one, place) => (
            <ContributionItem
              key={one.id}
              contribution={one}
              isCurrent={one.id === current}
              isSelected={selected.has(one.id)}
              isEntry={at < 0 ? place === 0 : place === at}
              mayUse={mayUse}
              onCurrent={() => setCurrent(one.id)}
              onSelect={(isSelected) => select(one.id, isSelected)}
              onGroup={() => begin('group', one.id)}
              onUse={() => begin('use', one.id)}
              onReply={() => begin('reply', one.id)}
              onSight={sightOf(one)}
            >
              {opened === one.id && doing?.what === 'reply' && (
                <PrivateReply contribution={one} onClose={close} onSent={(text) => done(text)} />
              )}
              {opened === one.id && doing?.what === 'hide' && (
                <HideForm contribution={one} onClose={close} onDone={(text) => done(text)} />
              )}
            </ContributionItem>
          ))}
        </div>
        {list.hasNextPage && (
          <Button
            variant="default"
            className={styles.start}
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('reading.more')}
          </Button>
        )}
        {!isOfOne && (selected.size > 0 || doing) && (
          <div className={styles.bar} role="region" aria-label={t('reading.selection')}>
            {doing?.what === 'group' && (
              <GroupPanel
                ids={doing.ids}
                themes={themes.data ?? []}
                onClose={close}
                onDone={(text) => done(text)}
              />
            )}
            {doing?.what === 'use' && (
              <UsePanel
                ids={doing.ids}
                chosen={contributions.filter(({ id }) => doing.ids.includes(id))}
                onClose={close}
                onDone={done}
              />
            )}
            {doing?.what !== 'group' && doing?.what !== 'use' && (
              <Group gap="sm">
                <Text aria-live="polite">{t('reading.selected', { count: selected.size })}</Text>
                <Button onClick={() => begin('group', null)}>{t('reading.group')}</Button>
                {mayUse && (
                  <Button variant="default" onClick={() => begin('use', null)}>
                    {t('reading.use')}
                  </Button>
                )}
                {theme && <TakeOut ids={[...selected]} theme={theme} onDone={done} />}
                <Button variant="default" onClick={() => setSelected(new Set())}>
                  {t('reading.clear')}
                </Button>
              </Group>
            )}
          </div>
        )}
      </section>
      {isWide && (
        <aside className={styles.side} aria-labelledby="themes">
          <Title order={2} id="themes">
            {t('reading.themes')}
          </Title>
          {themes.error && <Refusal error={themes.error} onRetry={() => void themes.refetch()} />}
          {themes.data && !themes.data.length && <Nothing>{t('reading.noThemes')}</Nothing>}
          <ul className={styles.themes}>
            {filter.themeId && (
              <li>
                <UnstyledButton className={styles.themeRow} onClick={() => narrow({ themeId: undefined })}>
                  {t('reading.anyTheme')}
                </UnstyledButton>
              </li>
            )}
            {(themes.data ?? []).map(({ id, label, contributions: count, members }) => (
              <li key={id}>
                <UnstyledButton
                  className={styles.themeRow}
                  aria-pressed={id === filter.themeId}
                  onClick={() => narrow({ themeId: id === filter.themeId ? undefined : id })}
                >
                  <span dir="auto">{label}</span>
                  <span className={styles.small}>
                    {t('reading.themeCount', { count })}
                    {' · '}
                    {t('reading.themeMembers', { count: members })}
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </aside>
      )}
    </div>
  );
}

interface TakeOutProps {
  ids: string[];
  theme: Theme;
  onDone: (text: string) => void;
}

function TakeOut({ ids, theme: { id, label }, onDone }: TakeOutProps) {
  const { t } = useTranslation();
  const save = useSaveTheme();
  return (
    <>
      <Button
        variant="default"
        loading={save.isPending}
        onClick={() =>
          save.mutate(
            { themeId: id, label, remove: ids },
            { onSuccess: () => onDone(t('reading.takenOut', { count: ids.length, label })) },
          )
        }
      >
        {t('reading.takeOut', { label })}
      </Button>
      <Refusal error={save.error} />
    </>
  );
}
