export const packageIndexCodes = {} as const;
