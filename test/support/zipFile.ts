// Owns reading a .vsix, which is a zip file without encryption or zip64. Reads names, sizes and contents; writes nothing.

import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
	readonly name: string;
	/** Size of the content, not compressed. */
	readonly bytes: number;
	read(): Buffer;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** The entries of a zip file, in its own order. Throws when the bytes are no zip file. */
export function zipEntries(zip: Buffer): ZipEntry[] {
	const lastPlace = zip.length - 22;
	let end = lastPlace;
	while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) {
		end -= 1;
	}
	if (end < 0) {
		throw new Error('This is no zip file.');
	}
	const entries: ZipEntry[] = [];
	let position = zip.readUInt32LE(end + 16);
	for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
		if (zip.readUInt32LE(position) !== directoryEntry) {
			throw new Error(`The directory of the zip file is damaged at ${position}.`);
		}
		const isCompressed = zip.readUInt16LE(position + 10) !== 0;
		const packedBytes = zip.readUInt32LE(position + 20);
		const bytes = zip.readUInt32LE(position + 24);
		const nameLength = zip.readUInt16LE(position + 28);
		const local = zip.readUInt32LE(position + 42);
		const name = zip.toString('utf8', position + 46, position + 46 + nameLength);
		entries.push({
			name,
			bytes,
			read: () => {
				// The local header repeats the name and may carry other extra fields than the directory.
				const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
				const packed = zip.subarray(start, start + packedBytes);
				return isCompressed ? inflateRawSync(packed) : packed;
			},
		});
		position += 46 + nameLength + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
	}
	return entries;
}
