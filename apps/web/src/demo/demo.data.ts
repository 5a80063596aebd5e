import { CallError } from '@parley/client/http';
import { listDemoMails, listDemoPeople, signInAsDemo } from '@parley/contracts/demo';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../platform/api';

/** The people of the demo; null where this is not a demo. */
export const useDemoPeople = () =>
  useQuery({
    queryKey: ['demo', 'people'],
    staleTime: Infinity,
    queryFn: async () => {
      try {
        return (await api(listDemoPeople, {})).people;
      } catch (error) {
        if (error instanceof CallError && error.code === 'request.notFound') return null;
        throw error;
      }
    },
  });

/** Signs in as one of them. */
export const useDemoSignIn = () =>
  useMutation({ mutationFn: (personId: string) => api(signInAsDemo, { personId }) });

/** The mails that the demo would have sent, newest first. */
export const useDemoMails = () =>
  useQuery({
    queryKey: ['demo', 'mails'],
    refetchInterval: 3_000,
    queryFn: async () => (await api(listDemoMails, {})).mails,
  });
