import type { ControlPlaneTarget } from "../settings/load.ts";

/** Variables that every program may need; none of them changes what the CLI does. */
const passedOn = ["PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT"] as const;

/** Variables that the CLI never gets: they override its configuration file, or change what Python loads. */
const overriding =
  /^(FLYTE|_F_|FLYTECTL|UNION|UCTL|REGISTRAR|PYTHON|SSL_CERT|APP_VERSION$|LOG_LEVEL$|CONFIG_MAP_NAME$)/;

/**
 * Creates the environment of the flyte CLI: without `FLYTE_…` variables, which override its configuration file, without
 * telemetry and colours, and with proxy and CAs in the variables that its HTTP libraries read. The user's token command may
 * need cloud credentials from the environment, so with `externalCommand` all other variables are passed on.
 */
export function createFlyteEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  target: ControlPlaneTarget,
  files: { home: string; certificateAuthorities: string },
): Record<string, string> {
  const passesAll = target.credentials.type === "externalCommand";
  const given = Object.entries(ours).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const inherited = given.filter(([name]) =>
    passesAll ? !overriding.test(name) : passedOn.some((passed) => passed === name),
  );
  const { proxy, noProxy, certificateAuthorities } = target;
  return {
    ...Object.fromEntries(inherited),
    ...(!(passesAll && ours["HOME"]) && { HOME: files.home }),
    TMPDIR: files.home,
    FLYTE_DISABLE_SENTRY: "true",
    FLYTE_DISABLE_TELEMETRY: "true",
    NO_COLOR: "1",
    TERM: "dumb",
    // So wide that the CLI does not wrap its messages.
    COLUMNS: "2000",
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ...(proxy && inBothCases("HTTPS_PROXY", proxy.url.href)),
    ...(proxy && inBothCases("HTTP_PROXY", proxy.url.href)),
    ...(noProxy !== "" && inBothCases("NO_PROXY", noProxy)),
    ...(certificateAuthorities && { SSL_CERT_FILE: files.certificateAuthorities }),
  };
}

/** Some libraries read the upper-case name, others the lower-case one. */
function inBothCases(name: string, value: string): Record<string, string> {
  return { [name]: value, [name.toLowerCase()]: value };
}
