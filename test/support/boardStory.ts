// Owns stories of what people, programs, git and agents do to one workspace with two mirrors, step by step, and what is left of every
// word that was typed: it stands in a board, in the ledger, in an event or in a copy that was kept, or somebody else wrote over it.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/base/json.ts';
import { isDreamError } from '../../src/base/errors.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { FileSystem } from '../../src/core/ports.ts';
import { editTask } from '../../src/core/task/editTask.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import { boardNames, movesFrom } from '../../src/core/task/taskStatus.ts';
import type { BoardMirror } from '../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { BoardWorkspace, idOf } from './boardWorkspace.ts';
import { watchSteps } from './fileSteps.ts';
import { ann } from './temporaryLedger.ts';

/** Numbers choose among what there is then; `what` is what is typed along. */
export interface Typing {
	readonly kind: 'type';
	readonly board: number;
	readonly at: number;
	readonly what: number;
	readonly isRenamed: boolean;
	/** How many steps ago the file was read that is saved. */
	readonly readBefore: number;
}

export type Step =
	| Typing
	| { readonly kind: 'add'; readonly id: number; readonly board: number; readonly what: number }
	| {
			readonly kind: 'copy';
			readonly from: number;
			readonly at: number;
			readonly to: number;
			readonly isFirst: boolean;
	  }
	| { readonly kind: 'cut'; readonly board: number; readonly at: number }
	| { readonly kind: 'checkout'; readonly to: number; readonly boards: readonly boolean[]; readonly isGit: boolean }
	| { readonly kind: 'move' | 'edit' | 'create'; readonly id: number; readonly move: number }
	| { readonly kind: 'wait'; readonly milliseconds: number }
	| { readonly kind: 'pass'; readonly mirror: number; readonly at: number; readonly meanwhile: readonly Step[] }
	| { readonly kind: 'killedPass'; readonly mirror: number; readonly at: number }
	/** Somebody types between two steps of a replacement, which waits for nothing in between. */
	| { readonly kind: 'passTypedOver'; readonly mirror: number; readonly at: number; readonly typing: Typing };

const ids = ['A', 'B', 'C', 'D'];
const typedAlong: readonly JsonObject[] = [
	{},
	{ name: 'Named by hand' },
	{ priority: 'HIGH' },
	{ priority: 'soon' },
	{ status: 'READY' },
	{ status: 'done' },
	{ status: 'WORKING' },
	{ status: 'NONSENSE' },
	{ notes: 'noted by hand' },
];
const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];
const textOf = (records: readonly JsonObject[]): string => `${JSON.stringify(records, null, 2)}\n`;

type Texts = Readonly<Record<BoardName, string>>;
class Killed extends Error {}

export class BoardStory {
	private readonly workspace: BoardWorkspace;
	private readonly mirrors: BoardMirror[];
	/** Words that nobody has written over since, with where they were typed. */
	private readonly typed = new Map<string, string>();
	private readonly commits: Texts[] = [];
	private readonly before: Texts[] = [];
	private count = 0;
	private calls = 0;
	private onCall: ((count: number) => Promise<void> | void) | undefined;

	private readonly files: FileSystem;

	private constructor(workspace: BoardWorkspace, files: FileSystem) {
		this.workspace = workspace;
		this.files = files;
		this.mirrors = [this.makeMirror(), this.makeMirror()];
	}

	/** @param files what the mirrors work with; another than the real one to show that a fault is found. */
	static async begin(folder: string, files = nodeFileSystem): Promise<BoardStory> {
		const workspace = await BoardWorkspace.make(folder);
		mkdirSync(join(folder, '.git'));
		const story = new BoardStory(workspace, files);
		for (const id of ids.slice(0, 3)) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await story.mirrors[0]?.flush();
		story.remember();
		workspace.later();
		return story;
	}

	close(): Promise<void> {
		return this.workspace.close();
	}

	/** Does a step. What Dream.OS refuses is no fault. */
	async tell(step: Step): Promise<void> {
		try {
			await this.perform(step);
		} catch (error) {
			if (!isDreamError(error)) {
				throw error;
			}
		}
		this.remember();
	}

	/** Words that are told nowhere, with where they were typed. */
	async lost(): Promise<string[]> {
		const { workspace } = this;
		const tasks = await workspace.ledger.read((reader) => reader.tasks());
		const copies = workspace
			.quarantine()
			.map((name) => readFileSync(join(workspace.folder, 'runtime/quarantine', name), 'utf8'));
		const told = [JSON.stringify(await workspace.events()), JSON.stringify(tasks), ...copies].join();
		return [...this.typed].flatMap(([word, where]) =>
			told.includes(word) || isIn(this.texts(), word) ? [] : [`${word} in ${where}`],
		);
	}

	private remember(): void {
		this.before.push(this.texts());
	}

	private texts(): Texts {
		const { workspace } = this;
		return Object.fromEntries(
			boardNames.map((board) => [board, existsSync(workspace.path(board)) ? workspace.text(board) : '[]']),
		) as Texts;
	}

	private async perform(step: Step): Promise<void> {
		const { workspace } = this;
		switch (step.kind) {
			case 'type':
				this.type(step);
				break;
			case 'add': {
				const board = boardNames[step.board] ?? 'task_backlog';
				const id = ids[step.id] ?? '';
				const word = this.nextWord(`a new ${id} in ${board}`);
				const record = { task_id: id, name: 'added', ...pick(typedAlong, step.what), [word]: true };
				this.save(board, textOf([...workspace.records(board), record]), false);
				break;
			}
			case 'copy': {
				const record = pick(workspace.records(boardNames[step.from] ?? 'task_backlog'), step.at);
				const board = boardNames[step.to] ?? 'task_backlog';
				if (record !== undefined) {
					const others = workspace.records(board);
					this.save(board, textOf(step.isFirst ? [record, ...others] : [...others, record]), false);
				}
				break;
			}
			case 'cut': {
				const board = boardNames[step.board] ?? 'task_backlog';
				const records = workspace.records(board);
				const record = pick(records, step.at);
				this.save(board, textOf(records.filter((each) => each !== record)), false);
				break;
			}
			case 'checkout': {
				const commit = pick(this.commits, step.to);
				for (const board of boardNames.filter((_board, index) => step.boards[index])) {
					this.save(board, commit?.[board] ?? workspace.text(board), true);
				}
				if (step.isGit) {
					writeFileSync(join(workspace.folder, '.git/index'), String(this.count));
				}
				break;
			}
			case 'move':
				await this.move(ids[step.id] ?? '', step.move);
				break;
			case 'edit':
				await workspace.ledger.write(ann, (transaction) =>
					editTask(transaction, ids[step.id] ?? '', { notes: `edited ${this.count++}` }),
				);
				break;
			case 'create':
				await workspace.create({ task_id: ids[step.id] ?? '', name: 'created' });
				break;
			case 'wait':
				workspace.later(step.milliseconds);
				break;
			case 'pass':
				await this.pass(step.mirror, step.at, async () => {
					for (const each of step.meanwhile) {
						// The other one: this one is in the middle of its own.
						await this.tell(each.kind === 'pass' ? { ...each, mirror: 1 - step.mirror } : each);
					}
				});
				break;
			case 'passTypedOver': {
				const stop = watchSteps((count) => {
					if (count === step.at + 1) {
						this.type(step.typing);
					}
				});
				try {
					await this.mirrors[step.mirror]?.flush();
				} finally {
					stop();
				}
				break;
			}
			case 'killedPass':
				await this.pass(step.mirror, step.at, () => {
					throw new Killed('killed');
				}).catch((error: unknown) => {
					if (!(error instanceof Killed)) {
						throw error;
					}
					this.mirrors[step.mirror] = this.makeMirror();
					workspace.later(2500);
				});
		}
	}

	private async move(id: string, at: number): Promise<void> {
		const stored = await this.workspace.task(id);
		const move = stored === undefined ? undefined : pick(movesFrom(stored.task.status), at);
		if (move !== undefined) {
			await (move === 'claim' ? this.workspace.claim(id, 'ann', null) : this.workspace.move(id, move));
		}
	}

	/** A pass during which something happens before one of its calls. */
	private async pass(mirror: number, at: number, happens: () => Promise<void> | void): Promise<void> {
		const outer = this.onCall;
		this.calls = 0;
		this.onCall = async (count) => {
			if (count === at + 1) {
				this.onCall = undefined;
				await happens();
			}
		};
		try {
			await this.mirrors[mirror]?.flush();
		} finally {
			this.onCall = outer;
		}
		this.commits.push(this.texts());
	}

	private type(step: Typing): void {
		const board = boardNames[step.board] ?? 'task_backlog';
		const read = step.readBefore === 0 ? this.texts() : (this.before.at(-step.readBefore) ?? this.texts());
		const records = JSON.parse(read[board]) as JsonObject[];
		const record = pick(records, step.at);
		if (record !== undefined) {
			const rest = Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('typed_')));
			const word = this.nextWord(`${idOf(record)} of ${board}`);
			const next = { ...rest, ...pick(typedAlong, step.what), [word]: true };
			this.save(board, textOf(records.map((each) => (each === record ? next : each))), step.isRenamed);
		}
	}

	private nextWord(where: string): string {
		this.count += 1;
		const word = `typed_${this.count}_`;
		this.typed.set(word, where);
		return word;
	}

	/** Saves as others do. What they write over is theirs to lose. */
	private save(board: BoardName, text: string, isRenamed: boolean): void {
		const path = this.workspace.path(board);
		const before = this.texts();
		writeFileSync(isRenamed ? `${path}~` : path, text);
		if (isRenamed) {
			renameSync(`${path}~`, path);
		}
		const now = this.texts();
		for (const word of [...this.typed.keys()].filter((each) => isIn(before, each) && !isIn(now, each))) {
			this.typed.delete(word);
		}
	}

	private makeMirror(): BoardMirror {
		const call = async () => {
			this.calls += 1;
			await this.onCall?.(this.calls);
		};
		const around =
			<Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
			async (...given: Given): Promise<Result> => {
				await call();
				const result = await work(...given);
				await call();
				return result;
			};
		const files: FileSystem = {
			...this.files,
			stat: around(this.files.stat),
			readBytes: around(this.files.readBytes),
			writeAtomic: around(this.files.writeAtomic),
		};
		const { ledger } = this.workspace;
		const watched = Object.assign(Object.create(ledger) as Ledger, {
			read: around(ledger.read.bind(ledger)),
			write: around(ledger.write.bind(ledger)),
		});
		return this.workspace.mirror({ files, ledger: watched });
	}
}

const isIn = (texts: Texts, word: string): boolean => Object.values(texts).some((text) => text.includes(word));
