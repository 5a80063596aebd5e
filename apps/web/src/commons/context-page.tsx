import { Button, NativeSelect, Textarea, TextInput, Title } from '@mantine/core';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import { CallError } from '@parley/client/http';
import { CardKind, cardReadMs, type ContextCard, type IdeaPlace } from '@parley/contracts/ideas';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choices } from '../platform/choices';
import { useNamed } from '../platform/named';
import { useOpener } from '../platform/opener';
import { useOp } from '../platform/op';
import { Loading, Nothing, useTitle } from '../platform/page';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { usePlaceId } from './commons.data';
import shared from './commons.module.css';
import { useCard, useCommentCard, useContextCards, useMarkContext, useSaveCard } from './ideas.data';
import styles from './ideas.module.css';
import { WriteForm } from './write-form';

/** What there is to know first, one card at a time. */
export function ContextPage() {
  const { t } = useTranslation();
  const named = useNamed();
  const { community } = usePlace().membership;
  const placeId = usePlaceId();
  const context = useContextCards(placeId);
  const [chosen, setChosen] = useState<number | null>(null);
  useTitle(t('context.title'), community.name);
  if (context.error && !context.data)
    return <Refusal error={context.error} onRetry={() => void context.refetch()} />;
  if (!context.data) return <Loading lines={8} />;
  const { place, cards } = context.data;
  const firstUnread = cards.findIndex(({ read }) => !read);
  const at = Math.min(chosen ?? Math.max(0, firstUnread), Math.max(0, cards.length - 1));
  const card = cards[at];
  const read = cards.filter((one) => one.read).length;
  const params = { slug: community.slug, placeId };
  return (
    <div className={shared.page}>
      <header className={shared.head}>
        <Link to="/c/$slug/ideas/$placeId" params={params} className={shared.link}>
          {place.title}
        </Link>
        <Title order={1}>{t('context.title')}</Title>
        {cards[0] && <p className={shared.quiet}>{t('context.lead', { who: named(cards[0].by) })}</p>}
      </header>
      {!card && <Nothing>{t('context.none')}</Nothing>}
      {card && (
        <>
          <Choices
            label={t('context.title')}
            value={card.id}
            choices={cards.map((one) => ({
              value: one.id,
              label: `${t(`context.kind.${one.kind}`)}${one.read ? ` · ${t('context.read')}` : ''}`,
            }))}
            onChange={(id) => setChosen(cards.findIndex((one) => one.id === id))}
          />
          <p className={shared.quiet} role="status">
            {t('context.progress', { read, count: cards.length })}
            {place.contextRequired && !place.informed && ` · ${t('context.required')}`}
          </p>
          <Card key={card.id} card={card} place={place} />
          <div className={shared.row}>
            {at < cards.length - 1 && <Button onClick={() => setChosen(at + 1)}>{t('context.next')}</Button>}
            {place.informed && (
              <Link to="/c/$slug/ideas/$placeId" params={params} className={styles.button}>
                {t('context.toIdeas')}
              </Link>
            )}
          </div>
          {place.informed && <p className={shared.quiet}>{t('context.done')}</p>}
        </>
      )}
      <Add place={place} />
    </div>
  );
}

function Card({ card, place }: { card: ContextCard; place: IdeaPlace }) {
  const { t } = useTranslation();
  const named = useNamed();
  const { role } = usePlace().membership;
  const mark = useMarkContext();
  /** With whose words, where they are a member's. */
  const [corrects, setCorrects] = useState<{ from: string | null; body: string } | null>(null);
  const opener = useOpener(corrects !== null);
  const needed = cardReadMs(card.body);
  const tell = useEffectEvent((ms: number) => mark.mutate({ placeId: place.id, cardId: card.id, ms }));
  const isRead = card.read;
  useEffect(() => {
    if (isRead) return;
    // Opened now; read once it has been before them for as long as its words take.
    tell(0);
    let shownMs = 0;
    let last = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (document.visibilityState === 'visible') shownMs += now - last;
      last = now;
      if (shownMs < needed) return;
      clearInterval(timer);
      tell(shownMs);
    }, 250);
    return () => clearInterval(timer);
  }, [isRead, needed]);
  if (corrects)
    return <CardForm card={card} placeId={place.id} words={corrects} onDone={() => setCorrects(null)} />;
  const mayCorrect = role === 'producer' || role === 'manager';
  return (
    <article className={shared.card}>
      <p className={styles.kind}>{t(`context.kind.${card.kind}`)}</p>
      <h2 dir="auto">{card.title}</h2>
      <p className={shared.words} dir="auto">
        {card.body}
      </p>
      <p className={shared.quiet}>
        {t('context.by', { who: named(card.by) })}
        {card.version > 1 &&
          ` · ${card.thanks ? t('context.correctedWith', { who: card.thanks }) : t('context.corrected')}`}{' '}
        · {t('context.readers', { count: card.readers })}
        {!card.read && ` · ${t('context.reading')}`}
      </p>
      {mayCorrect ? (
        <Button
          ref={opener}
          variant="default"
          w="fit-content"
          onClick={() => setCorrects({ from: null, body: card.body })}
        >
          {t('context.correct')}
        </Button>
      ) : (
        <Propose card={card} place={place} />
      )}
      <Said
        card={card}
        place={place}
        onTake={mayCorrect ? (from, body) => setCorrects({ from, body }) : undefined}
      />
    </article>
  );
}

/** Where a member says what it should say. */
function Propose({ card, place }: { card: ContextCard; place: IdeaPlace }) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const [isOpen, setOpen] = useState(false);
  const opener = useOpener(isOpen);
  const comment = useCommentCard();
  const context = useContextCards(place.id);
  const op = useOp();
  if (!isOpen)
    return (
      <>
        <Button ref={opener} variant="default" w="fit-content" onClick={() => setOpen(true)}>
          {t('context.propose')}
        </Button>
        {comment.isSuccess && <p role="status">{t('context.proposed')}</p>}
      </>
    );
  return (
    <WriteForm
      name={`parley:correct:${memberId}:${card.id}`}
      label={t('context.proposeHow')}
      first={card.body}
      most={COMMENT_MAX}
      send={t('context.proposeSend')}
      isPending={comment.isPending}
      error={comment.error}
      autoFocus
      onCancel={() => setOpen(false)}
      onSend={(body, sent) =>
        comment.mutate(
          { placeId: place.id, cardId: card.id, opId: op.idOf(body), body, corrects: card.version },
          {
            onSuccess: () => {
              sent();
              op.isIn();
              setOpen(false);
            },
            // What it says by now stands above what was typed.
            onError: (error) => {
              if (error instanceof CallError && error.code === 'edit.stale') void context.refetch();
            },
          },
        )
      }
    />
  );
}

interface SaidProps {
  card: ContextCard;
  place: IdeaPlace;
  /** Where the words of a correction can be taken over. */
  onTake: ((id: string, body: string) => void) | undefined;
}

/** What members ask about it; and what it said before, which an answer may have changed. */
function Said({ card, place, onTake }: SaidProps) {
  const { t } = useTranslation();
  const { memberId } = usePlace().membership;
  const [isOpen, setOpen] = useState(false);
  const said = useCard(place.id, card.id, isOpen);
  const comment = useCommentCard();
  const op = useOp();
  return (
    <details className={styles.versions} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {card.comments ? t('context.comments', { count: card.comments }) : t('context.comment')}
      </summary>
      {said.isPending && isOpen && <Loading lines={2} />}
      <ul className={shared.topics}>
        {said.data?.comments.map((one) => (
          <li key={one.id} className={shared.post}>
            {one.correction && (
              <p className={styles.kind}>{t(one.correction.taken ? 'context.taken' : 'context.shouldSay')}</p>
            )}
            <p className={shared.words} dir="auto">
              {one.body}
            </p>
            <p className={shared.quiet}>
              {one.author.handle}
              {one.author.role !== 'member' && ` · ${t(`role.${one.author.role}`)}`}
              {one.moderation === 'held' && ` · ${t('talk.held')}`}
            </p>
            {onTake && one.correction && !one.correction.taken && one.moderation === 'published' && (
              <Button variant="default" w="fit-content" onClick={() => onTake(one.id, one.body)}>
                {t('context.take')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <WriteForm
        name={`parley:card:${memberId}:${card.id}`}
        label={t('context.comment')}
        most={COMMENT_MAX}
        send={t('context.commentSend')}
        isPending={comment.isPending}
        error={comment.error}
        onSend={(body, sent) =>
          comment.mutate(
            { placeId: place.id, cardId: card.id, opId: op.idOf(body), body },
            {
              onSuccess: () => {
                sent();
                op.isIn();
              },
            },
          )
        }
      />
      {!!said.data?.versions.length && (
        <section className={styles.version}>
          <p className={shared.quiet}>{t('context.versions')}</p>
          {said.data.versions.map(({ n, title, body }) => (
            <blockquote key={n} dir="auto">
              <strong>{title}</strong>
              <br />
              {body}
            </blockquote>
          ))}
        </section>
      )}
    </details>
  );
}

function Add({ place }: { place: IdeaPlace }) {
  const { t } = useTranslation();
  const { role } = usePlace().membership;
  const [adds, setAdds] = useState(false);
  const opener = useOpener(adds);
  if (role !== 'producer' && role !== 'manager') return null;
  if (adds)
    return (
      <CardForm
        card={null}
        placeId={place.id}
        words={{ from: null, body: '' }}
        onDone={() => setAdds(false)}
      />
    );
  return (
    <Button ref={opener} variant="default" w="fit-content" onClick={() => setAdds(true)}>
      {t('open.card.add')}
    </Button>
  );
}

interface CardFormProps {
  card: ContextCard | null;
  placeId: string;
  words: { from: string | null; body: string };
  onDone: () => void;
}

function CardForm({ card, placeId, words, onDone }: CardFormProps) {
  const { t } = useTranslation();
  const save = useSaveCard();
  const [cardId] = useState(() => card?.id ?? crypto.randomUUID());
  const [kind, setKind] = useState<CardKind>(card?.kind ?? 'goal');
  const [title, setTitle] = useState(card?.title ?? '');
  const [body, setBody] = useState(words.body);
  const [isTried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (title.trim() && body.trim())
      save.mutate(
        { placeId, cardId, basedOn: card?.version ?? 0, kind, title, body, from: words.from },
        { onSuccess: onDone },
      );
  };
  const empty = (value: string) => (isTried && !value.trim() ? t('write.empty') : undefined);
  return (
    <form
      className={shared.form}
      onSubmit={submit}
      noValidate
      aria-label={t(card ? 'context.correct' : 'open.card.add')}
    >
      <NativeSelect
        label={t('open.card.kind')}
        autoFocus
        value={kind}
        data={CardKind.options.map((value) => ({ value, label: t(`context.kind.${value}`) }))}
        onChange={({ currentTarget: { value } }) => setKind(CardKind.parse(value))}
      />
      <TextInput
        label={t('context.cardTitle')}
        maxLength={120}
        dir="auto"
        value={title}
        error={empty(title)}
        onChange={({ currentTarget: { value } }) => setTitle(value)}
      />
      <Textarea
        label={t('context.cardBody')}
        maxLength={2_000}
        autosize
        minRows={4}
        dir="auto"
        value={body}
        error={empty(body)}
        onChange={({ currentTarget: { value } }) => setBody(value)}
      />
      <Refusal error={save.error} />
      <div className={shared.row}>
        <Button type="submit" loading={save.isPending}>
          {t(card ? 'context.correctSave' : 'open.card.add')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('activity.cancel')}
        </Button>
      </div>
    </form>
  );
}
