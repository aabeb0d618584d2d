// Owns reading files of commits with few git processes: files that are asked for at the same time are read together. What cannot be
// read so is read by itself, and has its own error.

import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { Git } from '../core/ports.ts';
import { readFileAt, readModeAt } from './gitChanges.ts';
import { splitNul } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

interface Wish<Value> {
	readonly path: string;
	readonly resolve: (value: Value) => void;
	readonly reject: (error: unknown) => void;
}

type Find = () => Promise<GitRepository>;
type Together<Value> = (
	repository: GitRepository,
	commit: string,
	paths: readonly string[],
) => Promise<ReadonlyMap<string, Value>>;
type Alone<Value> = (repository: GitRepository, commit: string, path: string) => Promise<Value>;

/** Names that fit into a command line everywhere: so many, of so many characters together. */
const mostTogether = 256;
const mostCharacters = 12_000;
/** git reads an object and a name from each line. */
const unfit = /^\s|[\n\r]/u;

/** Reads one file as `readFileAt` does, and one mode as `readModeAt`. */
export function createFileReader(find: Find): Pick<Git, 'fileAt' | 'modeAt'> {
	return {
		fileAt: gathering(find, filesTogether, readFileAt),
		modeAt: gathering(find, modesTogether, readModeAt),
	};
}

/** Gathers what is asked for until others had their turn. What `together` leaves out, or fails at, is done by `alone`. */
function gathering<Value>(
	find: Find,
	together: Together<Value>,
	alone: Alone<Value>,
): (commit: string, path: string) => Promise<Value> {
	const gathered = new Map<string, Wish<Value>[]>();
	const fulfil = async (commit: string, wishes: readonly Wish<Value>[]) => {
		const paths = [...new Set(wishes.map(({ path }) => path))];
		const values =
			paths.length === 1
				? new Map<string, Value>()
				: await find()
						.then((repository) => together(repository, commit, paths))
						.catch(() => new Map<string, Value>());
		for (const { path, resolve, reject } of wishes) {
			const value = values.get(path);
			if (value !== undefined || values.has(path)) {
				resolve(value as Value);
			} else {
				find()
					.then((repository) => alone(repository, commit, path))
					.then(resolve, reject);
			}
		}
	};
	return (commit, path) =>
		new Promise((resolve, reject) => {
			const wish = { path, resolve, reject };
			const others = gathered.get(commit);
			if (others !== undefined && hasRoom(others, path)) {
				others.push(wish);
				return;
			}
			const wishes = [wish];
			gathered.set(commit, wishes);
			setImmediate(() => {
				if (gathered.get(commit) === wishes) {
					gathered.delete(commit);
				}
				void fulfil(commit, wishes);
			});
		});
}

const hasRoom = (wishes: readonly { readonly path: string }[], path: string): boolean =>
	wishes.length < mostTogether && wishes.reduce((sum, wish) => sum + wish.path.length, path.length) < mostCharacters;

/** What `ls-tree` says of each path; nothing of those where nothing is. Folders are told of also where files in them are. */
async function entriesAt(
	repository: GitRepository,
	commit: string,
	paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	const { output } = await repository.run(
		['ls-tree', '-z', '-t', '--full-tree', checkCommit(commit), '--', ...paths],
		{
			environment: { GIT_LITERAL_PATHSPECS: '1' },
		},
	);
	return new Map(splitNul(output).map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry]));
}

const modesTogether: Together<string> = async (repository, commit, paths) => {
	const entries = await entriesAt(repository, commit, paths);
	return new Map(paths.map((path) => [path, /^\d+/u.exec(entries.get(path) ?? '')?.[0] ?? '']));
};

/** Contents by path, undefined where no file is; paths that are left out have to be read by themselves. */
const filesTogether: Together<Uint8Array | undefined> = async (repository, commit, paths) => {
	const entries = await entriesAt(repository, commit, paths);
	const contents = new Map<string, Uint8Array | undefined>();
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
};

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
