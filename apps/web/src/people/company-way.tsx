import { Button, Divider, Stack } from '@mantine/core';
import { companyStartPath } from '@parley/contracts/factors';
import { useTranslation } from 'react-i18next';
import { useWays } from './factors.data';

/** The way in through a company's own sign-in, where the install has one. */
export function CompanyWay({ next = '/' }: { next?: string | undefined }) {
  const { t } = useTranslation();
  const company = useWays().data?.company;
  if (!company) return null;
  return (
    <Stack gap="md" mt="lg">
      <Divider label={t('ways.or')} />
      <Button
        component="a"
        variant="default"
        href={`${companyStartPath}?${new URLSearchParams({ next }).toString()}`}
      >
        {t('ways.company', { name: company.name })}
      </Button>
    </Stack>
  );
}
