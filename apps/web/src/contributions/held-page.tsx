import { Button, Kbd } from '@mantine/core';
import { type DeskItem, WAITING_MOST } from '@parley/contracts/moderation';
import { type MouseEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { readKept } from '../platform/kept';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import { Refusal } from '../platform/refusal';
import {
  type FormKind,
  groupByDecision,
  MergeForm,
  RefuseForm,
  SplitForm,
  WordsForm,
} from './decision-forms';
import { barrierOf, keys, type Wish, wishesFor, wishOf } from './desk-keys';
import {
  type Deciding,
  type Fared,
  useClaim,
  useDecide,
  useHeld,
  useHoldSpace,
  usePolicy,
  useSpaces,
} from './desk.data';
import { HeldItem } from './held-item';
import { Keys, KEYS_KEPT, Row } from './held-list';
import { Results, useFaredWords } from './held-outcome';
import styles from './desk.module.css';

const POLICY_MS = 60_000;
/** What can be decided about many at once. */
const bulk = ['approve', 'trust', 'return', 'decline'] as const;

/** What one is looking at, as it was last seen: it stays in its place when it leaves the desk meanwhile. */
interface Look {
  item: DeskItem;
  at: number;
  /** The person has decided it themselves: then it does not stay. */
  isDone?: boolean;
}

/** What was decided about many, and what became of it. */
interface Told {
  fared: Fared[];
  error: unknown;
  decidings: readonly Deciding[];
}

const isOnDesk = (moderation: Fared['moderation']) =>
  moderation === 'held' || moderation === 'appealed' || moderation === 'frozen';

/** All that waits for a moderator: the list, the thing itself, and a key for everything. */
export function HeldPage() {
  const { t } = useTranslation();
  const { membership } = usePlace();
  useTitle(t('moderate.title'), membership.community.name);
  const held = useHeld();
  if (!held.data)
    return held.error ? (
      <Refusal error={held.error} onRetry={() => void held.refetch()} />
    ) : (
      <Loading lines={6} />
    );
  return <Desk held={held} />;
}

function Desk({ held }: { held: ReturnType<typeof useHeld> }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { membership } = usePlace();
  const policy = usePolicy(POLICY_MS);
  const spaces = useSpaces();
  const holding = useHoldSpace();
  const decide = useDecide();
  const faredWords = useFaredWords();
  const { items } = held;
  const { waiting = 0, overdue = 0 } = held.data?.pages[0] ?? {};
  // So many are not counted any more.
  const isMany = waiting > WAITING_MOST;

  const [look, setLook] = useState<Look | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  /** From where shift and a click select. */
  const [anchor, setAnchor] = useState<string | null>(null);
  const [form, setForm] = useState<{ kind: FormKind; isBulk: boolean } | null>(null);
  const [drafts, setDrafts] = useState<Readonly<Record<string, string | undefined>>>({});
  const [problem, setProblem] = useState<{ id: string; words: string; error: unknown } | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [said, setSaid] = useState({ words: '', n: 0 });
  const [isHelp, setHelp] = useState(false);
  const [keysOn, setKeysOn] = useState(() => !readKept(KEYS_KEPT));
  const [lastWaiting, setLastWaiting] = useState(waiting);
  const [selectError, setSelectError] = useState<unknown>(null);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const none = useRef<HTMLDivElement>(null);

  const me = { memberId: membership.memberId, handle: membership.handle };
  const say = (words: string) => setSaid(({ n }) => ({ words, n: n + 1 }));
  if (waiting !== lastWaiting) {
    setLastWaiting(waiting);
    if (waiting > lastWaiting) say(t('moderate.arrived', { count: waiting - lastWaiting }));
  }
  // One begins with the first that nobody has; from then on only the person moves.
  const place = look ? items.findIndex(({ id }) => id === look.item.id) : -1;
  if ((!look || (look.isDone && place < 0)) && items.length) {
    const free = items.findIndex((item) => !barrierOf(item, me));
    setLook({ item: items[Math.max(0, free)]!, at: Math.max(0, free) });
  }
  const isGone = look !== null && place < 0 && !look.isDone;
  const shown = isGone ? items.toSpliced(Math.min(look.at, items.length), 0, look.item) : items;
  const current = place >= 0 ? items[place]! : isGone ? look.item : null;
  const barrier = current && (isGone ? 'gone' : barrierOf(current, me));
  useClaim(barrier ? null : (current?.id ?? null));
  const now = useNow(shown.some(({ releaseAt }) => releaseAt) ? 1_000 : 15_000);
  const picked = shown.filter(({ id }) => selected.has(id));
  const isBulk = picked.length > 0;
  const heldSpaces = spaces.data?.spaces.filter((space) => space.held) ?? [];
  const isSpaceHeld = heldSpaces.some(({ id }) => id === current?.space.id);

  // --- moving ---

  const focusRow = (id: string | null) =>
    requestAnimationFrame(() => {
      const row = id && list.current?.querySelector<HTMLElement>(`[data-item="${id}"]`);
      (row || none.current)?.focus();
    });
  const goTo = (item: DeskItem | undefined) => {
    setForm(null);
    setProblem(null);
    setLook(
      item
        ? {
            item,
            at: Math.max(
              0,
              items.findIndex(({ id }) => id === item.id),
            ),
          }
        : null,
    );
    focusRow(item?.id ?? null);
  };
  const move = (by: 1 | -1) => {
    const from = shown.findIndex(({ id }) => id === current?.id);
    const to = shown[from + by];
    if (to) goTo(to);
    else focusRow(current?.id ?? null);
  };

  // --- selecting ---

  const toggle = (id: string) => {
    setAnchor(id);
    setSelected((was) => {
      const next = new Set(was);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  };
  const onPick = (item: DeskItem, event: MouseEvent) => {
    const from = shown.findIndex(({ id }) => id === anchor);
    if (!event.shiftKey || from < 0) return toggle(item.id);
    const to = shown.indexOf(item);
    const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    setSelected((was) => new Set([...was, ...range.map(({ id }) => id)]));
  };
  const unselect = () => {
    if (form?.isBulk) setForm(null);
    setSelected(new Set());
    say(t('moderate.unselected'));
  };
  const selectAll = async () => {
    setSelectError(null);
    try {
      const all = await held.all();
      setSelected(new Set(all.map(({ id }) => id)));
      say(t('moderate.selected', { count: all.length }));
    } catch (error) {
      setSelectError(error);
    }
  };

  // --- deciding ---

  const draftKey = form && `${form.kind}:${form.isBulk ? 'bulk' : (current?.id ?? '')}`;
  const run = async (decidings: readonly Deciding[]) => {
    if (decide.isPending || !decidings.length) return;
    const about = decidings.flatMap((each) => each.items);
    setProblem(null);
    const { fared, error } = await decide.mutateAsync(decidings);
    const done = fared.filter(({ result }) => result === 'done');
    const gone = new Set(done.filter(({ moderation }) => !isOnDesk(moderation)).map(({ item }) => item.id));
    await held.drop(gone);
    setSelected((was) => new Set([...was].filter((id) => !done.some(({ item }) => item.id === id))));
    if (about.length === 1 && current?.id === about[0]!.id && !form?.isBulk) {
      const [one] = fared;
      if (one?.result !== 'done') {
        // What was typed stays where it is, with why it was not taken.
        const isSpelling = decidings[0]!.decision.action === 'spelling' && one?.result === 'refused';
        const words = error ? '' : isSpelling ? t('moderate.fared.spelling') : faredWords(one!);
        setProblem({ id: about[0]!.id, words, error });
        return;
      }
    } else setTold({ fared, error, decidings });
    if (draftKey) setDrafts((was) => ({ ...was, [draftKey]: undefined }));
    setForm(null);
    const from = shown.findIndex(({ id }) => id === current?.id);
    const rest = [...shown.slice(Math.max(0, from)), ...shown.slice(0, Math.max(0, from)).reverse()];
    const next = rest.find(({ id }) => !gone.has(id));
    say(
      next && next.id !== current?.id
        ? t('moderate.doneNext', { count: done.length, name: next.author.handle })
        : t('moderate.count.done', { count: done.length }),
    );
    if (next?.id === current?.id) focusRow(next?.id ?? null);
    else if (next) goTo(next);
    else {
      setForm(null);
      setLook(current && { item: current, at: 0, isDone: true });
      focusRow(null);
    }
  };
  const decideAll = (action: 'approve' | 'approveAndTrust') => {
    const about = isBulk ? picked : current && !barrier ? [current] : [];
    void run(
      groupByDecision(about, (item) => ({
        action: item.type === 'reply' ? 'approve' : action,
      })),
    );
  };
  const open = (kind: FormKind) => {
    const forMany = isBulk && (kind === 'return' || kind === 'decline');
    if (!forMany && (!current || barrier || !wishesFor(current).has(kind))) return;
    setProblem(null);
    setForm({ kind, isBulk: forMany });
  };
  const mergeAll = () => {
    if (!current || barrier) return;
    const same = current.alike
      .map(({ id }) => items.find((item) => item.id === id))
      .filter((item) => item !== undefined);
    if (same.length) void run([{ items: same, decision: { action: 'merge', into: current.id } }]);
  };
  const hold = (spaceId: string, title: string, isHeld: boolean) =>
    holding.mutate(
      { spaceId, held: !isHeld },
      {
        onSuccess: () => say(t(isHeld ? 'moderate.space.lifted' : 'moderate.space.held', { space: title })),
      },
    );
  const act: Record<Wish, () => void> = {
    next: () => move(1),
    previous: () => move(-1),
    approve: () => decideAll('approve'),
    trust: () => decideAll('approveAndTrust'),
    return: () => open('return'),
    decline: () => open('decline'),
    merge: () => open('merge'),
    mergeAll,
    split: () => open('split'),
    reword: () => open('reword'),
    spelling: () => open('spelling'),
    hold: () => current && hold(current.space.id, current.space.title, isSpaceHeld),
    select: () => current && !isGone && toggle(current.id),
    undo: unselect,
    help: () => setHelp((was) => !was),
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    const isHere =
      target === document.body || (target instanceof Node && (root.current?.contains(target) ?? false));
    const isMain = target instanceof Element && target.id === 'main';
    const wish = wishOf(event);
    if (!wish || !keysOn || event.repeat || !(isHere || isMain)) return;
    // While a form is open the letters are its own.
    if (form && wish !== 'help') return;
    event.preventDefault();
    act[wish]();
  });
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const closeForm = () => {
    setForm(null);
    setProblem(null);
    focusRow(current?.id ?? null);
  };
  const problemHere = problem && problem.id === current?.id && (
    <div role="alert" className={styles.problem}>
      {problem.error ? <Refusal error={problem.error} /> : problem.words}
    </div>
  );
  const formProps = draftKey && {
    key: draftKey,
    items: form.isBulk ? picked : current ? [current] : [],
    draft: {
      text: drafts[draftKey],
      write: (text: string | undefined) => setDrafts((was) => ({ ...was, [draftKey]: text })),
    },
    isPending: decide.isPending,
    problem: form.isBulk ? null : problemHere,
    onDecide: (decidings: Deciding[]) => void run(decidings),
    onClose: closeForm,
  };
  const reasons = policy.data?.policy.body.reasons ?? [];
  const renderForm = () => {
    if (!form || !formProps) return null;
    const { key, ...rest } = formProps;
    switch (form.kind) {
      case 'return':
      case 'decline':
        return <RefuseForm key={key} kind={form.kind} reasons={reasons} {...rest} />;
      case 'merge':
        return <MergeForm key={key} {...rest} />;
      case 'split':
        return <SplitForm key={key} {...rest} />;
      default:
        return <WordsForm key={key} kind={form.kind} {...rest} />;
    }
  };

  return (
    <div ref={root} className={styles.held}>
      <div role="status" className={styles.said}>
        <span key={said.n}>{said.words}</span>
      </div>
      <header className={styles.bar}>
        <p>
          <strong>
            {isMany
              ? t('moderate.waitingMany', { count: WAITING_MOST })
              : t('moderate.waiting', { count: waiting })}
          </strong>
          {overdue > 0 && (
            <span className={styles.clock} data-clock="late">
              {t('moderate.overdue', { count: overdue })}
            </span>
          )}
        </p>
        <Button
          variant="default"
          aria-expanded={isHelp}
          rightSection={<Kbd aria-hidden>{keys.help}</Kbd>}
          onClick={() => setHelp(!isHelp)}
        >
          {t('moderate.keys')}
        </Button>
      </header>
      {isHelp && <Keys isOn={keysOn} onChange={setKeysOn} />}
      {heldSpaces.map((space) => (
        <div key={space.id} className={styles.holds}>
          <span>{t('moderate.space.isHeld', { space: space.title })}</span>
          <Button
            variant="default"
            loading={holding.isPending}
            onClick={() => hold(space.id, space.title, true)}
          >
            {t('moderate.space.lift')}
          </Button>
        </div>
      ))}
      <Refusal error={holding.error ?? selectError ?? (held.isError ? held.error : null)} />
      {told && (
        <Results
          fared={told.fared}
          error={told.error}
          onClose={() => {
            setTold(null);
            focusRow(current?.id ?? null);
          }}
          onRetry={() => {
            const unsent = new Set(
              told.fared.filter((one) => one.result === 'unsent').map((one) => one.item.id),
            );
            void run(
              told.decidings.map(({ items: of, decision }) => ({
                decision,
                items: of.filter(({ id }) => unsent.has(id)),
              })),
            );
          }}
        />
      )}

      {shown.length === 0 ? (
        <div ref={none} tabIndex={-1} className={styles.none}>
          <Nothing>{t('moderate.none')}</Nothing>
        </div>
      ) : (
        <div className={styles.sides}>
          <section className={styles.side} aria-label={t('moderate.list')}>
            <div className={styles.listHead}>
              <Button
                variant="subtle"
                px="xs"
                loading={held.isFetchingNextPage}
                onClick={() => void selectAll()}
              >
                {isMany ? t('moderate.selectEvery') : t('moderate.selectAll', { count: waiting })}
              </Button>
              {isBulk && (
                <Button
                  variant="subtle"
                  px="xs"
                  rightSection={<Kbd aria-hidden>{keys.undo}</Kbd>}
                  onClick={unselect}
                >
                  {t('moderate.unselect')}
                </Button>
              )}
            </div>
            <ol ref={list} className={styles.list}>
              {shown.map((item) => (
                <Row
                  key={item.id}
                  item={item}
                  now={now}
                  me={me.memberId}
                  isCurrent={item.id === current?.id}
                  isGone={isGone && item.id === current?.id}
                  isSelected={selected.has(item.id)}
                  onOpen={(event) => (event.shiftKey ? onPick(item, event) : goTo(item))}
                  onPick={(event) => onPick(item, event)}
                />
              ))}
            </ol>
            {held.hasNextPage && (
              <Button
                variant="default"
                loading={held.isFetchingNextPage}
                onClick={() => void held.fetchNextPage()}
              >
                {isMany
                  ? t('moderate.moreOf')
                  : t('moderate.more', { count: Math.max(1, waiting - items.length) })}
              </Button>
            )}
          </section>
          <section className={styles.thing} aria-label={t('moderate.thing')}>
            {isBulk && (
              <div
                className={styles.bulk}
                role="group"
                aria-label={t('moderate.selected', { count: picked.length })}
              >
                <p>
                  <strong>{t('moderate.selected', { count: picked.length })}</strong>
                </p>
                {form?.isBulk ? (
                  renderForm()
                ) : (
                  <div className={styles.actions}>
                    {bulk.map((wish) => (
                      <Button
                        key={wish}
                        variant={wish === 'approve' ? 'filled' : 'default'}
                        rightSection={<Kbd aria-hidden>{keys[wish]}</Kbd>}
                        aria-keyshortcuts={keys[wish]}
                        disabled={decide.isPending}
                        onClick={() => act[wish]()}
                      >
                        {t(`moderate.bulk.${wish}`, { number: number(picked.length) })}
                      </Button>
                    ))}
                  </div>
                )}
              </div>
            )}
            {current && (
              <HeldItem
                item={current}
                now={now}
                barrier={barrier}
                isMine={current.claim?.memberId === me.memberId}
                isBusy={decide.isPending}
                isSpaceHeld={isSpaceHeld}
                isQuiet={isBulk}
                hasForm={form !== null && !form.isBulk}
                onWish={(wish) => act[wish]()}
              >
                {form && !form.isBulk ? renderForm() : problemHere}
              </HeldItem>
            )}
          </section>
        </div>
      )}
    </div>
  );
}
