// docs/errors.md: the table under each code is generated from the catalog; the text below it is written there and kept.
import { catalog } from "../src/findings/catalog/catalog.ts";
import type { CodeEntry } from "../src/findings/catalog/code-entry.ts";
import { anyone, type Reader, readerOf } from "../src/findings/reader.ts";
import { anyArguments, anyChart, withPlaceholders } from "../testing/findings/any-arguments.ts";

const opening = `# Errors

Every finding has a code. A code never changes its meaning and is never reused. Below the [alerts](#alerts), each heading is a code; the
table under it is generated from the code by \`make generate\`, where \`<…>\` stands for what a run fills in. In a pod of the chart, fix and next
name the chart's values and objects. A warning does not change the exit code, except with \`check --fail-on warning\` (4).
\`registrar check\` finds most of these before a registration does.

Codes about images and networks differ by who has asked: \`pull-…\` is what buildkit says about its own network, \`egress-…\` is about
the servers of a cloud, \`index-…\` about the package index, and \`registry-…\` and \`image-…\` are what this program sees from its pod
or machine. \`registrar verify --build\` builds an image, and meets those from [build-not-routed](#build-not-routed) to
[build-failed](#build-failed). The kubelet, which pulls build-image, has the DNS, CAs and logins of its node: \`kubectl describe pod\` shows what it says.
In the texts, \`<buildkit>\` stands for \`-n <namespace> deploy/<name>\` of the Deployment that
\`kubectl get deployments --all-namespaces | grep buildkit\` shows; the usual image of buildkit has BusyBox (\`nslookup\`, \`nc\`, \`wget\`).
For one without a shell: \`kubectl debug -n <namespace> <pod> -it --image=<image with tools> --target=<container> -- sh\`. The images of
probes (\`curlimages/curl\`, \`alpine/openssl\`, \`debian:stable-slim\`, \`busybox\`) are Docker Hub's: without internet, name your mirror's.

SDK users see the same few messages for many causes:

| SDK users see | codes |
|---|---|
| remote image builder is not enabled. Please contact Union support to enable it. | [registration-missing](#registration-missing), [registration-elsewhere](#registration-elsewhere); for their own login and network, all of \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| Image … was not found or has expired | the lookup of the image failed: \`control-plane-…\`, \`tls-…\`, [permission-denied](#permission-denied) |
| a build that stays in ContainerCreating or CreateContainerConfigError | [build-config-missing](#build-config-missing), [build-config-not-copied](#build-config-not-copied), [build-namespace-unprovisioned](#build-namespace-unprovisioned), [build-config-key-missing](#build-config-key-missing) |
| a build that fails to connect to buildkit | \`buildkit-…\`, [build-config-quoted](#build-config-quoted) |
| a push that ends with 401, 403 or an unknown repository | [authentication-type-contradicts](#authentication-type-contradicts), [repository-empty](#repository-empty), [repository-malformed](#repository-malformed), [build-config-unformatted](#build-config-unformatted); by a build: [build-push-denied](#build-push-denied), [build-push-not-logged-in](#build-push-not-logged-in), [build-repository-missing](#build-repository-missing) |
| build-image in ImagePullBackOff or ErrImagePull: the kubelet cannot pull it | [image-tag-missing](#image-tag-missing), [image-repository-missing](#image-repository-missing), [registration-outdated](#registration-outdated); nodes without a way to the registry or without a right to pull there, which no pod sees: \`kubectl describe pod\` |
| a build that waits for minutes while it pulls, then \`dial tcp …: i/o timeout\` | [pull-no-answer](#pull-no-answer), [pull-dial-timeout](#pull-dial-timeout), [egress-endpoint-missing](#egress-endpoint-missing), [egress-endpoint-blocked](#egress-endpoint-blocked) |
| pull access denied, repository does not exist or may require authorization | [pull-login-required](#pull-login-required), [registry-login-required](#registry-login-required), [registry-login-refused](#registry-login-refused) |
| other failures of \`FROM\` or of the frontend: \`no such host\`, \`x509: …\`, \`not found\`, \`toomanyrequests\`, \`failed to fetch oauth token\` | \`pull-…\`; where pods or the kubelet differ, \`registry-…\` and \`image-…\` |
| \`exec format error\` in a \`RUN\` step | [image-architecture-missing](#image-architecture-missing), [pull-architecture](#pull-architecture) |
| \`error: No interpreter found for Python 3.13 in managed installations or search path\`, \`hint: A managed Python download is available for Python 3.13, but Python downloads are set to 'never'\` | [python-not-found](#python-not-found), [python-only-in-venv](#python-only-in-venv) |
| packages: uv's \`Failed to fetch: https://…\` with \`dns error\` or \`tcp connect error\`, or pip's \`Could not find a version that satisfies the requirement\` after retries | [index-unread-by-uv](#index-unread-by-uv), [index-not-used](#index-not-used), [index-timeout](#index-timeout), [index-name-unknown](#index-name-unknown), [index-unreachable](#index-unreachable) |
| \`invalid peer certificate: UnknownIssuer\` | [index-untrusted](#index-untrusted) |
| \`No solution found when resolving dependencies\` with a hint about 401 or 403 | [index-login-required](#index-login-required), [index-login-refused](#index-login-refused); without a hint, [index-curated](#index-curated) |
| a build that fails after its pod has started, at a push for one | \`registrar verify --build\` meets the same and names it: \`build-…\`, such as [build-push-denied](#build-push-denied) |
| \`no enabled cluster in pool\`, \`could not select a cluster for organization …\` | [build-not-routed](#build-not-routed), [build-cluster-unhealthy](#build-cluster-unhealthy) |
| builds that use an old image | [registration-outdated](#registration-outdated), [registration-differs](#registration-differs) |

### Alerts

The alerts of the chart ([how they are set up](operations.md#be-alerted)) link here.

#### ImageBuilderRegistrarJobFailed

- **Means** that the last run which the schedule has started failed, hangs or could not start its pod. After an upgrade, SDK users may read that
  "remote image builder is not enabled".
- **Confirm** with the command in the alert's description: it prints the run's findings, each with its fix, under a code of this page.
- **Ends** with the next scheduled run that succeeds. To try at once, [run it manually](operations.md#run-it-manually).

#### ImageBuilderRegistrarNotSucceeding

- **Means** that runs fail, hang, or are not started: the CronJob controller does not run, a quota or an admission policy refuses the
  pods, or a run of before never ends.
- **Confirm** with \`kubectl describe cronjob\` in the description: its Events say which.
- **Ends** with the next success.

#### ImageBuilderRegistrarOtherOwner

- **Means** that builds use what another Helm release, or a person, has registered, and not what this one would register: see
  [registration-conflict](#registration-conflict) and [registration-newer](#registration-newer).
- **Fix** one owner for each control plane: [fleets.md](fleets.md).

#### ImageBuilderRegistrarBuildFailed

- **Means** that the last scheduled build failed: remote image builds probably fail for SDK users too.
- **Confirm** with the command in the description. Its code is one of those from [build-not-routed](#build-not-routed) to
  [build-failed](#build-failed).
- **Ends** with the next scheduled build that succeeds; [build manually](operations.md#prove-it-by-a-build) meanwhile.
`;

const workstation = readerOf({ ...anyone, settingsFlags: ["--config", "registrar.yaml"] });
const pod = readerOf({ ...anyone, chart: anyChart });

/**
 * The page anew.
 * @param before the page as it is, whose written text is kept
 */
export function errorPage(before: string): string {
  const written = writtenTexts(before);
  const sections = Object.entries(catalog).map(
    ([code, entry]) => `## ${code}\n\n${table(entry as unknown as CodeEntry<object>)}\n\n${written.get(code) ?? ""}`,
  );
  return [opening, ...sections].join("\n").trimEnd().concat("\n");
}

/** The written text under each code. */
export function writtenTexts(page: string): Map<string, string> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [code = "", ...lines] = section.split("\n");
      const text = lines.filter((line) => !line.startsWith("|"));
      return [code, text.join("\n").trim().concat("\n")];
    }),
  );
}

function table({ exit, transient, ...texts }: CodeEntry<object>): string {
  const say = (name: "what" | "fix" | "next", reader: Reader) => withPlaceholders(texts[name](anyArguments, reader));
  const inPod = (name: "fix" | "next") => (say(name, pod) === say(name, workstation) ? undefined : say(name, pod));
  const rows = [
    ["says", say("what", workstation)],
    ["fix", say("fix", workstation)],
    ["fix, in a pod", inPod("fix")],
    ["next", code(say("next", workstation))],
    ["next, in a pod", code(inPod("next"))],
    ["exit code, as an error", `${exit}${transient ? "; retried first" : ""}`],
  ];
  const shown = rows.filter(([, text]) => text !== undefined);
  return ["| | |", "|---|---|", ...shown.map(([name, text = ""]) => `| ${name} | ${cell(text)} |`)].join("\n");
}

function code(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `\`${text}\``;
}

/** Text for a cell: a pipe would end it, and a tag outside of code would vanish. */
function cell(text: string): string {
  const plain = text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return plain.startsWith("`") ? plain : plain.replaceAll("<", "&lt;");
}
