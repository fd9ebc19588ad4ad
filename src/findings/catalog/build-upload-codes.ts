import { type BucketPlace, backendText, grantBucket, grantSigning, showBucket } from "./bucket-rights.ts";
import { curl, entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** What a bucket's refusal is about. */
export type UploadRefusal = "rights" | "bucket" | "signature" | "server" | "page" | "other";

/** What kept this program from the bucket's host. */
export type UploadFault = "name" | "connection" | "tls" | "proxy";

const bucketText = ({ bucket }: Pick<BucketPlace, "bucket">) => (bucket === "" ? "the bucket" : `bucket ${bucket}`);

/** The upload of what is to be built, to the bucket of the data plane. */
export const buildUploadCodes = {
  "build-upload-unsigned": entry<BucketPlace & { request: string }>({
    exit,
    what: ({ request }) => `the data plane cannot ${request}: its backend lacks a right, or a credential`,
    fix: grantSigning,
    next: showBucket,
  }),
  "build-upload-refused": entry<BucketPlace & { status: number; refusal: UploadRefusal; host: string }>({
    exit,
    what: (args) =>
      `the upload to ${bucketText(args)} at ${args.host} was refused (HTTP ${args.status})${args.refusal === "rights" ? `: ${backendText(args)} has no right to ${args.action === "" ? "write there" : args.action}` : ""}`,
    fix: (args, { command }) => {
      switch (args.refusal) {
        case "bucket":
          return `Create ${bucketText(args)}, or correct its name and region in storage of the data plane's values and upgrade it.`;
        case "signature":
          return "Correct the clock of the data plane's nodes (date -u) and the credentials that its backend signs with: a signature that is too old, of another region or of a deleted key is refused.";
        case "server":
          return `Wait until ${args.host} serves uploads again (see why), then run it again: ${command("verify", "--build")}.`;
        case "page":
          return `Allow uploads to ${args.host} in the proxy or firewall that answers in its place.`;
        default:
          return grantBucket(args);
      }
    },
    next: showBucket,
  }),
  "build-upload-unreachable": entry<Pick<BucketPlace, "cloud" | "bucket"> & { host: string; fault: UploadFault }>({
    exit,
    what: (args) => `the host of ${bucketText(args)}, ${args.host}, cannot be reached from here`,
    fix: ({ host, cloud, fault }, { chart, setting }) => {
      const endpoint = cloud === "aws" ? "; inside a VPC, by a gateway endpoint for com.amazonaws.<region>.s3" : "";
      if (fault === "tls") {
        return `Add the CA of ${host} to ${setting("controlPlane.caFile")}, or renew its certificate as why says; SDK users need that CA too (SSL_CERT_FILE).`;
      }
      if (fault === "name") {
        return `Add ${host} to the DNS that is asked from here, or correct the endpoint in storage of the data plane's values: it has to be a name that SDK users reach too.`;
      }
      if (fault === "proxy") {
        return `Allow ${host} in the proxy that ${setting("controlPlane.proxy")} names, or add it to ${setting("controlPlane.noProxy")}.`;
      }
      return `Allow egress to ${host} from here (firewall${chart ? ", networkPolicy.extraEgress in the chart" : ", NetworkPolicy"}${endpoint}).`;
    },
    next: ({ host }, reader) => curl({ endpoint: `https://${host}` }, reader),
  }),
} as const;
