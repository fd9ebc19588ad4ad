import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

/** How a test talks to a control plane: by default HTTP/1.1, binary, without a token. */
export interface ConnectionOptions {
  readonly httpVersion?: "1.1" | "2";
  readonly json?: boolean;
  readonly ca?: string;
  readonly token?: string;
  /** The header that carries the token. */
  readonly tokenHeader?: string;
}

/** A typed client of one of the control plane's services. */
export function connectTo<Service extends DescService>(
  service: Service,
  { url }: { readonly url: string },
  { httpVersion = "1.1", json = false, ca, token, tokenHeader = "authorization" }: ConnectionOptions = {},
): Client<Service> {
  const authorize: Interceptor = (next) => (request) => {
    if (token !== undefined) request.header.set(tokenHeader, `Bearer ${token}`);
    return next(request);
  };
  return createClient(
    service,
    createConnectTransport({
      baseUrl: url,
      httpVersion,
      useBinaryFormat: !json,
      interceptors: [authorize],
      ...(ca !== undefined && { nodeOptions: { ca } }),
    }),
  );
}
