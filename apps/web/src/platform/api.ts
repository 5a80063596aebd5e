import { CallError, http } from '@parley/client/http';
import { QueryCache, QueryClient } from '@tanstack/react-query';

/** One function for every endpoint of the contracts. */
export const api = http();

/** The signed-in person, or null; kept here because losing the sign-in anywhere must empty it. */
export const meKey = ['me'] as const;

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
