import { stopDatabase } from './jest.database.mjs';

export default () => stopDatabase();
