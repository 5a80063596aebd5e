import { CallError } from '@parley/client/http';
import {
  listSignIns,
  type Locale,
  type Me,
  readMe,
  redeemCode,
  redeemLink,
  requestLink,
  revokeSignIn,
  signOut,
  updateMe,
} from '@parley/contracts/people';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, meKey } from '../platform/api';
import { speak } from '../platform/i18n';

/** The signed-in person, or null. */
export const meQuery = queryOptions<Me | null>({
  queryKey: meKey,
  staleTime: 60_000,
  queryFn: async () => {
    try {
      const me = await api(readMe, {});
      speak(me.locale);
      return me;
    } catch (error) {
      if (error instanceof CallError && error.code === 'auth.required') return null;
      throw error;
    }
  },
});

/** The signed-in person; null when nobody is, undefined while it is not known. */
export const useMe = () => useQuery(meQuery).data;

/** Whether this sign-in opens nothing before it is proved by more than the mail. */
export const needsProof = ({ factor }: Me) => factor === 'asked' || factor === 'missing';

/** Takes over who has just signed in, in place of everything known before. */
export function useSignedIn() {
  const queries = useQueryClient();
  return useCallback(
    (me: Me) => {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
      queries.setQueryData(meKey, me);
      speak(me.locale);
    },
    [queries],
  );
}

/** Asks for a sign-in mail. */
export const useRequestLink = () =>
  useMutation({ mutationFn: (input: { email: string; locale: Locale }) => api(requestLink, input) });

/** Signs in with the six digits of the mail. */
export const useRedeemCode = () => useMutation({ mutationFn: (code: string) => api(redeemCode, { code }) });

/** Signs in with the token of a mailed link. */
export const useRedeemLink = () => useMutation({ mutationFn: (token: string) => api(redeemLink, { token }) });

/** Ends the sign-in of this browser. The page starts afresh, so that nothing of this person stays in its memory. */
export const useSignOut = () =>
  useMutation({
    mutationFn: () => api(signOut, {}),
    onSuccess: () => window.location.assign('/sign-in'),
  });

/** The language of screens and, for who is signed in, of mails. */
export function useLanguage() {
  const queries = useQueryClient();
  const me = useMe();
  const change = useMutation({
    mutationFn: (locale: Locale) => api(updateMe, { locale }),
    onSuccess: (changed) => queries.setQueryData(meKey, changed),
  });
  return {
    error: change.error,
    choose: (locale: Locale) => {
      speak(locale);
      if (me) change.mutate(locale);
    },
  };
}

const signInsKey = [...meKey, 'sign-ins'];

/** The browsers in which the person is signed in. */
export const useSignIns = () =>
  useQuery({ queryKey: signInsKey, queryFn: async () => (await api(listSignIns, {})).signIns });

/** Signs one browser out. */
export function useRevoke() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (signInId: string) => api(revokeSignIn, { signInId }),
    onSettled: () => queries.invalidateQueries({ queryKey: signInsKey }),
  });
}
