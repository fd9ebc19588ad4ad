/** What to put into a Dockerfile so that uv and pip of a build use an index. @param index as it is typed */
export function indexLine(index: string): string {
  return `\`ENV UV_INDEX_URL=${index} PIP_INDEX_URL=${index}\``;
}

const store = "/etc/ssl/certs/ca-certificates.crt";

/**
 * What to put into a Dockerfile so that both trust a private CA: the first two lines add it to the image's own store (Debian's and
 * Alpine's place for it), the third has uv and pip use the store.
 */
export const certificateLines = [
  "`COPY ca.crt /usr/local/share/ca-certificates/`",
  "`RUN update-ca-certificates`",
  `\`ENV SSL_CERT_FILE=${store} UV_SYSTEM_CERTS=1 PIP_CERT=${store}\``,
].join(", ");
