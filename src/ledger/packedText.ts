// Owns how the texts of archives are kept in the ledger: years of them, read once in a while, so they are packed. Everything else is
// kept as it is.

import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** No text that can be read as JSON begins so. */
const mark = 'deflate:';
/** The least effort takes off nearly as much as the most, in a fraction of the time. */
const level = 1;

export const packText = (text: string): string => mark + deflateRawSync(text, { level }).toString('base64');

export function unpackText(kept: string): string {
	return kept.startsWith(mark) ? inflateRawSync(Buffer.from(kept.slice(mark.length), 'base64')).toString() : kept;
}
