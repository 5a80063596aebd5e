import { Button, Group, Text, Title } from '@mantine/core';
import type { ModerationRule } from '@parley/contracts/contributions';
import type { SpaceCard } from '@parley/contracts/moderation';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, Nothing, useTitle } from '../platform/page';
import { useOpener } from '../platform/opener';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useHoldSpace, useSetRule, useSpaces } from './desk.data';
import { PolicyEditor } from './policy-editor';
import { RuleFields, useRuleWords } from './rule-fields';
import styles from './desk.module.css';

/** How places are moderated, and what is published at all. */
export function RulesDesk() {
  const { t } = useTranslation();
  const { membership } = usePlace();
  useTitle(t('moderate.part.rules'), t('moderate.title'), membership.community.name);
  const spaces = useSpaces();
  const isManager = membership.role === 'manager';
  const setsRules = isManager || membership.role === 'producer';
  if (!spaces.data)
    return spaces.error ? (
      <Refusal error={spaces.error} onRetry={() => void spaces.refetch()} />
    ) : (
      <Loading lines={6} />
    );
  return (
    <div className={styles.rules}>
      <section className={styles.part}>
        <Title order={2}>{t('rules.places')}</Title>
        <Text c="dimmed" maw="65ch">
          {t('rules.placesHow')}
        </Text>
        <ul className={styles.spaces}>
          <Place
            title={t('rules.community')}
            means={t('rules.communityMeans')}
            rule={spaces.data.rule}
            space={null}
            canSet={isManager}
          />
          {spaces.data.spaces.map((space) => (
            <Place key={space.id} title={space.title} rule={space.rule} space={space} canSet={setsRules} />
          ))}
        </ul>
        {spaces.data.spaces.length === 0 && <Nothing>{t('rules.noSpaces')}</Nothing>}
      </section>
      <PolicyEditor canWrite={isManager} />
    </div>
  );
}

interface PlaceProps {
  title: string;
  means?: string;
  rule: ModerationRule;
  /** Null for all that have no rule of their own. */
  space: SpaceCard | null;
  canSet: boolean;
}

/** One place: its rule in a line, and the fields to change it in place. */
function Place({ title, means, rule, space, canSet }: PlaceProps) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const set = useSetRule();
  const holding = useHoldSpace();
  /** Null while nothing is being changed. */
  const [draft, setDraft] = useState<ModerationRule | null>(null);
  const [isDone, setDone] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  const isOpen = draft !== null;
  const opener = useOpener(isOpen);
  useEffect(() => {
    if (isOpen) card.current?.querySelector<HTMLElement>('input:checked')?.focus();
  }, [isOpen]);
  const save = (next: ModerationRule | null) =>
    set.mutate(
      { spaceId: space?.id ?? null, rule: next },
      {
        onSuccess: () => {
          setDraft(null);
          setDone(true);
        },
      },
    );
  return (
    <li ref={card} className={styles.space}>
      <div className={styles.spaceHead}>
        <div>
          <h3>{title}</h3>
          {means && (
            <Text size="sm" c="dimmed">
              {means}
            </Text>
          )}
          <p>
            {words(rule)}
            {space && !space.own && <span className={styles.asAll}> {t('rules.asAll')}</span>}
          </p>
          {space?.held && <p className={styles.barrier}>{t('rules.isHeld')}</p>}
          <p role="status" className={styles.asAll}>
            {isDone && !draft && t('rules.saved')}
          </p>
        </div>
        {!draft && (
          <Group gap="sm">
            {space && (
              <Button
                variant="default"
                loading={holding.isPending}
                aria-label={t(space.held ? 'rules.liftNamed' : 'rules.holdNamed', { space: title })}
                onClick={() => holding.mutate({ spaceId: space.id, held: !space.held })}
              >
                {t(space.held ? 'moderate.space.lift' : 'rules.holdNow')}
              </Button>
            )}
            {canSet && (
              <Button
                ref={opener}
                variant="default"
                aria-label={t('rules.changeNamed', { space: title })}
                onClick={() => {
                  setDone(false);
                  set.reset();
                  setDraft(rule);
                }}
              >
                {t('rules.change')}
              </Button>
            )}
          </Group>
        )}
      </div>
      <Refusal error={holding.error} />
      {draft && (
        <form
          aria-label={t('rules.changeNamed', { space: title })}
          className={styles.form}
          onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
          onSubmit={(event) => {
            event.preventDefault();
            save(draft);
          }}
        >
          <RuleFields rule={draft} onChange={setDraft} />
          <Refusal error={set.error} />
          <Group gap="sm">
            <Button type="submit" loading={set.isPending}>
              {t('rules.save')}
            </Button>
            {space?.own && (
              <Button variant="default" loading={set.isPending} onClick={() => save(null)}>
                {t('rules.asCommunity')}
              </Button>
            )}
            <Button variant="default" onClick={() => setDraft(null)}>
              {t('moderate.cancel')}
            </Button>
          </Group>
        </form>
      )}
    </li>
  );
}
