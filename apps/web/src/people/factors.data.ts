import {
  addAuthenticator,
  addPasskey,
  listFactors,
  listWays,
  proveCode,
  provePasskey,
  proveRecoveryCode,
  removeFactor,
  renewRecoveryCodes,
  startAuthenticator,
  startPasskey,
  startPasskeyProof,
} from '@parley/contracts/factors';
import type { Me } from '@parley/contracts/people';
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, meKey } from '../platform/api';
import { meQuery } from './people.data';

const factorsKey = [...meKey, 'factors'];

/** The device, or the person at it, did not go on. */
export class PasskeyStopped extends Error {}
const atDevice = <T>(answer: Promise<T>) =>
  answer.catch((error: unknown) => {
    throw new PasskeyStopped(String(error));
  });

/** How one can sign in besides by mail. */
export const useWays = () =>
  useQuery({ queryKey: ['ways'], staleTime: Infinity, queryFn: () => api(listWays, {}) });

/** The person's second factors, and how many recovery codes are left. */
export const useFactors = () => useQuery({ queryKey: factorsKey, queryFn: () => api(listFactors, {}) });

/** Looks again who the person is and what they have, after a change. */
export function useFactorsChanged() {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: factorsKey });
    await queries.fetchQuery({ ...meQuery, staleTime: 0 });
  };
}

/** Lets the device make a passkey, and adds it under a name. */
export const useAddPasskey = () =>
  useMutation({
    mutationFn: async (name: string) => {
      const optionsJSON = await api(startPasskey, {});
      const answer = await atDevice(startRegistration({ optionsJSON }));
      return api(addPasskey, { name, answer });
    },
  });

/** Gets a new key for an authenticator app. */
export const useStartApp = () => useMutation({ mutationFn: () => api(startAuthenticator, {}) });

/** Adds the app that shows this code. */
export const useAddApp = () =>
  useMutation({ mutationFn: (input: { name: string; code: string }) => api(addAuthenticator, input) });

/** Removes one of the person's factors. */
export function useRemoveFactor() {
  const changed = useFactorsChanged();
  return useMutation({
    mutationFn: (factorId: string) => api(removeFactor, { factorId }),
    onSettled: changed,
  });
}

/** Makes new recovery codes in place of the old ones. */
export const useRenewCodes = () => useMutation({ mutationFn: () => api(renewRecoveryCodes, {}) });

/** Ways to prove that it is the person; each takes over what is then known of them. */
export function useProofs() {
  const queries = useQueryClient();
  const onSuccess = (me: Me) => queries.setQueryData(meKey, me);
  return {
    passkey: useMutation({
      mutationFn: async () => {
        const optionsJSON = await api(startPasskeyProof, {});
        const answer = await atDevice(startAuthentication({ optionsJSON }));
        return api(provePasskey, { answer });
      },
      onSuccess,
    }),
    code: useMutation({ mutationFn: (code: string) => api(proveCode, { code }), onSuccess }),
    recovery: useMutation({ mutationFn: (code: string) => api(proveRecoveryCode, { code }), onSuccess }),
  };
}
