import { type Call, CallError, http, noAnswer } from '@parley/client/http';
import { ErrorBody } from '@parley/contracts/errors';
import { QueryCache, QueryClient } from '@tanstack/react-query';

const call = http();
type Prover = () => Promise<boolean>;
let prover: Prover | undefined;
let proving: Promise<boolean> | undefined;

/** Who asks the person to prove that it is them, when the server wants to know; answers how to take that back. */
export function proveWith(ask: Prover) {
  prover = ask;
  return () => {
    if (prover === ask) prover = undefined;
  };
}

/** However many calls wait for it, the person is asked once. */
const isProved = () =>
  (proving ??= (prover?.() ?? Promise.resolve(false)).finally(() => {
    proving = undefined;
  }));

const wantsProof = (error: unknown) =>
  error instanceof CallError && (error.code === 'factor.again' || error.code === 'factor.required');

/** One function for every endpoint of the contracts. What needs a proof is asked again once it has been given. */
export const api: Call = async (endpoint, input) => {
  try {
    return await call(endpoint, input);
  } catch (error) {
    if (!wantsProof(error) || !(await isProved())) throw error;
    return call(endpoint, input);
  }
};

/** The signed-in person, or null; kept here because losing the sign-in anywhere must empty it. */
export const meKey = ['me'] as const;
/** One's own profile in a community; kept here because looking on can be ended from within a Session. */
export const profileKey = (communityId: string) => ['profile', communityId] as const;
/**
 * Everything that is read of what was said and of what came of it, on every page: a change of one of these shows in
 * many of them, so all are asked again together.
 */
export const loopKey = (communityId: string, ...what: string[]) => ['loop', communityId, ...what] as const;
/** What is published and what is not; the reasons of every decision are from it. */
export const policyKey = (communityId: string) => ['moderation', communityId, 'policy'] as const;
/** How each space is moderated; the desk and the reading of what was said both know it. */
export const spacesKey = (communityId: string) => ['moderation', communityId, 'spaces'] as const;

/** What is cached; a sign-in that has ended empties it. */
export const makeQueries = () => {
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof CallError && error.code === 'auth.required') queries.setQueryData(meKey, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && error instanceof CallError && error.body.retryable,
      },
    },
  });
  return queries;
};

/** A file that the server makes for one who has just proved that it is them. */
export async function fetchFile(path: string): Promise<Blob> {
  const get = async () => {
    const answer = await fetch(path).catch((error: unknown) => {
      throw noAnswer(String(error));
    });
    if (answer.ok) return answer.blob();
    const body = ErrorBody.safeParse(await answer.json().catch(() => undefined));
    throw body.success ? new CallError(body.data) : noAnswer(answer.statusText);
  };
  try {
    return await get();
  } catch (error) {
    if (!wantsProof(error) || !(await isProved())) throw error;
    return get();
  }
}
