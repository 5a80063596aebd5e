import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { proveWith } from '../platform/api';
import { Prove } from './prove';

/** Asks for a proof over whatever page is open, when the server wants one; what was asked of it then goes on. */
export function ProveDialog() {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<((given: boolean) => void) | null>(null);
  useEffect(() => proveWith(() => new Promise((done) => setAnswer(() => done))), []);
  const close = (given: boolean) => {
    answer?.(given);
    setAnswer(null);
  };
  return (
    <Modal
      opened={!!answer}
      onClose={() => close(false)}
      title={t('prove.title')}
      // Locking it writes a style into the page, which its policy forbids.
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('prove.notNow') }}
    >
      {answer && <Prove lead={t('prove.again')} enrolLead={t('prove.again')} onProved={() => close(true)} />}
    </Modal>
  );
}
