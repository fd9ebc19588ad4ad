import type { ControlPlaneTarget } from "../settings/load.ts";

/** Variables that a program needs to run at all; nothing that could steer what it does. */
const passedOn = ["PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT"] as const;

/** What must not reach the CLI even where the rest does: it beats the configuration file, or changes what Python loads. */
const steering = /^(FLYTE|_F_|FLYTECTL|UNION|UCTL|REGISTRAR|PYTHON|SSL_CERT|APP_VERSION$|LOG_LEVEL$|CONFIG_MAP_NAME$)/;

/**
 * The environment of the flyte CLI: clean, since `FLYTE_…` variables beat the configuration file, quiet, and with the
 * proxy and authorities in the form that its HTTP libraries read. A token command of the user's may need cloud
 * credentials from our environment, so with `externalCommand` everything else is passed on.
 */
export function flyteEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  target: ControlPlaneTarget,
  files: { home: string; certificateAuthorities: string },
): Record<string, string> {
  const wholesale = target.credentials.type === "externalCommand";
  const given = Object.entries(ours).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const inherited = given.filter(([name]) =>
    wholesale ? !steering.test(name) : passedOn.some((passed) => passed === name),
  );
  const { proxy, noProxy, certificateAuthorities } = target;
  return {
    ...Object.fromEntries(inherited),
    ...(!(wholesale && ours["HOME"]) && { HOME: files.home }),
    TMPDIR: files.home,
    FLYTE_DISABLE_SENTRY: "true",
    FLYTE_DISABLE_TELEMETRY: "true",
    NO_COLOR: "1",
    TERM: "dumb",
    // Wide, so that messages are not broken into lines.
    COLUMNS: "2000",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ...(proxy && both("HTTPS_PROXY", proxy.url.href)),
    ...(proxy && both("HTTP_PROXY", proxy.url.href)),
    ...(noProxy !== "" && both("NO_PROXY", noProxy)),
    ...(certificateAuthorities && { SSL_CERT_FILE: files.certificateAuthorities }),
  };
}

/** Some libraries read the upper-case name, others the lower-case one. */
function both(name: string, value: string): Record<string, string> {
  return { [name]: value, [name.toLowerCase()]: value };
}
