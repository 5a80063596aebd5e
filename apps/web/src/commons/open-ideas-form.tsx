import { Button, Checkbox, NativeSelect, NumberInput, Textarea, TextInput, Title } from '@mantine/core';
import { type Audience, everybody } from '@parley/contracts/commons';
import { CardKind, IdeaPlaceKind, openIdeaPlace } from '@parley/contracts/ideas';
import { MemberType } from '@parley/contracts/people';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf } from '../platform/format';
import { useNamed } from '../platform/named';
import { Refusal } from '../platform/refusal';
import { useSegments } from '../platform/segments.data';
import { useAudienceCount } from './commons.data';
import shared from './commons.module.css';
import { useIdeaDesk, useOpenIdeaPlace } from './ideas.data';
import styles from './ideas.module.css';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
type Cards = { id: string; kind: CardKind; title: string; body: string }[];
type Areas = { id: string; label: string; ownerId: string }[];

/** Opens a place for ideas: with its promise, what there is to know first, and for whom it is. */
export function OpenIdeasForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const open = useOpenIdeaPlace();
  const [placeId] = useState(() => crypto.randomUUID());
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [kind, setKind] = useState<IdeaPlaceKind>('challenge');
  const [form, setForm] = useState({
    ...{ title: '', purpose: '', decision: '', ownerName: '', ownerTitle: '', reportBackOn: inDays(60) },
  });
  const [days, setDays] = useState<number>(3);
  const [closesAt, setClosesAt] = useState('');
  const [contextRequired, setRequired] = useState(true);
  const [cards, setCards] = useState<Cards>([]);
  const [areas, setAreas] = useState<Areas>([]);
  const [audience, setAudience] = useState<Audience>(everybody);
  const field = (name: keyof typeof form) => ({
    label: t(`plan.act.${name}`),
    value: form[name],
    dir: 'auto' as const,
    error: wrong.has(name) ? t(`plan.act.${name}.takes`) : undefined,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setForm((now) => ({ ...now, [name]: value })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { ownerName, ownerTitle, ...rest } = form;
    const input = {
      ...{ ...rest, placeId, kind, audience, contextRequired, acknowledgeDays: days },
      ...{ informsOnly: false, closesAt: isoOf(closesAt), cards: kind === 'suggestions' ? [] : cards },
      decisionOwner: { name: ownerName, title: ownerTitle },
      areas: kind === 'suggestions' ? areas : [],
    };
    const checked = openIdeaPlace.input.omit({ communityId: true }).safeParse(input);
    const paths = checked.success ? [] : checked.error.issues.map(({ path }) => path.join('.'));
    setWrong(
      new Set(
        paths.map((path) =>
          path.replace('decisionOwner.name', 'ownerName').replace('decisionOwner.title', 'ownerTitle'),
        ),
      ),
    );
    if (checked.success) open.mutate(input, { onSuccess: onDone });
  };
  return (
    <form className={shared.form} onSubmit={submit} noValidate aria-label={t('open.challenge')}>
      <Title order={2}>{t('open.challenge')}</Title>
      <NativeSelect
        label={t('open.kind')}
        value={kind}
        data={IdeaPlaceKind.options.map((value) => ({ value, label: t(`ideas.kind.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          setKind(IdeaPlaceKind.parse(value));
          setDays(value === 'suggestions' ? 7 : 3);
        }}
      />
      <TextInput {...field('title')} maxLength={120} />
      <Textarea {...field('purpose')} maxLength={500} autosize minRows={2} />
      <Textarea {...field('decision')} maxLength={500} autosize minRows={2} />
      <TextInput {...field('ownerName')} maxLength={80} />
      <TextInput {...field('ownerTitle')} maxLength={80} />
      <TextInput {...field('reportBackOn')} type="date" />
      <NumberInput
        label={t('open.acknowledgeDays')}
        min={1}
        max={30}
        value={days}
        onChange={(value) => setDays(Number(value) || 1)}
      />
      <TextInput
        label={t('open.closesAt')}
        type="datetime-local"
        value={closesAt}
        onChange={({ currentTarget: { value } }) => setClosesAt(value)}
      />
      <AudienceFields audience={audience} onChange={setAudience} />
      {kind === 'suggestions' ? (
        <AreasFields areas={areas} wrong={wrong} onChange={setAreas} />
      ) : (
        <CardsFields
          cards={cards}
          wrong={wrong}
          contextRequired={contextRequired}
          onChange={setCards}
          onRequired={setRequired}
        />
      )}
      <Refusal error={open.error} />
      <div className={shared.row}>
        <Button type="submit" loading={open.isPending}>
          {t('open.now')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('activity.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** For whom a place is, and how many that are. */
export function AudienceFields(props: { audience: Audience; onChange: (audience: Audience) => void }) {
  const { audience, onChange } = props;
  const { t } = useTranslation();
  const segments = useSegments();
  const people = useAudienceCount(audience);
  return (
    <fieldset className={styles.group}>
      <legend>{t('open.audience')}</legend>
      <Checkbox
        label={t('open.audience.circle')}
        checked={audience.circle}
        onChange={({ currentTarget: { checked } }) => onChange({ ...audience, circle: checked })}
      />
      <Checkbox.Group
        label={t('open.audience.types')}
        value={audience.types}
        onChange={(types) => onChange({ ...audience, types: types.map((type) => MemberType.parse(type)) })}
      >
        <div className={styles.choices}>
          {MemberType.options.map((value) => (
            <Checkbox key={value} value={value} label={t(`member.type.${value}`)} />
          ))}
        </div>
      </Checkbox.Group>
      {!!segments.data?.length && (
        <NativeSelect
          label={t('open.audience.segment')}
          description={t('open.audience.segmentHow')}
          value={audience.segmentId ?? ''}
          data={[
            { value: '', label: t('open.audience.all') },
            ...segments.data.map(({ id, name, count }) => ({
              value: id,
              label: count === null ? name : t('plan.segmentOf', { name, count }),
            })),
          ]}
          onChange={({ currentTarget: { value } }) => onChange({ ...audience, segmentId: value || null })}
        />
      )}
      <p role="status" className={shared.quiet}>
        {people.data !== undefined &&
          (people.data === null ? t('open.audience.few') : t('open.audience.people', { count: people.data }))}
      </p>
      <Refusal error={people.error} />
    </fieldset>
  );
}

interface CardsFieldsProps {
  cards: Cards;
  wrong: ReadonlySet<string>;
  contextRequired: boolean;
  onChange: (cards: Cards) => void;
  onRequired: (isRequired: boolean) => void;
}

function CardsFields({ cards, wrong, contextRequired, onChange, onRequired }: CardsFieldsProps) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<Cards[number]>) =>
    onChange(cards.map((card, place) => (place === at ? { ...card, ...part } : card)));
  const unused = CardKind.options.find((kind) => cards.every((card) => card.kind !== kind)) ?? 'article';
  const takes = (at: number, part: string) =>
    wrong.has(`cards.${at}.${part}`) ? t('write.empty') : undefined;
  return (
    <fieldset className={styles.group}>
      <legend>{t('open.cards')}</legend>
      {cards.map((card, at) => (
        <div key={card.id} className={shared.card}>
          <NativeSelect
            label={t('open.card.kind')}
            value={card.kind}
            data={CardKind.options.map((value) => ({ value, label: t(`context.kind.${value}`) }))}
            onChange={({ currentTarget: { value } }) => change(at, { kind: CardKind.parse(value) })}
          />
          <TextInput
            label={t('context.cardTitle')}
            maxLength={120}
            dir="auto"
            value={card.title}
            error={takes(at, 'title')}
            onChange={({ currentTarget: { value } }) => change(at, { title: value })}
          />
          <Textarea
            label={t('context.cardBody')}
            maxLength={2_000}
            autosize
            minRows={3}
            dir="auto"
            value={card.body}
            error={takes(at, 'body')}
            onChange={({ currentTarget: { value } }) => change(at, { body: value })}
          />
          <Button
            variant="default"
            w="fit-content"
            onClick={() => onChange(cards.filter((one) => one.id !== card.id))}
          >
            {t('open.card.remove')}
          </Button>
        </div>
      ))}
      {cards.length < 8 && (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => onChange([...cards, { id: crypto.randomUUID(), kind: unused, title: '', body: '' }])}
        >
          {t('open.card.add')}
        </Button>
      )}
      {cards.length > 0 && (
        <Checkbox
          label={t('open.contextRequired')}
          checked={contextRequired}
          onChange={({ currentTarget: { checked } }) => onRequired(checked)}
        />
      )}
    </fieldset>
  );
}

interface AreasFieldsProps {
  areas: Areas;
  wrong: ReadonlySet<string>;
  onChange: (areas: Areas) => void;
}

function AreasFields({ areas, wrong, onChange }: AreasFieldsProps) {
  const { t } = useTranslation();
  const named = useNamed();
  const team = useIdeaDesk('mine').data?.pages[0]?.team ?? [];
  const change = (at: number, part: Partial<Areas[number]>) =>
    onChange(areas.map((area, place) => (place === at ? { ...area, ...part } : area)));
  return (
    <fieldset className={styles.group}>
      <legend>{t('open.areas')}</legend>
      {areas.map((area, at) => (
        <div key={area.id} className={shared.card}>
          <TextInput
            label={t('open.area.label')}
            maxLength={60}
            dir="auto"
            value={area.label}
            error={wrong.has(`areas.${at}.label`) ? t('write.empty') : undefined}
            onChange={({ currentTarget: { value } }) => change(at, { label: value })}
          />
          <NativeSelect
            label={t('open.area.owner')}
            value={area.ownerId}
            data={team.map(({ memberId, name, title }) => ({
              value: memberId,
              label: named({ name, title }),
            }))}
            onChange={({ currentTarget: { value } }) => change(at, { ownerId: value })}
          />
          <Button
            variant="default"
            w="fit-content"
            onClick={() => onChange(areas.filter((one) => one.id !== area.id))}
          >
            {t('open.area.remove')}
          </Button>
        </div>
      ))}
      <Button
        variant="default"
        w="fit-content"
        disabled={!team.length}
        onClick={() =>
          onChange([...areas, { id: crypto.randomUUID(), label: '', ownerId: team[0]!.memberId }])
        }
      >
        {t('open.area.add')}
      </Button>
    </fieldset>
  );
}
