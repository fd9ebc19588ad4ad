export const privateNetworkCodes = {} as const;
