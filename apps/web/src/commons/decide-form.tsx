import { Button, NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { IdeaDecision, type IdeaPlaceKind } from '@parley/contracts/ideas';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNamed } from '../platform/named';
import { Refusal } from '../platform/refusal';
import shared from './commons.module.css';
import { useDecide, useIdeaDesk } from './ideas.data';

const ways = [
  'inReview',
  'planned',
  'inProgress',
  'delivered',
  'later',
  'notNow',
  'alreadyThere',
  'merged',
] as const satisfies IdeaDecision['to'][];
const withDay = new Set<IdeaDecision['to']>(['planned', 'later']);
/** Those that need words. */
const withReason: Partial<Record<IdeaDecision['to'], 'reason' | 'where'>> = {
  notNow: 'reason',
  alreadyThere: 'where',
};

interface DecideFormProps {
  ideaIds: string[];
  /** Of the places in which they are. */
  kinds: readonly IdeaPlaceKind[];
  /** Into which they can be merged. */
  others: readonly { id: string; title: string }[];
  onDone: (done: string[]) => void;
}

/** What the team makes of one idea or of many, with its words to the authors. */
export function DecideForm({ ideaIds, kinds, others, onDone }: DecideFormProps) {
  const { t } = useTranslation();
  const named = useNamed();
  const decide = useDecide();
  const desk = useIdeaDesk('mine');
  const [to, setTo] = useState<IdeaDecision['to']>('inReview');
  const [note, setNote] = useState('');
  const [on, setOn] = useState('');
  const [into, setInto] = useState('');
  const [ownerId, setOwner] = useState('');
  const [isTried, setTried] = useState(false);
  const onlySmall = kinds.every((kind) => kind === 'suggestions');
  const offered = ways.filter(
    (way) => (way !== 'delivered' || onlySmall) && (way !== 'merged' || others.length > 0),
  );
  const reason = withReason[to];
  const decision = IdeaDecision.safeParse(
    to === 'merged'
      ? { to, into }
      : { to, note: note.trim() || null, ...(withDay.has(to) && { on: on || null }) },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!decision.success) return;
    decide.mutate(
      { ideaIds, decision: decision.data, ...(ownerId && { ownerId }) },
      {
        onSuccess: ({ done }) => {
          setNote('');
          setTried(false);
          onDone(done);
        },
      },
    );
  };
  const wrong = (field: string) =>
    isTried && !decision.success && decision.error.issues.some(({ path }) => path[0] === field)
      ? t('write.empty')
      : undefined;
  return (
    <form className={shared.form} onSubmit={submit} noValidate aria-label={t('desk.ideas.to')}>
      <NativeSelect
        label={t('desk.ideas.to')}
        value={to}
        data={offered.map((value) => ({ value, label: t(`desk.ideas.to.${value}`) }))}
        onChange={({ currentTarget: { value } }) => setTo(value as IdeaDecision['to'])}
      />
      {to === 'merged' ? (
        <NativeSelect
          label={t('desk.ideas.into')}
          value={into}
          error={wrong('into')}
          data={[{ value: '', label: '' }, ...others.map(({ id, title }) => ({ value: id, label: title }))]}
          onChange={({ currentTarget: { value } }) => setInto(value)}
        />
      ) : (
        <Textarea
          label={t(reason ? `desk.ideas.note.${reason}` : 'desk.ideas.note')}
          withAsterisk={reason !== undefined}
          maxLength={500}
          autosize
          minRows={2}
          dir="auto"
          value={note}
          error={wrong('note')}
          onChange={({ currentTarget: { value } }) => setNote(value)}
        />
      )}
      {withDay.has(to) && (
        <TextInput
          type="date"
          label={t('desk.ideas.on')}
          withAsterisk={to === 'later'}
          value={on}
          error={wrong('on')}
          onChange={({ currentTarget: { value } }) => setOn(value)}
        />
      )}
      {to !== 'merged' && (
        <NativeSelect
          label={t('desk.ideas.owner')}
          value={ownerId}
          data={[
            { value: '', label: t('desk.ideas.owner.same') },
            ...(desk.data?.pages[0]?.team.map(({ memberId, name, title }) => ({
              value: memberId,
              label: named({ name, title }),
            })) ?? []),
          ]}
          onChange={({ currentTarget: { value } }) => setOwner(value)}
        />
      )}
      <Refusal error={decide.error} />
      <Button type="submit" w="fit-content" loading={decide.isPending}>
        {t('desk.ideas.decide', { count: ideaIds.length })}
      </Button>
      <div role="status">
        {decide.data && (
          <Text size="sm">
            {decide.data.done.length > 0 && t('desk.ideas.done', { count: decide.data.done.length })}{' '}
            {decide.data.moved.length > 0 && t('desk.ideas.moved', { count: decide.data.moved.length })}
          </Text>
        )}
      </div>
    </form>
  );
}
