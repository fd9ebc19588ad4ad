/** The colours by their purpose; each text colour has a contrast of 4.5 to 1 at least on each of its grounds (WCAG AA). */
const light = `--page:#f6f7f8;--card:#fff;--sunk:#f1f3f5;--text:#1b1f24;--muted:#57606a;--line:#d8dde3;--link:#0757a8;
--failed:#b3261e;--warning:#855400;--passed:#1a7335;--skipped:#57606a;--marked:#fff4d6`;
const dark = `--page:#121519;--card:#1a1e24;--sunk:#242a32;--text:#e6e9ed;--muted:#a5afbb;--line:#38404a;--link:#7ab8ff;
--failed:#ff8f85;--warning:#f0b94f;--passed:#63d287;--skipped:#a5afbb;--marked:#3a3012`;

/** As the reader's system prefers; paper is always light. */
export const pageColours = `:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
.failed{--tone:var(--failed)}.warning{--tone:var(--warning)}.passed{--tone:var(--passed)}.skipped{--tone:var(--skipped)}
`;
