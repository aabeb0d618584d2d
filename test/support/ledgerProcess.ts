// Owns the programs that tests start on a ledger: each is a real process, and none outlives its test.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface LedgerProcessJob {
	readonly path: string;
	readonly name: string;
	readonly job:
		| { readonly kind: 'append'; readonly count: number }
		/** Writes without a pause from the moment its input is closed, for so long. */
		| { readonly kind: 'compete'; readonly milliseconds: number }
		| { readonly kind: 'claim'; readonly ids: readonly string[] }
		/** Hears what others write, by being told alone: it never looks by itself. */
		| { readonly kind: 'listen' }
		/** Finishes tasks and reopens some in the workspace of this folder, archiving all the time, until it is killed. */
		| { readonly kind: 'archive'; readonly folder: string };
}

export interface LedgerProcess {
	readonly child: ChildProcess;
	/** Everything it has said, as it comes. */
	readonly lines: readonly string[];
	/** Resolves with the first line that begins with the word; rejects when the process ends without it. */
	line(word: string): Promise<string>;
	/** Resolves when it has ended and everything it said is there. */
	readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

const ledgerProgram = fileURLToPath(new URL('ledgerProcess.child.ts', import.meta.url));

/** Call inside `describe`: processes a test started are ended after it. */
export function useLedgerProcesses(): (job: LedgerProcessJob) => LedgerProcess {
	const started: LedgerProcess[] = [];
	afterEach(async () => {
		for (const { child, ended } of started.splice(0)) {
			child.kill('SIGKILL');
			await ended;
		}
	});
	return (job) => {
		const running = startLedgerProcess(job);
		started.push(running);
		return running;
	};
}

function startLedgerProcess(job: LedgerProcessJob): LedgerProcess {
	const child = spawn(process.execPath, [...process.execArgv, ledgerProgram, JSON.stringify(job)], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	const lines: string[] = [];
	const waiting = new Set<() => void>();
	const tell = () => waiting.forEach((look) => look());
	let errors = '';
	let hasEnded = false;
	child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
	createInterface({ input: child.stdout }).on('line', (line) => {
		lines.push(line);
		tell();
	});
	const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
		child.once('close', (code) => {
			hasEnded = true;
			resolve({ code, errors });
			tell();
		});
	});
	return {
		child,
		lines,
		ended,
		line: (word) =>
			new Promise((resolve, reject) => {
				const look = () => {
					const found = lines.find((line) => line.startsWith(word));
					if (found !== undefined || hasEnded) {
						waiting.delete(look);
						if (found === undefined) {
							reject(new Error(`It ended without saying ${word}: ${errors}`));
						} else {
							resolve(found);
						}
					}
				};
				waiting.add(look);
				look();
			}),
	};
}
