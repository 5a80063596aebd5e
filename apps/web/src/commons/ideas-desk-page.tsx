import { Button, Checkbox, Text, Title } from '@mantine/core';
import { type DeskIdea, DeskShow } from '@parley/contracts/ideas';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choices } from '../platform/choices';
import { useFormat } from '../platform/format';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import shared from './commons.module.css';
import { DecideForm } from './decide-form';
import { authorsOf, Status } from './idea-words';
import { useIdeaDesk } from './ideas.data';
import styles from './ideas.module.css';

/** Where the team works on ideas: the most urgent first, one by one or many at once. */
export function IdeasDeskPage() {
  const { t } = useTranslation();
  const { community } = usePlace().membership;
  const navigate = useNavigate();
  const [show, setShow] = useState<DeskShow>('waiting');
  const desk = useIdeaDesk(show);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const [told, setTold] = useState(0);
  useTitle(t('desk.ideas.title'), community.name);
  const first = desk.data?.pages[0];
  const ideas = desk.data?.pages.flatMap((page) => page.ideas) ?? [];
  const picked = ideas.filter(({ id }) => selected.has(id));
  const isAll = ideas.length > 0 && picked.length === ideas.length;
  const hasMore = desk.hasNextPage;
  /** All that are shown; asked for again, the others too. */
  const selectAll = async () => {
    let pages = desk.data?.pages;
    for (let more = isAll && hasMore; more;) {
      const next = await desk.fetchNextPage();
      pages = next.data?.pages;
      more = next.hasNextPage && !next.isError;
    }
    setSelected(new Set(pages?.flatMap((page) => page.ideas.map(({ id }) => id))));
  };
  const toggle = (id: string) => {
    setTold(0);
    setSelected((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  };
  const press = useEffectEvent((event: KeyboardEvent) => {
    const field =
      event.target instanceof Element && event.target.closest('input, textarea, select, a, button');
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (field && !(field instanceof HTMLInputElement && field.type === 'checkbox')) return;
    const to = (place: number) => {
      const next = Math.max(0, Math.min(ideas.length - 1, place));
      setAt(next);
      document.getElementById(`idea-${ideas[next]?.id}`)?.scrollIntoView({ block: 'nearest' });
    };
    if (isPlain && event.key === 'j') to(at + 1);
    else if (isPlain && event.key === 'k') to(at - 1);
    else if (isPlain && event.key === 'x' && ideas[at]) toggle(ideas[at].id);
    else if (isPlain && event.key === 'o' && ideas[at])
      void navigate({
        to: '/c/$slug/ideas/idea/$ideaId',
        params: { slug: community.slug, ideaId: ideas[at].id },
      });
    else if ((event.ctrlKey || event.metaKey) && event.key === 'a' && ideas.length) void selectAll();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  const places = new Set(picked.map(({ placeId }) => placeId));
  // What several say goes into one of them, or into any other that is shown of the same place.
  const into =
    places.size === 1
      ? ideas.filter(({ id, placeId }) => places.has(placeId) && (picked.length > 1 || !selected.has(id)))
      : [];
  return (
    <div className={styles.desk}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas" params={{ slug: community.slug }} className={shared.link}>
          {t('ideas.all')}
        </Link>
        <Title order={1}>{t('desk.ideas.title')}</Title>
        {first && (
          <Text size="sm" c="dimmed">
            {t('desk.ideas.acknowledged', first.acknowledged)}
          </Text>
        )}
        <Choices
          label={t('desk.ideas.show')}
          value={show}
          choices={DeskShow.options.map((value) => ({
            value,
            label:
              first && (value === 'waiting' || value === 'overdue')
                ? `${t(`desk.ideas.${value}`)} ${first[value]}`
                : t(`desk.ideas.${value}`),
          }))}
          onChange={(value) => {
            setShow(value);
            setTold(0);
            setSelected(new Set());
            setAt(0);
          }}
        />
      </header>
      <div className={styles.columns}>
        <section aria-label={t('desk.ideas.show')}>
          {desk.isPending && <Loading lines={8} />}
          <Refusal error={desk.error} onRetry={() => void desk.refetch()} />
          {desk.data && !ideas.length && <Nothing>{t('desk.ideas.none')}</Nothing>}
          {ideas.length > 1 && (
            <Checkbox
              className={styles.all}
              label={t('desk.ideas.selectAll', { count: ideas.length })}
              checked={isAll}
              indeterminate={picked.length > 0 && !isAll}
              onChange={() => (isAll ? setSelected(new Set()) : void selectAll())}
            />
          )}
          {isAll && hasMore && (
            <Button variant="default" loading={desk.isFetchingNextPage} onClick={() => void selectAll()}>
              {t('desk.ideas.selectRest')}
            </Button>
          )}
          <ul className={shared.topics}>
            {ideas.map((idea, place) => (
              <Row
                key={idea.id}
                idea={idea}
                isCurrent={place === at}
                isSelected={selected.has(idea.id)}
                onToggle={() => toggle(idea.id)}
                onAlike={() => setSelected((now) => new Set([...now, idea.id, ...idea.alike]))}
              />
            ))}
          </ul>
          {desk.hasNextPage && (
            <Button
              variant="default"
              loading={desk.isFetchingNextPage}
              onClick={() => void desk.fetchNextPage()}
            >
              {t('activity.more')}
            </Button>
          )}
          <Text size="sm" c="dimmed" className={styles.keys}>
            {t('desk.ideas.keys')}
          </Text>
        </section>
        <aside className={styles.decide} aria-label={t('desk.ideas.to')}>
          <Text fw={picked.length ? 600 : undefined} role="status">
            {picked.length
              ? t('desk.ideas.selected', { count: picked.length })
              : told
                ? t('desk.ideas.done', { count: told })
                : t('desk.ideas.selectedNone')}
          </Text>
          {picked.length > 0 && (
            <DecideForm
              ideaIds={picked.map(({ id }) => id)}
              kinds={picked.map(({ place }) => place.kind)}
              others={into}
              onDone={(done) => {
                setTold(done.length);
                setSelected((now) => new Set([...now].filter((id) => !done.includes(id))));
              }}
            />
          )}
        </aside>
      </div>
    </div>
  );
}

interface RowProps {
  idea: DeskIdea;
  isCurrent: boolean;
  isSelected: boolean;
  onToggle: () => void;
  onAlike: () => void;
}

function Row({ idea, isCurrent, isSelected, onToggle, onAlike }: RowProps) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { slug } = usePlace().membership.community;
  const now = useNow(60_000);
  const isLate = !idea.acknowledge.at && Date.parse(idea.acknowledge.by) < now;
  const { situation, struggle, idea: what } = idea.parts;
  return (
    <li id={`idea-${idea.id}`} className={styles.deskRow} data-current={isCurrent || undefined}>
      <Checkbox
        aria-label={t('desk.ideas.select', { title: idea.title })}
        checked={isSelected}
        onChange={onToggle}
      />
      <div>
        <Link
          to="/c/$slug/ideas/idea/$ideaId"
          params={{ slug, ideaId: idea.id }}
          className={shared.title}
          dir="auto"
        >
          {idea.title}
        </Link>
        <p className={styles.excerpt} dir="auto">
          {what || struggle || situation}
        </p>
        <p className={shared.quiet}>
          <Status idea={idea} /> · {idea.place.title} · {authorsOf(idea)}
          {!idea.acknowledge.at && (
            <span className={isLate ? styles.late : undefined}>
              {' · '}
              {t(isLate ? 'desk.ideas.late' : 'desk.ideas.clock', { when: date(idea.acknowledge.by) })}
            </span>
          )}
          {idea.owner && ` · ${idea.owner.name}`}
        </p>
        {idea.alike.length > 0 && (
          <p className={shared.quiet}>
            {t('desk.ideas.alike', { count: idea.alike.length })}{' '}
            <Button variant="subtle" size="compact-sm" onClick={onAlike}>
              {t('desk.ideas.alikeSelect')}
            </Button>
          </p>
        )}
      </div>
    </li>
  );
}
