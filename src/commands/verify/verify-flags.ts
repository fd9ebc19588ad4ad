/** What was given to the own flags of `verify`. */
export interface VerifyFlags {
  /** Proves the registration by a build. */
  build: boolean;
  /** Of a build: only says what it would be. */
  dryRun: boolean;
}
