// Owns landing through the editor: every file by its own WorkspaceEdit, so that each is one step to undo. What was clean is
// saved, unless a setting leaves it unsaved; what has unsaved text keeps it unsaved. When one step fails, those before it are taken back.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from '../../core/landing/landingTarget.ts';
import { changedMeanwhile, isOneFile, sameEntry } from '../../core/landing/landingTarget.ts';
import { FileEditor } from './fileEditor.ts';
import { OpenFiles } from './openFiles.ts';

export class WorkspaceEditTarget implements LandingTarget {
	private readonly files: OpenFiles;
	private readonly editor: FileEditor;
	private readonly log: Logger;

	/**
	 * @param topFolder top folder of the repository, absolute
	 * @param saves whether text that was saved before is saved afterwards; asked at each landing
	 */
	constructor(topFolder: string, log: Logger, saves: () => boolean) {
		this.files = new OpenFiles(topFolder);
		this.editor = new FileEditor(this.files, saves);
		this.log = log;
	}

	read(path: string): Promise<LandingEntry> {
		return this.files.read(path);
	}

	async apply(operations: readonly LandingOperation[], label: string): Promise<void> {
		for (const operation of operations) {
			await this.check(operation);
		}
		const done: LandingOperation[] = [];
		try {
			for (const operation of operations) {
				// From here on the step may have begun, and is taken back with the others.
				done.push(operation);
				await this.perform(operation);
			}
			this.log.info(`${label}: ${operations.map(({ kind, path }) => `${kind} ${path}`).join(', ')}`);
		} catch (error) {
			await this.takeBack(done);
			if (isDreamError(error, 'landing.changedMeanwhile') || isDreamError(error, 'landing.failed')) {
				throw error;
			}
			throw new DreamError('landing.failed', `The editor could not apply the change: ${describeError(error)}`, {
				cause: error,
			});
		}
	}

	/** Fails with `landing.changedMeanwhile` when a path does not hold what the plan saw there. */
	private async check({ path, previousPath, expected }: LandingOperation): Promise<void> {
		const origin = previousPath ?? path;
		const found = await this.files.read(origin);
		const place: LandingEntry = previousPath === undefined ? { kind: 'none' } : await this.files.read(path);
		const isFree = place.kind === 'none' || isOneFile(path, place, origin, found);
		if (!sameEntry(found, expected) || !isFree) {
			throw changedMeanwhile(isFree ? origin : path);
		}
	}

	private async perform({ kind, path, previousPath, content, mode, expected }: LandingOperation): Promise<void> {
		const next = entryOf(content, mode);
		if (kind === 'rename' && previousPath !== undefined) {
			await this.editor.rename(previousPath, path, expected, next);
		} else {
			// What was in the way went with an earlier step.
			await this.editor.put(path, withoutObstacle(expected), next);
		}
	}

	/** Puts back what stood there before. Goes on when one file cannot be restored: the others still can. */
	private async takeBack(operations: readonly LandingOperation[]): Promise<void> {
		for (const { path, previousPath, expected } of [...operations].reverse()) {
			try {
				if (expected.kind === 'file' && !expected.isDirty) {
					// What was left unsaved is ours.
					await this.editor.save(path);
				}
				if (previousPath !== undefined) {
					await this.restore(path, { kind: 'none' });
				}
				await this.restore(previousPath ?? path, expected);
				if (expected.kind === 'file' && !expected.isDirty) {
					await this.editor.save(previousPath ?? path);
				}
			} catch (error) {
				this.log.error(`${path} could not be put back as it was.`, error);
			}
		}
	}

	private async restore(path: string, before: LandingEntry): Promise<void> {
		const now = withoutObstacle(await this.files.read(path));
		if (!sameEntry(now, withoutObstacle(before))) {
			await this.editor.put(path, now, withoutObstacle(before));
		}
	}
}

const withoutObstacle = (entry: LandingEntry): LandingEntry => (entry.kind === 'obstacle' ? { kind: 'none' } : entry);

const linkMode = '120000';

function entryOf(content: Uint8Array | undefined, mode: string): LandingEntry {
	if (content === undefined) {
		return { kind: 'none' };
	}
	return mode === linkMode
		? { kind: 'link', target: new TextDecoder().decode(content) }
		: { kind: 'file', content, isExecutable: mode === '100755', isDirty: false };
}
