export const registryCodes = {} as const;
