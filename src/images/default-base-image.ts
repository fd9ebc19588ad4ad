/** What `Image.from_debian_base()` of a released SDK builds on. Measured with flyte 2.12.1. */
export function defaultBaseImage(python: string, sdkVersion: string): string {
  return `ghcr.io/flyteorg/flyte:py${python}-v${sdkVersion}`;
}
