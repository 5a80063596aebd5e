const LONGEST = 120;

/** What a file is called, as it can be shown and written down anywhere: without folders, controls and what turns text round. */
export function nameOf(given: string): string {
  const name = given
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{C}\u2028\u2029]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  // What some systems take for a device.
  const safe = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) ? `_${name}` : name;
  if (safe.length <= LONGEST) return safe || 'file';
  const [ending = ''] = /\.[^.]{1,8}$/.exec(safe) ?? [];
  return safe.slice(0, LONGEST - ending.length) + ending;
}
