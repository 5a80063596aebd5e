export const enReach = {};
