import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { Loading } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { Enrol } from './enrol';
import { useFactors, useFactorsChanged, useRemoveFactor, useRenewCodes } from './factors.data';
import styles from './people.module.css';
import { RecoveryCodes } from './recovery-codes';

/** The person's second factors, to add to and to remove. */
export function Factors() {
  const { t } = useTranslation();
  const format = useFormat();
  const factors = useFactors();
  const changed = useFactorsChanged();
  const remove = useRemoveFactor();
  const renew = useRenewCodes();
  const [adding, setAdding] = useState(false);
  if (factors.isPending) return <Loading />;
  if (factors.error) return <Refusal error={factors.error} onRetry={() => void factors.refetch()} />;
  const { factors: all, codesLeft } = factors.data;
  const done = () => {
    setAdding(false);
    renew.reset();
    void changed();
  };
  // What went wrong before is no word on what is asked for now.
  const removeOne = (id: string) => {
    renew.reset();
    remove.mutate(id);
  };
  const makeCodes = () => {
    remove.reset();
    renew.mutate();
  };
  if (renew.data) return <RecoveryCodes codes={renew.data.recoveryCodes} onKept={done} />;
  return (
    <Stack gap="md">
      <Text c="dimmed">{all.length ? t('factors.lead') : t('factors.none')}</Text>
      {all.length > 0 && (
        <ul className={styles.rows}>
          {all.map(({ id, kind, name, addedAt, usedAt }) => (
            <li key={id}>
              <div>
                <Text fw={600}>{name}</Text>
                <Text size="sm" c="dimmed">
                  {usedAt
                    ? t('factors.used', { kind: t(`factors.kind.${kind}`), used: format.moment(usedAt) })
                    : t('factors.unused', { kind: t(`factors.kind.${kind}`), added: format.date(addedAt) })}
                </Text>
              </div>
              <Button
                variant="default"
                aria-label={t('factors.removeNamed', { name })}
                loading={remove.isPending && remove.variables === id}
                onClick={() => removeOne(id)}
              >
                {t('factors.remove')}
              </Button>
            </li>
          ))}
          <li>
            <div>
              <Text fw={600}>{t('factors.codesLeft', { count: codesLeft })}</Text>
              <Text size="sm" c="dimmed">
                {t('factors.newCodesLead')}
              </Text>
            </div>
            <Button variant="default" loading={renew.isPending} onClick={makeCodes}>
              {t('factors.newCodes')}
            </Button>
          </li>
        </ul>
      )}
      <Refusal error={remove.error ?? renew.error} />
      {adding ? (
        <>
          <Text>{t('enrol.addLead')}</Text>
          <Enrol onDone={done} />
        </>
      ) : (
        <Button variant="default" className={styles.start} onClick={() => setAdding(true)}>
          {all.length ? t('factors.add') : t('factors.addFirst')}
        </Button>
      )}
    </Stack>
  );
}
