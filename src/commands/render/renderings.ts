/** What `registrar render` can print. */
export const renderings = ["task", "python", "flyte-config"] as const;

export type Rendering = (typeof renderings)[number];
