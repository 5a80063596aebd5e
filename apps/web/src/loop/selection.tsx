import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import type { TeamContribution, Theme } from '@parley/contracts/moderation';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../platform/place';
import { Refusal } from '../platform/refusal';
import { useDrafts, useLink, useSaveTheme } from './loop-desk.data';
import styles from './loop-desk.module.css';
import { emptyWriting, keepWriting, newKept } from './writing';

/** What one request may take along; what is more is neither taken nor counted. */
const AT_ONCE = 500;

interface PanelProps {
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

function Panel({ onClose, onSubmit, children }: PanelProps) {
  return (
    <form
      className={styles.panel}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {children}
    </form>
  );
}

interface GroupPanelProps {
  ids: string[];
  themes: readonly Theme[];
  onClose: () => void;
  onDone: (told: string) => void;
}

/** Groups what was chosen into a theme that is there, or into a new one of that name. */
export function GroupPanel({ ids: chosen, themes, onClose, onDone }: GroupPanelProps) {
  const { t } = useTranslation();
  const ids = chosen.slice(0, AT_ONCE);
  const listId = useId();
  const [label, setLabel] = useState('');
  const [isTried, setTried] = useState(false);
  /** The same new theme, however often it is tried. */
  const [newId] = useState(() => crypto.randomUUID());
  const save = useSaveTheme();
  const name = label.trim().replace(/\s+/g, ' ');
  const known = themes.find((theme) => theme.label.toLocaleLowerCase() === name.toLocaleLowerCase());
  const problem = !name ? t('reading.themeTakes') : name.length > 80 ? t('reading.themeTakes') : undefined;
  return (
    <Panel
      onClose={onClose}
      onSubmit={() => {
        setTried(true);
        if (problem) return;
        save.mutate(
          { themeId: known?.id ?? newId, label: known?.label ?? name, add: ids },
          {
            onSuccess: (theme) => onDone(t('reading.grouped', { count: ids.length, label: theme.label })),
          },
        );
      }}
    >
      <TextInput
        label={t('reading.groupInto', { count: ids.length })}
        description={
          !name
            ? t('reading.groupHow')
            : known
              ? t('reading.groupKnown', { count: known.contributions })
              : t('reading.groupNew')
        }
        autoFocus
        autoComplete="off"
        list={listId}
        value={label}
        error={isTried ? problem : undefined}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {themes.map((theme) => (
          <option key={theme.id} value={theme.label} />
        ))}
      </datalist>
      <Refusal error={save.error} />
      <Group gap="sm">
        <Button type="submit" loading={save.isPending}>
          {t('reading.groupNow')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('reading.close')}
        </Button>
      </Group>
    </Panel>
  );
}

interface UsePanelProps {
  ids: string[];
  chosen: readonly TeamContribution[];
  onClose: () => void;
  onDone: (told: string, updateId: string) => void;
}

/** Links what was chosen to an Update that is being written, or begins one from it. */
export function UsePanel({ ids: wanted, chosen, onClose, onDone }: UsePanelProps) {
  const { t } = useTranslation();
  const { memberId, community } = usePlace().membership;
  const ids = wanted.slice(0, AT_ONCE);
  const navigate = useNavigate();
  const drafts = useDrafts();
  const link = useLink();
  const [updateId, setUpdateId] = useState('');
  const open = (drafts.data?.drafts ?? []).filter(({ status }) => status === 'draft');
  const beginNew = () => {
    const id = crypto.randomUUID();
    const [first, ...others] = chosen;
    // All from one place: its promise is what this answers.
    const spaceId =
      first && first.space.kind !== 'update' && others.every(({ space }) => space.id === first.space.id)
        ? first.space.id
        : null;
    keepWriting(memberId, id, {
      ...newKept,
      writing: { ...emptyWriting, spaceId },
      contributionIds: ids,
    });
    void navigate({
      to: '/c/$slug/loop/updates/$updateId',
      params: { slug: community.slug, updateId: id },
    });
  };
  return (
    <Panel
      onClose={onClose}
      onSubmit={() => {
        if (!updateId) return beginNew();
        link.mutate(
          { updateId, contributionIds: ids },
          { onSuccess: () => onDone(t('reading.used', { count: ids.length }), updateId) },
        );
      }}
    >
      <NativeSelect
        label={t('reading.useIn', { count: ids.length })}
        autoFocus
        value={updateId}
        data={[
          { value: '', label: t('reading.useNew') },
          ...open.map(({ id, body }) => ({ value: id, label: body.title })),
        ]}
        onChange={(event) => setUpdateId(event.currentTarget.value)}
      />
      <Text className={styles.small}>{t('reading.useHow')}</Text>
      <Refusal error={link.error ?? drafts.error} />
      <Group gap="sm">
        <Button type="submit" loading={link.isPending}>
          {t(updateId ? 'reading.useNow' : 'reading.useBegin')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('reading.close')}
        </Button>
      </Group>
    </Panel>
  );
}
