/** The labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** One part of a selector: does it hold for these labels? */
type Requirement = (labels: Labels) => boolean;

const key = String.raw`((?:[a-z0-9][a-z0-9.-]*/)?[A-Za-z0-9][\w.-]*)`;
const equality = new RegExp(`^${key} *(==?|!=) *([\\w.-]*)$`);
const membership = new RegExp(`^${key} +(in|notin) +\\(([^()]*)\\)$`);
const existence = new RegExp(`^(!?) *${key}$`);

/**
 * Parses a label selector as the API server does. As there, `!=` and `notin` hold for an object without the label.
 * @returns whether it selects an object with these labels; nothing if it does not parse
 */
export function parseSelector(text: string): Requirement | undefined {
  const parts = text.split(/,(?![^(]*\))/).map((part) => parseRequirement(part.trim()));
  const requirements = parts.flatMap((part) => part ?? []);
  if (requirements.length < parts.length) return undefined;
  return (labels) => requirements.every((holds) => holds(labels));
}

function parseRequirement(text: string): Requirement | undefined {
  const [, name = "", operator = "", value = ""] = equality.exec(text) ?? membership.exec(text) ?? [];
  const values = value.split(",").map((one) => one.trim());
  if (operator === "!=" || operator === "notin") return (labels) => !values.includes(labels[name] ?? "\0");
  if (operator !== "") return (labels) => values.includes(labels[name] ?? "\0");
  const [found, not = "", label = ""] = existence.exec(text) ?? [];
  return found === undefined ? undefined : (labels) => Object.hasOwn(labels, label) === (not === "");
}
