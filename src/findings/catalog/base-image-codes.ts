export const baseImageCodes = {} as const;
