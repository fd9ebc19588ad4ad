export const pullCodes = {} as const;
