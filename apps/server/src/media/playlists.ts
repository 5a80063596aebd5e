import type { Film } from './media.tables';

/** A track of a film, with the key that opens its parts for one viewer. */
export interface TrackOnList {
  name: string;
  width: number | null;
  height: number | null;
  film: Film;
  key: string;
}

/** The tracks that a player chooses among (RFC 8216); addresses are relative to `film/list/<key>`. */
export function masterOf(tracks: readonly TrackOnList[]): string {
  const lines = tracks.flatMap(({ name, width, height, film, key }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${film.bandwidth},CODECS="${film.codecs}"${width ? `,RESOLUTION=${width}x${height}` : ''}`,
    `../../${name}/list/${key}`,
  ]);
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n');
}

/** The parts of one track; addresses are relative to `<track>/list/<key>`. */
export function listOf({ film, key }: Pick<TrackOnList, 'film' | 'key'>): string {
  const longest = Math.ceil(Math.max(...film.segments.map(([seconds]) => seconds)));
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${longest}`, '#EXT-X-PLAYLIST-TYPE:VOD'],
    `#EXT-X-MAP:URI="../init/${key}"`,
    ...film.segments.flatMap(([seconds], n) => [`#EXTINF:${seconds.toFixed(5)},`, `../${n}/${key}`]),
    ...['#EXT-X-ENDLIST', ''],
  ].join('\n');
}
