/** Arguments that do for the texts of any code: whatever they ask for is `<its name>`. */
export const anyArguments: object = new Proxy(
  {
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
