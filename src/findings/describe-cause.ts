/** A thrown thing and its causes in one line, outermost first, without saying the same twice. */
export function describeCause(cause: unknown): string {
  const parts: string[] = [];
  for (let error = cause, depth = 0; error !== undefined && error !== null && depth < 5; depth++) {
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
    if (message && !parts.some((part) => part.includes(message))) parts.push(message);
    error = error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  }
  return parts.join(": ");
}
