/** A URL, because texts take the host and the port from it. */
const endpoint = { host: "endpoint.invalid", port: "8443" };

/**
 * Arguments that do for the texts of any code: whatever they ask for is `<its name>`. Of the endpoint, `withPlaceholders` makes
 * those.
 */
export const anyArguments: object = new Proxy(
  {
    endpoint: `https://${endpoint.host}:${endpoint.port}`,
    problems: [{ setting: "<setting>", place: "<place>", problem: "<problem>" }],
    ignored: [{ variable: "<variable>", setting: "<setting>", problem: "<problem>" }],
    namespaces: ["<namespace>"],
    keys: ["<key>"],
    hosts: ["<host>"],
    pipOnly: ["<pipOnly>"],
    endpointServices: ["<endpointService>"],
    privateHosts: ["<privateHost>"],
    cidrs: ["<cidr>"],
    versions: ["<version>"],
    unread: { layers: 1, bytes: 1_000_000 },
    way: "interface",
    images: ["<image>"],
    packages: ["<package>"],
    namedBy: "nothing",
  },
  { get: (known, name) => Reflect.get(known, name) ?? `<${String(name)}>` },
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
