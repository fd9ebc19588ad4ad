/** A reference to an image, taken apart as Docker and buildkit do. */
export interface ImageReference {
  /** As it is named: `docker.io`, `registry.example.com:5000`. */
  host: string;
  /** Path of the repository: `library/python`. */
  repository: string;
  /** `latest` if neither tag nor digest is given; absent with a digest alone. */
  tag: string | undefined;
  /** `sha256:…` */
  digest: string | undefined;
}
