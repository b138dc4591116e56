import { object, orNull, string, type Decoded } from './decode';

export const decodeColumn = object({ name: string, type: string, comment: orNull(string) });
export type TableColumn = Decoded<typeof decodeColumn>;
