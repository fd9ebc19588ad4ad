export const mirrorCodes = {} as const;
