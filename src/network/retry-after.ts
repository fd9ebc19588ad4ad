/** The longest pause that a server may ask for, in milliseconds. */
const longestPauseMilliseconds = 60_000;

/**
 * Retry-After (RFC 9110, 10.2.3: seconds or an HTTP date) in milliseconds.
 * @returns 0 if it is absent or not readable, a minute at most
 */
export function retryAfterMilliseconds(header: string | null | undefined, now: Date): number {
  if (header === null || header === undefined) return 0;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(milliseconds) ? 0 : Math.min(longestPauseMilliseconds, Math.max(0, milliseconds));
}
