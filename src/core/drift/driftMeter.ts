// Owns the signals of drift: follows the lines of one run and measures them. Deterministic, from what was said and done alone; it
// asks no model, reads no clock and no file.

import { matchesPath } from '../policy/policyPattern.ts';
import type { Task } from '../task/task.ts';
import type { DriftReading, DriftSignal } from './driftReading.ts';
import { readDrift } from './driftReading.ts';
import type { DriftLine, DriftStep } from './driftSteps.ts';
import { DriftSteps, isChange, mostTalkText, stepKey } from './driftSteps.ts';
import { FileVersions } from './fileVersions.ts';
import { contentWords, goalDistance, goalStatements } from './goalWords.ts';
import { MeasuredPace } from './measuredPace.ts';
import type { UsualPace } from './measuredPace.ts';
import { MeasuredPlan } from './measuredPlan.ts';

export interface DriftTask extends Pick<Task, 'name' | 'description' | 'touches'> {
	readonly usual?: UsualPace | undefined;
}

const repeatWindow = 30;
const errorWindow = 20;
const placeWindow = 40;
/** Fewer steps than this tell nothing. */
const fewest = 10;
const rememberedKeys = 400;
/** Milliseconds. Who says a lot at once, however often the same, is done soon. */
const shortestTalk = 60_000;

/** From 0 at `low` to 1 at `high`. */
const ramp = (value: number, low: number, high: number): number =>
	Math.min(1, Math.max(0, (value - low) / (high - low)));
const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** What is known of a step once it is over and its output is there. */
interface JudgedStep {
	readonly step: DriftStep;
	/** 0 for the first time it is done with this result, 0.5 for the second, 1 for any later. */
	readonly repetition: number;
	readonly isNew: boolean;
}

export class DriftMeter {
	private readonly task: DriftTask;
	private readonly log = new DriftSteps();
	private readonly plan = new MeasuredPlan();
	private readonly pace: MeasuredPace;
	private readonly known: Set<string>;
	/** Words of the task itself; those of its globs are names of folders, which hold much besides. */
	private readonly words: ReadonlySet<string>;
	private readonly versions = new FileVersions();
	/** What each command answered so far. */
	private readonly results = new Map<string, Set<string>>();
	private readonly keys = new Map<string, number>();
	private readonly judged: JudgedStep[] = [];
	/** The last step, whose output may still come. */
	private pending: DriftStep | undefined;
	private readonly worktrees = new Set<string>();
	private readonly changed = new Set<string>();
	private sinceChange = 0;
	/** When the last step ended or the first line after it came, and the last line. */
	private talkBegan: number | undefined;
	private talkedFor = 0;
	private readonly distances: { readonly distance: number; readonly text: string }[] = [];

	constructor(task: DriftTask) {
		this.task = task;
		this.pace = new MeasuredPace(task.usual);
		this.words = new Set(contentWords(`${task.name} ${task.description}`));
		this.known = new Set([...this.words, ...contentWords(task.touches.join(' '))]);
	}

	/** Steps that ended so far, with their results. */
	steps = 0;

	note(line: DriftLine): void {
		if (line.kind !== 'output' && line.kind !== 'usage') {
			this.settle();
		}
		this.pace.note(line);
		const worktree = line.kind === 'note' ? line.data?.['worktree'] : undefined;
		if (typeof worktree === 'string') {
			this.noteWorktree(worktree, line.data?.['files']);
		}
		if (line.kind === 'plan') {
			this.plan.note(line.data?.['entries']);
			for (const word of contentWords(this.steps < fewest ? line.text : '')) {
				this.known.add(word);
			}
		}
		if (line.kind === 'message' || line.kind === 'thought') {
			this.talkBegan ??= line.at;
			this.talkedFor = line.at - this.talkBegan;
			this.noteGoals(line.text.slice(0, mostTalkText));
		}
		const ended = this.log.note(line);
		if (ended !== undefined) {
			this.pending = ended;
			this.talkBegan = undefined;
			this.talkedFor = 0;
		}
	}

	/** The agent was told, or another one goes on: what it does from here on counts. */
	beginAgain(): void {
		this.settle();
		this.judged.length = 0;
		this.log.talk.length = 0;
		this.talkBegan = undefined;
		this.talkedFor = 0;
		this.distances.length = 0;
		this.sinceChange = 0;
		this.plan.beginAgain();
	}

	measure(): DriftReading {
		return readDrift([
			this.repeatSignal(),
			this.errorSignal(),
			{
				name: 'idle',
				figure: this.sinceChange,
				strength: ramp(this.sinceChange, 40, 120) * this.patience,
				text: `Nothing was changed for ${this.sinceChange} steps`,
			},
			this.outsideSignal(),
			this.goalSignal(),
			this.plan.signal(),
			this.pace.context(),
			this.pace.signal(),
		]);
	}

	/** Who gets on with a plan may read for longer. */
	private get patience(): number {
		return this.plan.isMoving ? 0.5 : 1;
	}

	private settle(): void {
		const step = this.pending;
		if (step === undefined) {
			return;
		}
		this.pending = undefined;
		// A change is the same change whatever was changed before it.
		const key = stepKey(step, isChange(step) ? 0 : this.versions.of(step));
		this.noteResult(step);
		const before = this.keys.get(key) ?? 0;
		this.keys.delete(key);
		this.keys.set(key, before + 1);
		const [oldest] = this.keys.size > rememberedKeys ? this.keys.keys() : [];
		if (oldest !== undefined) {
			this.keys.delete(oldest);
		}
		this.judged.push({ step, repetition: Math.min(1, before / 2), isNew: before === 0 });
		this.judged.splice(0, this.judged.length - placeWindow);
		this.plan.step();
		this.steps += 1;
		this.sinceChange += 1;
		if (isChange(step)) {
			step.paths.forEach((path) => this.changed.add(path));
			if (before === 0) {
				this.sinceChange = 0;
				this.versions.bump(step.paths);
			}
		}
	}

	/** A command that answers as it never did before tells that something has changed: what follows is no repetition. */
	private noteResult({ kind, title, output, hasFailed }: DriftStep): void {
		if (kind !== 'execute') {
			return;
		}
		const result = `${hasFailed}\0${output}`;
		const known = this.results.get(title);
		if (known === undefined) {
			this.results.set(title, new Set([result]));
		} else if (!known.has(result)) {
			known.add(result);
			this.versions.bump([]);
		}
		const [oldest] = this.results.size > rememberedKeys ? this.results.keys() : [];
		if (oldest !== undefined) {
			this.results.delete(oldest);
		}
	}

	/** What it looks like; only what it never looked like before is a change. */
	private noteWorktree(mark: string, files: unknown): void {
		if (!this.worktrees.has(mark)) {
			this.worktrees.add(mark);
			this.sinceChange = 0;
			this.versions.bump([]);
		}
		if (Array.isArray(files)) {
			files.forEach((path) => (typeof path === 'string' ? this.changed.add(path) : undefined));
		}
	}

	private noteGoals(text: string): void {
		for (const said of goalStatements(text)) {
			const distance = goalDistance(said, this.known);
			if (distance !== undefined) {
				this.distances.push({ distance, text: said });
			}
		}
		this.distances.splice(0, this.distances.length - 4);
	}

	private repeatSignal(): DriftSignal {
		const recent = this.judged.slice(-repeatWindow);
		const share = recent.reduce((sum, { repetition }) => sum + repetition, 0) / Math.max(fewest, recent.length);
		const { talk } = this.log;
		const different = new Set(talk).size;
		const talkShare = talk.length < 12 || this.talkedFor < shortestTalk ? 0 : 1 - different / talk.length;
		if (talkShare > share) {
			return {
				name: 'repeat',
				figure: talkShare,
				strength: ramp(talkShare, 0.5, 0.8),
				text: `${percent(talkShare)} of its last ${talk.length} lines it had said before, and it did nothing meanwhile`,
			};
		}
		const counts = new Map<string, number>();
		for (const { step } of recent) {
			counts.set(step.title, (counts.get(step.title) ?? 0) + 1);
		}
		const [title = '', count = 0] = [...counts].toSorted(([, left], [, right]) => right - left)[0] ?? [];
		return {
			name: 'repeat',
			figure: share,
			strength: ramp(share, 0.4, 0.75),
			text: `${percent(share)} of the last ${recent.length} steps were done before with the same result (${title}: ${count} times)`,
		};
	}

	/** A command that fails with something new, as tests do while they are mended, is work, as long as not everything fails. */
	private errorSignal(): DriftSignal {
		const recent = this.judged.slice(-errorWindow);
		const failed = recent.filter(({ step }) => step.hasFailed);
		const inVain = failed.filter(({ step, isNew }) => step.kind !== 'execute' || !isNew);
		const [share, vainShare] = [failed, inVain].map(({ length }) => length / Math.max(fewest, recent.length));
		const same = this.sameFailure();
		const bySame = ramp(same.count, 4, 10);
		const byShare = Math.max(ramp(share ?? 0, 0.65, 0.95), ramp(vainShare ?? 0, 0.4, 0.8));
		return bySame > byShare
			? {
					name: 'errors',
					figure: same.count,
					strength: bySame,
					text: `${same.title} failed ${same.count} times in the same way`,
				}
			: {
					name: 'errors',
					figure: share ?? 0,
					strength: byShare,
					text: `${failed.length} of the last ${recent.length} steps failed`,
				};
	}

	/** The call that failed most often with one result, whatever was changed in between. */
	private sameFailure(): { readonly title: string; readonly count: number } {
		const counts = new Map<string, { title: string; count: number }>();
		for (const { step } of this.judged) {
			if (step.hasFailed && step.output !== '') {
				const key = `${step.title}\0${step.output}`;
				counts.set(key, { title: step.title, count: (counts.get(key)?.count ?? 0) + 1 });
			}
		}
		const none = { title: '', count: 0 };
		return [...counts.values()].reduce((most, each) => (each.count > most.count ? each : most), none);
	}

	private outsideSignal(): DriftSignal {
		const { touches } = this.task;
		const outside = touches.length === 0 ? [] : [...this.changed].filter((path) => !isMeant(touches, path));
		const share = outside.length / Math.max(1, this.changed.size);
		const byChange = ramp(outside.length, 2, 8) * ramp(share, 0.4, 0.8);
		const places = this.judged.flatMap(({ step }) => (step.paths.length === 0 ? [] : [step.paths]));
		const astray = places.filter((paths) => !paths.some((path) => this.isNear(path))).length;
		const astrayShare = places.length < placeWindow / 2 ? 0 : astray / places.length;
		// Looking around is how work begins; it is drift when nothing comes of it.
		const byLook = ramp(astrayShare, 0.6, 0.9) * ramp(this.sinceChange, 30, 90) * this.patience;
		return byChange >= byLook
			? {
					name: 'outside',
					figure: share,
					strength: byChange,
					text: `${outside.length} of ${this.changed.size} changed files are not among those the task names`,
				}
			: {
					name: 'outside',
					figure: astrayShare,
					strength: byLook,
					text: `${percent(astrayShare)} of the places it looked at lately have nothing to do with the task`,
				};
	}

	/** In a folder the task names, or named with one of its words. */
	private isNear(path: string): boolean {
		return (
			isMeant(this.task.touches.map(folderOf), path) || contentWords(path).some((word) => this.words.has(word))
		);
	}

	private goalSignal(): DriftSignal {
		const far = this.distances.filter(({ distance }) => distance >= 0.75);
		const figure = this.distances.length === 0 ? 0 : far.length / this.distances.length;
		return {
			name: 'goal',
			figure,
			strength: far.length < 2 ? 0 : ramp(figure, 0.4, 0.8),
			text: `It says its goal is another than the task: "${far.at(-1)?.text.slice(0, 100) ?? ''}"`,
		};
	}
}

const isMeant = (patterns: readonly string[], path: string): boolean =>
	patterns.some((pattern) => matchesPath(pattern, path, true));

/** The folder a glob lies in: tests and helpers beside a file belong to it. */
function folderOf(glob: string): string {
	const parts = glob.split('/');
	const fixed = parts.slice(
		0,
		parts.findIndex((part, index) => part.includes('*') || index === parts.length - 1),
	);
	return fixed.length === 0 ? glob : fixed.join('/');
}
