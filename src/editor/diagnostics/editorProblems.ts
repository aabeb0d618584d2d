// Owns reading what this editor has to say about files of a worktree, without showing any of them: they are opened a few at a time, with
// a planted fault for each kind of file last, until everybody who answers has answered and it has become quiet.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Diagnostic, TextDocument } from 'vscode';
import { DiagnosticSeverity, Uri, languages } from 'vscode';
import { newId } from '../../base/ids.ts';
import type {
	EditorProblem,
	PlaceReading,
	ProblemPlace,
	ProblemRequest,
} from '../../core/diagnostics/problemReading.ts';
import type { ProblemBackend } from '../../core/diagnostics/problemWorker.ts';
import { closeHidden, mostOpen, openHidden } from './hiddenDocuments.ts';
import type { Probe } from './probes.ts';
import { kindOfFile, probeFor } from './probes.ts';
import { typescriptSource } from './typescriptAnswer.ts';
import { isTypescript, typescriptProblems } from './typescriptProblems.ts';

/** Nothing was said for so long: it has settled. */
const quietMilliseconds = 1500;
/** A language server that was not at work yet may take this long to say its first word. */
const firstWordMilliseconds = 30_000;
/** One that said nothing in this window before is not waited for as long again. */
const silentMilliseconds = 4000;
const mostOfFile = 200;
const messageLength = 500;

interface OpenedFile {
	readonly path: string;
	readonly document: TextDocument;
	readonly kind: string;
}

type Reading = { -readonly [Key in keyof PlaceReading]: PlaceReading[Key] extends readonly (infer T)[] ? T[] : number };

export class EditorProblems implements ProblemBackend {
	/** Kinds of files nothing answered for. */
	private readonly silentKinds = new Set<string>();

	async read(request: ProblemRequest, signal: AbortSignal): Promise<readonly PlaceReading[]> {
		const opened: TextDocument[] = [];
		const readings: Reading[] = [];
		try {
			for (const place of request.places) {
				readings.push(await this.readPlace(request, place, opened, signal));
			}
		} finally {
			await closeHidden(opened);
		}
		return readings;
	}

	private async readPlace(
		request: ProblemRequest,
		{ folder, files }: ProblemPlace,
		opened: TextDocument[],
		signal: AbortSignal,
	): Promise<Reading> {
		const reading: Reading = { problems: [], read: 0, silent: [], unopened: [], left: [], sources: [] };
		const sources = new Set<string>();
		for (let start = 0; start < files.length; start += mostOpen) {
			signal.throwIfAborted();
			if (Date.now() > request.until - firstWordMilliseconds) {
				reading.left.push(...files.slice(start));
				break;
			}
			const batch: OpenedFile[] = [];
			for (const file of files.slice(start, start + mostOpen)) {
				const document = await openHidden(path.join(folder, file));
				if (document === undefined) {
					reading.unopened.push(file);
				} else {
					opened.push(document);
					batch.push({ path: file, document, kind: kindOfFile(document.languageId, file) });
				}
			}
			const asked = await askTypescript(batch, signal);
			const answering = await this.settle(batch, asked, request.probe_folder, opened, signal);
			for (const file of batch) {
				const answered = asked.get(file);
				const said = languages
					.getDiagnostics(file.document.uri)
					.filter(({ source }) => answered === undefined || source !== typescriptSource)
					.flatMap((each) => problemOf(file.path, each) ?? []);
				if (said.length === 0 && answered === undefined && !answering.has(file.kind)) {
					reading.silent.push(file.path);
					continue;
				}
				reading.read += 1;
				const problems = [...(answered ?? []), ...said];
				(answered === undefined ? [] : [typescriptSource]).forEach((source) => sources.add(source));
				said.forEach(({ source }) => sources.add(source));
				reading.problems.push(
					...problems
						.filter(({ severity }) => severity === 'error' || request.severity === 'warning')
						.slice(0, mostOfFile)
						.map((problem) => ({ ...problem, message: problem.message.slice(0, messageLength) })),
				);
			}
			answering.forEach((by) => by.forEach((source) => sources.add(source)));
		}
		reading.sources.push(...[...sources].filter((source) => source !== '').toSorted());
		return reading;
	}

	/** Waits until it is quiet. Which kinds of files are answered for, and by whom. */
	private async settle(
		batch: readonly OpenedFile[],
		asked: ReadonlyMap<OpenedFile, unknown>,
		probeFolder: string,
		opened: TextDocument[],
		signal: AbortSignal,
	): Promise<ReadonlyMap<string, readonly string[]>> {
		let lastWord = Date.now();
		const ours = new Set(batch.map(({ document }) => document.uri.toString()));
		const subscription = languages.onDidChangeDiagnostics(({ uris }) => {
			if (uris.some((uri) => ours.has(uri.toString()))) {
				lastWord = Date.now();
			}
		});
		const probes = new Map<string, Probe>();
		for (const file of batch) {
			if (!probes.has(file.kind) && !asked.has(file)) {
				probes.set(file.kind, probeFor(file.path, probeFolder, newId('file')));
			}
		}
		try {
			for (const { file, text } of probes.values()) {
				await mkdir(path.dirname(file), { recursive: true });
				await writeFile(file, text);
				const document = await openHidden(file);
				if (document !== undefined) {
					opened.push(document);
					ours.add(document.uri.toString());
				}
			}
			const began = Date.now();
			const isWaitedFor = (kind: string, { file }: Probe) =>
				languages.getDiagnostics(Uri.file(file)).length === 0 &&
				Date.now() - began < (this.silentKinds.has(kind) ? silentMilliseconds : firstWordMilliseconds);
			while (
				Date.now() - lastWord < quietMilliseconds ||
				[...probes].some(([kind, probe]) => isWaitedFor(kind, probe))
			) {
				if (Date.now() - began > 2 * firstWordMilliseconds) {
					// Somebody who never stops talking.
					break;
				}
				await delay(100, undefined, { signal });
			}
			const answering = new Map<string, readonly string[]>();
			for (const [kind, { file }] of probes) {
				const said = languages.getDiagnostics(Uri.file(file));
				if (said.length > 0) {
					answering.set(kind, [...new Set(said.map(({ source }) => source ?? ''))]);
					this.silentKinds.delete(kind);
				} else {
					this.silentKinds.add(kind);
				}
			}
			return answering;
		} finally {
			subscription.dispose();
			for (const { file } of probes.values()) {
				await rm(path.dirname(file), { recursive: true, force: true });
			}
		}
	}
}

/** What TypeScript says, file by file, where it answers; one it does not know keeps no other waiting. */
async function askTypescript(
	batch: readonly OpenedFile[],
	signal: AbortSignal,
): Promise<ReadonlyMap<OpenedFile, readonly EditorProblem[]>> {
	const found = new Map<OpenedFile, readonly EditorProblem[]>();
	await Promise.all(
		batch
			.filter(({ document }) => isTypescript(document))
			.map(async (file) => {
				const problems = await typescriptProblems(file.document, file.path, signal);
				if (problems !== undefined) {
					found.set(file, problems);
				}
			}),
	);
	return found;
}

/** Undefined for what is neither an error nor a warning. */
function problemOf(file: string, { severity, message, source, range }: Diagnostic): EditorProblem | undefined {
	return severity === DiagnosticSeverity.Error || severity === DiagnosticSeverity.Warning
		? {
				path: file,
				line: range.start.line + 1,
				severity: severity === DiagnosticSeverity.Error ? 'error' : 'warning',
				message,
				source: source ?? '',
			}
		: undefined;
}
