/** A thrown thing and its causes in one line, outermost first, without saying the same twice. */
export function describeCause(cause: unknown): string {
  const parts: string[] = [];
  for (let error = cause, depth = 0; error !== undefined && error !== null && depth < 5; depth++) {
    const message = messageOf(error).replace(/\s+/g, " ").trim();
    if (message && !parts.some((part) => part.includes(message))) parts.push(message);
    error = error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  }
  return parts.join(": ");
}

/** The message of a thrown thing. Of an object that is no error, its JSON says more than `[object Object]`. */
function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    const text = String(thrown);
    return text.startsWith("[object ") ? JSON.stringify(thrown) : text;
  } catch {
    return "an object without a text";
  }
}
