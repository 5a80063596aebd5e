/** What keeps PostgreSQL from running, in one sentence that says what to do. */
export class PostgresError extends Error {
  override name = 'PostgresError';
}

/** Turns what the operating system or PostgreSQL said into a sentence; `place` is the folder concerned. */
export function explain(said: unknown, place: string): PostgresError {
  if (said instanceof PostgresError) return said;
  const text = said instanceof Error ? said.message : String(said);
  const cause = { cause: said };
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/.test(text))
    return new PostgresError(
      `The disk that holds ${place} is full: free at least 200 MB and start Parley again.`,
      cause,
    );
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system|wrong ownership/.test(text))
    return new PostgresError(
      `The folder ${place} cannot be written by this user: make it writable, set PARLEY_DATA_DIR to a folder that is, or set DATABASE_URL.`,
      cause,
    );
  if (/could not look up effective user ID/.test(text))
    return new PostgresError(
      'PostgreSQL refuses to run as a user that has no name on this machine: start Parley as a named user, or set DATABASE_URL.',
      cause,
    );
  if (/Cannot allocate memory|could not (create|map|resize) .*shared memory/.test(text))
    return new PostgresError(
      'There is not enough memory to start PostgreSQL: free about 200 MB, or set DATABASE_URL.',
      cause,
    );
  const last = text
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR|error:/.test(line))
    .at(-1);
  return new PostgresError(
    `PostgreSQL could not be started in ${place} (${(last ?? text.trim().split('\n').at(-1) ?? '').trim()}): mend that, or set DATABASE_URL.`,
    cause,
  );
}
