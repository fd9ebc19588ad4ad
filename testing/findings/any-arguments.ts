/** A URL, because texts take the host and the port from it. */
const endpoint = { host: "endpoint.invalid", port: "8443" };

/** Arguments for the texts of any code: what they ask for is what `textOf` makes of its name. */
export function argumentsOf(textOf: (name: string) => string): object {
  const list = (name: string) => [textOf(name)];
  const known = {
    problems: [{ setting: textOf("setting"), place: textOf("place"), problem: textOf("problem") }],
    ignored: [{ variable: textOf("variable"), setting: textOf("setting"), problem: textOf("problem") }],
    namespaces: list("namespace"),
    keys: list("key"),
    hosts: list("host"),
    pipOnly: list("pipOnly"),
    endpointServices: list("endpointService"),
    privateHosts: list("privateHost"),
    cidrs: list("cidr"),
    versions: list("version"),
    unread: { layers: 1, bytes: 1_000_000 },
    way: "interface",
    images: list("image"),
    packages: list("package"),
    namedBy: "nothing",
  };
  return new Proxy(known, { get: (of, name) => Reflect.get(of, name) ?? textOf(String(name)) });
}

/** The same, each as its name: `<image>`. Of the endpoint, `withPlaceholders` makes those. */
export const anyArguments: object = argumentsOf((name) =>
  name === "endpoint" ? `https://${endpoint.host}:${endpoint.port}` : `<${name}>`,
);

/** A text of `anyArguments`, with `<url>`, `<host>` and `<port>` in place of the endpoint. */
export function withPlaceholders(text: string): string {
  return (
    text
      .replaceAll(`https://${endpoint.host}:${endpoint.port}`, "<url>")
      .replaceAll(`${endpoint.host}:${endpoint.port}`, "<host>:<port>")
      .replaceAll(endpoint.host, "<host>")
      // A URL escapes the placeholders in its path.
      .replaceAll(/%3C(\w+)%3E/g, "<$1>")
      // What a stranger names would be in quotes.
      .replaceAll(/'([\w:/.=-]*<\w+>[\w:/.=-]*)'/g, "$1")
  );
}

/** A pod of the chart, for texts that name its objects. */
export const anyChart = {
  namespace: "union",
  helmRelease: "registrar",
  valuesPrefix: "",
  settingsConfigMap: "registrar-image-builder-registrar",
  statusConfigMap: "image-builder-registrar-status",
  cronJob: "registrar-image-builder-registrar",
  registerCronJob: "registrar-image-builder-registrar-register",
  forceCronJob: "registrar-image-builder-registrar-register-force",
  checkCronJob: "registrar-image-builder-registrar-check",
  buildCronJob: "registrar-image-builder-registrar-build",
  credential: { secret: "union-secret-auth", key: "client_secret" },
};
