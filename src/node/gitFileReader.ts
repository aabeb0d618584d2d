// Owns reading files of commits with few git processes: files that are asked for at the same time are read together. What cannot be
// read so is read by itself, and has its own error.

import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import { readFileAt } from './gitChanges.ts';
import { splitNul } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

interface Wish {
	readonly path: string;
	readonly resolve: (content: Uint8Array | undefined) => void;
	readonly reject: (error: unknown) => void;
}

/** So many names fit into a command line everywhere. */
const mostTogether = 50;
/** git reads an object and a name from each line. */
const unfit = /^\s|[\n\r]/u;

/** A function that reads one file as `readFileAt` does. */
export function createFileReader(
	find: () => Promise<GitRepository>,
): (commit: string, path: string) => Promise<Uint8Array | undefined> {
	const gathered = new Map<string, Wish[]>();
	return (commit, path) =>
		new Promise((resolve, reject) => {
			const wish = { path, resolve, reject };
			const others = gathered.get(commit);
			if (others !== undefined && others.length < mostTogether) {
				others.push(wish);
				return;
			}
			const wishes = [wish];
			gathered.set(commit, wishes);
			setImmediate(() => {
				if (gathered.get(commit) === wishes) {
					gathered.delete(commit);
				}
				void fulfil(find, commit, wishes);
			});
		});
}

async function fulfil(find: () => Promise<GitRepository>, commit: string, wishes: readonly Wish[]): Promise<void> {
	const paths = [...new Set(wishes.map(({ path }) => path))];
	const together = await find()
		.then((repository) => readTogether(repository, commit, paths))
		.catch(() => new Map<string, Uint8Array | undefined>());
	for (const { path, resolve, reject } of wishes) {
		if (together.has(path)) {
			resolve(together.get(path));
		} else {
			find()
				.then((repository) => readFileAt(repository, commit, path))
				.then(resolve, reject);
		}
	}
}

/** Contents by path, undefined where no file is; paths that are left out have to be read by themselves. */
async function readTogether(
	repository: GitRepository,
	commit: string,
	paths: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
	const contents = new Map<string, Uint8Array | undefined>();
	if (paths.length === 1) {
		return contents;
	}
	const { output } = await repository.run(['ls-tree', '-z', '--full-tree', checkCommit(commit), '--', ...paths], {
		environment: { GIT_LITERAL_PATHSPECS: '1' },
	});
	const entries = new Map(splitNul(output).map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry]));
	const files: { readonly path: string; readonly object: string }[] = [];
	for (const path of paths) {
		const [, mode, object] = /^(\d+) blob ([0-9a-f]+)\t/u.exec(entries.get(path) ?? '') ?? [];
		if (object === undefined) {
			contents.set(path, undefined);
		} else if (mode?.startsWith('100') === true && !unfit.test(path)) {
			files.push({ path, object });
		}
	}
	const blobs = files.length === 0 ? [] : await readBlobs(repository, files);
	files.forEach(({ path }, index) => contents.set(path, blobs[index]));
	return contents;
}

/** Contents as a checkout has them, in the order of the files. Their sizes git tells only as they were before its filters. */
async function readBlobs(
	{ runner, top }: GitRepository,
	files: readonly { readonly path: string; readonly object: string }[],
): Promise<Uint8Array[]> {
	// No content can hold what nobody knew when it was made.
	const mark = randomText(24);
	const bytes = Buffer.from(
		await runner.catFile({
			folder: top,
			arguments: [`--batch=${mark}`, '--filters'],
			input: files.map(({ path, object }) => `${object} ${path}\n`).join(''),
		}),
	);
	const head = Buffer.from(`${mark}\n`);
	const starts: number[] = [];
	for (let at = bytes.indexOf(head); at !== -1; at = bytes.indexOf(head, at + head.length)) {
		starts.push(at);
	}
	if (starts.length !== files.length || starts[0] !== 0) {
		throw new DreamError('git.failed', 'git did not read every file it was asked for.');
	}
	return starts.map((start, index) => bytes.subarray(start + head.length, (starts[index + 1] ?? bytes.length) - 1));
}
