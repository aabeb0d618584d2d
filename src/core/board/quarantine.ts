// Owns the copies of files that we could not read or are about to replace: runtime/quarantine/<name>.<time>.<hash>.json. The same
// content is copied once only, and no copy is ever changed or removed by us.

import { runtimePaths } from '../paths.ts';
import type { Clock, FileSystem } from '../ports.ts';
import { timestamp } from '../ports.ts';

/** 53 bits of hash as text: to recognise equal content, not to withstand anybody. */
export function contentHash(bytes: Uint8Array): string {
	let high = 0xdeadbeef;
	let low = 0x41c6ce57;
	for (const byte of bytes) {
		high = Math.imul(high ^ byte, 2654435761);
		low = Math.imul(low ^ byte, 1597334677);
	}
	high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
	low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
	return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, '0');
}

export interface QuarantineTools {
	readonly files: FileSystem;
	readonly clock: Clock;
	/** Absolute path of the workspace. */
	readonly folder: string;
}

/** A file of an archive has its folder in its name; a copy stands beside all others. */
const flatName = (name: string): string => name.replaceAll('/', '-');

/** The copy of this very content, as a path inside the workspace; undefined when there is none. */
export async function findQuarantineCopy(
	{ files, folder }: Omit<QuarantineTools, 'clock'>,
	name: string,
	bytes: Uint8Array,
): Promise<string | undefined> {
	const hash = contentHash(bytes);
	const known = (await files.list(files.join(folder, runtimePaths.quarantine))).find(
		(each) => each.startsWith(`${flatName(name)}.`) && each.endsWith(`.${hash}.json`),
	);
	return known === undefined ? undefined : `${runtimePaths.quarantine}/${known}`;
}

/** Copies content aside and returns the path of the copy inside the workspace. */
export async function copyToQuarantine(tools: QuarantineTools, name: string, bytes: Uint8Array): Promise<string> {
	const { files, clock, folder } = tools;
	const known = await findQuarantineCopy(tools, name, bytes);
	if (known !== undefined) {
		return known;
	}
	const target = files.join(folder, runtimePaths.quarantine);
	const time = timestamp(clock).replace(/[-:]|\.\d+/gu, '');
	const copy = `${flatName(name)}.${time}.${contentHash(bytes)}.json`;
	await files.makeFolder(target);
	await files.writeAtomic(files.join(target, copy), bytes);
	return `${runtimePaths.quarantine}/${copy}`;
}
