// Owns putting a new file in the place of the very one that was looked at. A rename replaces whatever it finds, also what somebody
// saved a moment before; so the old file is moved aside, looked at there, and the new one linked to the free place.

import type { Stats } from 'node:fs';
import { linkSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomText } from '../base/ids.ts';
import { systemCode } from './fileErrors.ts';

/** `.<name>.<random>.tmp`, cut so that a long name stays within what a folder can hold. */
export function temporaryName(name: string): string {
	return `.${Buffer.from(name).subarray(0, 200).toString('utf8').replace(/�+$/u, '')}.${randomText(10)}.tmp`;
}

const asideName = (name: string): string => temporaryName(`${name}.old`);

export const isSameFile = (left: Stats | undefined, right: Stats | undefined): boolean =>
	left?.ino === right?.ino && left?.mtimeMs === right?.mtimeMs && left?.size === right?.size;

/**
 * Puts `temporary` in the place of `target` if that is still what was seen, and answers whether it was. Whatever somebody saves
 * while this goes on stands in the end. For some microseconds there is no file, which is why nothing is waited for in between.
 * @param seen undefined when there was no file.
 */
export function replaceSeen(temporary: string, target: string, seen: Stats | undefined): boolean {
	if (seen === undefined) {
		const isNew = linkNew(temporary, target);
		rmSync(temporary, { force: true });
		return isNew;
	}
	const aside = join(dirname(target), asideName(basename(target)));
	if (!isThere(() => renameSync(target, aside))) {
		return false;
	}
	const moved = statSync(aside, { throwIfNoEntry: false });
	if (moved === undefined) {
		// We were stopped for a while, and somebody put it back.
		return false;
	}
	const next = isSameFile(seen, moved) ? temporary : aside;
	// When something stands there again, it was saved later than what we hold.
	const isFree = linkNew(next, target);
	rmSync(aside, { force: true });
	rmSync(temporary, { force: true });
	return isFree && next === temporary;
}

/**
 * Puts a file back that a writer moved aside and was killed over. Answers whether there was one; what somebody saved in its place
 * meanwhile stands.
 */
export function putBackAside(target: string): boolean {
	const folder = dirname(target);
	const name = basename(target);
	let isBack = false;
	return (
		isThere(() => {
			const found = readdirSync(folder).find(
				(each) => each.length === asideName(name).length && each.startsWith(`.${name}.old.`),
			);
			if (found !== undefined) {
				const aside = join(folder, found);
				isBack = linkNew(aside, target);
				rmSync(aside, { force: true });
			}
		}) && isBack
	);
}

/** False when what the work needs is not there, or not any more. */
function isThere(work: () => void): boolean {
	try {
		work();
		return true;
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return false;
		}
		throw error;
	}
}

/** Gives a file a further name if nothing has that name. Where a file system knows no links, the file is renamed. */
function linkNew(from: string, to: string): boolean {
	try {
		linkSync(from, to);
		return true;
	} catch (error) {
		if (systemCode(error) === 'EEXIST') {
			return false;
		}
		// Also where there is no room for one more name.
		renameSync(from, to);
		return true;
	}
}
