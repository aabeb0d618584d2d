// Owns the summary of a run that rolls on with it: plan, tool calls and last words as they come from the agent, and what the ledger
// holds of reports, messages and decisions. No model is asked; what an agent said of itself is marked as its word.

import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../driver/driver.ts';
import type { EventType } from '../events.ts';
import type { LedgerReader } from '../ledger.ts';
import type { CheckpointStory } from './checkpointStory.ts';

const mostSummary = 4_000;
const mostPlan = 4_000;
const mostLines = 40;
const mostDone = 30;
const mostLine = 1_000;
const endings: readonly unknown[] = ['completed', 'failed', 'unfinished'];

export type SummaryText = Pick<CheckpointStory, 'summary' | 'did' | 'plan' | 'plan_position' | 'usage'>;

/** What the agent said and did so far, in bounded memory. */
export class RollingSummary {
	private summary = '';
	private plan = '';
	private position: CheckpointStory['plan_position'] = null;
	private usage = '';
	/** How often each thing was done, the last one last. */
	private readonly did = new Map<string, number>();

	/** What the agent says and does, with no key in it. */
	note({ kind, text, data }: DriverUpdate): void {
		if (kind === 'message') {
			this.summary = `${this.summary}${text}\n`.slice(-mostSummary);
		} else if (kind === 'plan') {
			this.plan = text.slice(0, mostPlan);
			this.position = planPosition(text);
		} else if (kind === 'usage') {
			this.usage = text;
		} else if (kind === 'tool' && (data?.['status'] === undefined || endings.includes(data['status']))) {
			this.count(displayLine(text));
		}
	}

	read(): SummaryText {
		return {
			summary: this.summary.trim(),
			plan: this.plan,
			plan_position: this.position,
			usage: this.usage,
			did: [...this.did].map(([line, times]) => (times === 1 ? line : `${line} (${times} times)`)),
		};
	}

	private count(line: string): void {
		const times = (this.did.get(line) ?? 0) + 1;
		this.did.delete(line);
		this.did.set(line, times);
		const [oldest] = this.did.keys();
		if (this.did.size > mostDone && oldest !== undefined) {
			this.did.delete(oldest);
		}
	}
}

/** Reads the marks drivers put before the entries of a plan: `[x]`, `[>]`, `[ ]`. */
function planPosition(plan: string): CheckpointStory['plan_position'] {
	const entries = plan.split('\n').flatMap((line) => {
		const [, mark, content] = /^\[([x> ])\] (.*)$/u.exec(line) ?? [];
		return mark === undefined ? [] : [{ mark, content: content ?? '' }];
	});
	const open = entries.find(({ mark }) => mark === '>') ?? entries.find(({ mark }) => mark === ' ');
	return entries.length === 0
		? null
		: {
				done: entries.filter(({ mark }) => mark === 'x').length,
				total: entries.length,
				current: open?.content ?? '',
			};
}

/** What was reported, said and decided in a run, by the ledger; `earlier` is what the attempt before left of both. */
export async function readPinned(
	reader: LedgerReader,
	runId: string,
	earlier: Pick<CheckpointStory, 'pinned' | 'decisions'> | undefined,
): Promise<Pick<CheckpointStory, 'pinned' | 'decisions'>> {
	const said = await lastEvents(reader, runId, ['run.reported', 'run.messaged']);
	const pinned = said.map(
		({ type, message }) => `${type === 'run.reported' ? '[agent]' : '[person]'} ${message.slice(0, mostLine)}`,
	);
	const decided = await lastEvents(reader, runId, ['question.answered', 'run.chose']);
	const decisions = decided.map(({ message }) => message.slice(0, mostLine));
	return {
		pinned: rolled(earlier?.pinned, pinned),
		decisions: rolled(earlier?.decisions, decisions),
	};
}

const rolled = (before: readonly string[] = [], now: readonly string[]): string[] =>
	[...new Set([...before, ...now])].slice(-mostLines);

async function lastEvents(reader: LedgerReader, runId: string, types: readonly EventType[]) {
	return (await reader.events({ run_id: runId, types, newestFirst: true, limit: mostLines })).toReversed();
}
