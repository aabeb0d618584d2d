// Owns the read-only documents that show logs of runs, and follows those that are open. Reads the end of a long log only.

import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable, Event, TextDocumentContentProvider } from 'vscode';
import { EventEmitter, Uri, window, workspace, l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import { countOf, formatDuration } from '../../base/words.ts';
import { runtimePaths } from '../../core/paths.ts';
import type { Run } from '../../core/run/run.ts';
import { isOpenRun } from '../../core/run/run.ts';
import { describeStrays } from '../../core/run/runStrays.ts';
import { documentSchemes } from '../manifest.ts';
import { throttle } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { renderRunLog } from '../../core/run/renderRunLog.ts';

const longestTail = 512 * 1024;
const followMilliseconds = 1000;

async function readTail(file: string): Promise<{ readonly text: string; readonly isCut: boolean } | undefined> {
	let handle;
	try {
		handle = await open(file);
	} catch {
		return undefined;
	}
	try {
		const { size } = await handle.stat();
		const start = Math.max(0, size - longestTail);
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
		return { text: buffer.toString('utf8', 0, bytesRead), isCut: start > 0 };
	} finally {
		await handle.close();
	}
}

/** What was asked of the run and how it went, above its log. */
function headOf(run: Run): string {
	const ended = run.closed_at === null ? Date.now() : Date.parse(run.closed_at);
	const lines = [
		`${run.run_id}: ${run.worker} (${run.driver}) on ${run.task_id}, attempt ${run.attempt}`,
		`${run.state}${run.reason === null ? '' : `: ${run.reason}`}, ${formatDuration(ended - Date.parse(run.opened_at))}`,
		...describeStrays(run),
		...run.gates.map(
			(gate) => `gate: ${gate.command} → ${gate.ending}${gate.exit_code === null ? '' : ` ${gate.exit_code}`}`,
		),
		...(run.files.length === 0
			? []
			: [`${countOf(run.files.length, 'file')}: ${run.files.slice(0, 20).join(', ')}`]),
	];
	return `${lines.map((line) => displayLine(line, 400)).join('\n')}\n\n`;
}

export class RunLogDocuments implements TextDocumentContentProvider, Disposable {
	private readonly changed = new EventEmitter<Uri>();
	private readonly session: WorkspaceSession;
	private readonly following;

	constructor(session: WorkspaceSession) {
		this.session = session;
		this.following = throttle(followMilliseconds, () => this.refreshOpen());
		const subscription = session.onDidChangeSnapshot(() => this.following.trigger());
		const provider = workspace.registerTextDocumentContentProvider(documentSchemes.log, this);
		this.dispose = () => {
			subscription.dispose();
			provider.dispose();
			this.following.dispose();
			this.changed.dispose();
		};
	}

	readonly dispose: () => void;
	readonly onDidChange: Event<Uri> = this.changed.event;

	async open(runId: string): Promise<void> {
		const uri = Uri.from({ scheme: documentSchemes.log, path: `/${runId}.log` });
		this.changed.fire(uri);
		await window.showTextDocument(uri, { preview: true });
	}

	async provideTextDocumentContent(uri: Uri): Promise<string> {
		const runId = path.posix.basename(uri.path, '.log');
		const opened = this.session.require();
		const run = await opened.ledger()?.read((reader) => reader.run(runId));
		if (run === undefined) {
			return `${l10n.t('There is no run {0}.', runId)}\n`;
		}
		const file = path.resolve(opened.folder, run.log_file ?? path.join(runtimePaths.runLogs, `${runId}.jsonl`));
		const tail = await readTail(file);
		return (
			headOf(run) +
			(tail === undefined ? `${l10n.t('This run wrote no log.')}\n` : renderRunLog(tail.text, tail.isCut))
		);
	}

	private refreshOpen(): void {
		const runs = new Map(
			this.session.snapshot.agents.flatMap(({ runs: all }) => all.map((run) => [run.run_id, run])),
		);
		for (const { uri } of workspace.textDocuments) {
			if (uri.scheme === documentSchemes.log) {
				const run = runs.get(path.posix.basename(uri.path, '.log'));
				// A run that has just ended may have written its last lines since the last look.
				if (
					run !== undefined &&
					(isOpenRun(run.state) || Date.now() - Date.parse(run.closed_at ?? '') < 10_000)
				) {
					this.changed.fire(uri);
				}
			}
		}
	}
}
