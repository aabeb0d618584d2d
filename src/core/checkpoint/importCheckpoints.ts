// Owns taking over checkpoint files of older generations: the newest of each task becomes a fact of its history, which the next attempt is
// told. Files are only read; nothing of what stands in them names a place, and what is not taken over is said with its reason.

import { DreamError } from '../../base/errors.ts';
import { formatBytes } from '../../base/words.ts';
import { displayLine } from '../../base/text.ts';
import type { Actor } from '../actor.ts';
import { contentHash } from '../board/quarantine.ts';
import type { YamlReader } from '../import/tolerantReader.ts';
import { walkFiles } from '../import/walkFiles.ts';
import type { Ledger, LedgerReader } from '../ledger.ts';
import type { FileSystem } from '../ports.ts';
import type { OlderCheckpoint } from './olderCheckpoint.ts';
import { largestCheckpoint, olderEnding, readOlderCheckpoint } from './olderCheckpoint.ts';

export interface FoundCheckpoint {
	readonly file: string;
	readonly agent_id: string;
	readonly at: string | null;
	readonly type: string;
	readonly task_id: string;
	/** It is (or would be) taken over. */
	readonly is_taken: boolean;
	/** What is missing of it, or why all of it is. */
	readonly remarks: readonly string[];
}

export interface CheckpointImport {
	readonly found: readonly FoundCheckpoint[];
	/** Files that gave none, each with its reason. */
	readonly unread: readonly { readonly file: string; readonly reasons: readonly string[] }[];
	readonly taken: number;
	readonly dry_run: boolean;
}

export interface CheckpointImportTools {
	readonly files: FileSystem;
	readonly ledger: Ledger;
	readonly yaml: YamlReader;
}

interface Read {
	readonly file: string;
	readonly checkpoint: OlderCheckpoint;
	readonly remarks: readonly string[];
}

interface Judged extends FoundCheckpoint {
	readonly told: string;
	readonly hash: string;
}

/** `path` is absolute: one file, or a folder with all below it. Fails with `import.notFound`. */
export async function importCheckpoints(
	tools: CheckpointImportTools,
	{ path, isDryRun }: { readonly path: string; readonly isDryRun: boolean },
	actor: Actor,
): Promise<CheckpointImport> {
	const { read, unread } = await readAll(tools, path);
	if (isDryRun) {
		return report(await tools.ledger.read((reader) => judge(reader, read)), unread, true);
	}
	return tools.ledger.write(actor, async (transaction) => {
		const judged = await judge(transaction, read);
		for (const { is_taken: isTaken, task_id: taskId, agent_id: agent, at, type, told, hash, file } of judged) {
			if (isTaken) {
				await transaction.append({
					type: 'checkpoint.imported',
					task_id: taskId,
					message: `A checkpoint that ${displayLine(agent, 80)} left of ${taskId} was taken over from ${displayLine(file)}`,
					data: { agent, at, type, told, hash },
				});
			}
		}
		return report(judged, unread, false);
	});
}

function report(judged: readonly Judged[], unread: CheckpointImport['unread'], isDryRun: boolean): CheckpointImport {
	return {
		found: judged.map(({ told: _told, hash: _hash, ...each }) => each),
		unread,
		taken: judged.filter((each) => each.is_taken).length,
		dry_run: isDryRun,
	};
}

async function readAll(
	{ files, yaml }: CheckpointImportTools,
	path: string,
): Promise<{ readonly read: Read[]; readonly unread: { file: string; reasons: string[] }[] }> {
	const stat = await files.stat(path);
	if (stat === undefined) {
		throw new DreamError('import.notFound', `There is no file or folder ${path}.`, {
			details: { path },
			advice: 'Name a checkpoint file, or a folder with such files (runtime/agent_comms/checkpoints).',
		});
	}
	const name = path.replace(/^.*[\\/]/u, '');
	const walk = stat.isFolder
		? await walkFiles(files, path, { refuse: () => undefined })
		: { files: [{ file: name, path, bytes: stat.size }], leftOut: [] };
	const read: Read[] = [];
	// What is left out and no checkpoint by its name was not meant.
	const leftOut = walk.leftOut.filter(({ file }) => file === '.' || file.endsWith(olderEnding));
	const unread = leftOut.map(({ file, reason }) => ({ file, reasons: [reason] }));
	for (const each of walk.files.filter(({ file }) => !stat.isFolder || file.endsWith(olderEnding))) {
		if (each.bytes > largestCheckpoint) {
			unread.push({
				file: each.file,
				reasons: [`It is larger than ${formatBytes(largestCheckpoint)}: no checkpoint.`],
			});
			continue;
		}
		const bytes = await files.readPart(each.path, 0, largestCheckpoint).catch((error: unknown) => String(error));
		const { checkpoints, problems } =
			typeof bytes === 'string'
				? { checkpoints: [], problems: [bytes] }
				: readOlderCheckpoint(bytes, each.file.replace(/^.*\//u, ''), yaml);
		read.push(...checkpoints.map((checkpoint) => ({ file: each.file, checkpoint, remarks: problems })));
		if (checkpoints.length === 0) {
			unread.push({ file: each.file, reasons: [...problems] });
		}
	}
	return { read, unread };
}

const time = ({ at }: OlderCheckpoint): number => (at === null ? -Infinity : Date.parse(at));

/** What becomes of each, the newest first. */
async function judge(reader: LedgerReader, read: readonly Read[]): Promise<Judged[]> {
	const newestFirst = read.toSorted((left, right) => time(right.checkpoint) - time(left.checkpoint) || 0);
	const seen = new Map<string, string>();
	const judged: Judged[] = [];
	for (const { file, checkpoint, remarks } of newestFirst) {
		const { agent_id, at, type, task_id, told, dropped } = checkpoint;
		const hash = contentHash(new TextEncoder().encode(JSON.stringify([agent_id, at, type, task_id, told])));
		const newer = seen.get(task_id);
		const why =
			newer === undefined ? await whyNot(reader, checkpoint, hash) : `${newer} is a newer one of the same task.`;
		seen.set(task_id, newer ?? file);
		const missing = dropped.length === 0 ? [] : [`Not taken over: ${dropped.join(', ')}.`];
		judged.push({
			...{ file, agent_id, at, type, task_id, told, hash },
			is_taken: why === undefined,
			remarks: why === undefined ? [...remarks, ...missing] : [why, ...remarks],
		});
	}
	return judged;
}

async function whyNot(reader: LedgerReader, checkpoint: OlderCheckpoint, hash: string): Promise<string | undefined> {
	const { task_id: taskId, told } = checkpoint;
	if (taskId === '') {
		return 'It belongs to no task.';
	}
	const stored = await reader.task(taskId);
	if (stored === undefined) {
		return `There is no task ${displayLine(taskId, 80)} here; import its board first (dreamos boards import).`;
	}
	if (stored.task.status === 'COMPLETED') {
		return `${taskId} is completed: nobody goes on from it.`;
	}
	if (told === '') {
		return 'It tells nothing of the work.';
	}
	const known = await reader.events({ task_id: taskId, types: ['checkpoint.imported'] });
	return known.some(({ data }) => data?.['hash'] === hash) ? 'It was taken over before.' : undefined;
}
