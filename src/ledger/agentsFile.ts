// Owns the mirror between the agents of the ledger and runtime/agents.json. The same rules as for boards, in small: three-way by
// agent and field, a file that cannot be read is copied aside and never written over.

import type { DreamError } from '../base/errors.ts';
import { isDreamError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { jsonEquals } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import { agentSchema } from '../core/agent/agent.ts';
import { isAccidentalRemoval } from '../core/board/accidentalRemoval.ts';
import { decodeText } from '../core/board/decodeText.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import type { LedgerReader, LedgerTransaction } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import { isOpenRun } from '../core/run/run.ts';
import type { AgentsReading } from '../core/workspace/agentRecords.ts';
import { noAgentsFile, readAgents, renderAgents } from '../core/workspace/agentRecords.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor } from './mirrorTools.ts';

const baseFact = 'agents.base';
const settleMilliseconds = 150;

export class AgentsFile {
	private readonly tools: MirrorTools;
	private found: readonly BoardProblem[] = [];
	private trouble: { readonly text: string; readonly since: number } | undefined;
	private last: { readonly content: string; readonly reading: AgentsReading } | undefined;

	constructor(tools: MirrorTools) {
		this.tools = tools;
	}

	get problems(): readonly BoardProblem[] {
		return this.found;
	}

	/** Takes over what was edited and writes the file when it does not show the ledger. */
	async pass(): Promise<{ readonly retryMilliseconds: number | undefined }> {
		const { files, folder } = this.tools;
		const path = files.join(folder, runtimePaths.agents);
		try {
			const { agents, base } = await this.tools.ledger.read(readState);
			if ((await files.stat(path)) === undefined) {
				this.found = [];
				return agents.length === 0 ? done : await this.write(path, agents, undefined, base);
			}
			const bytes = await files.readBytes(path);
			const file = this.read(bytes);
			this.found = file.problems;
			if (!file.reading.isReadable) {
				return await this.waitOrCopy(bytes);
			}
			this.trouble = undefined;
			const { content } = file.reading;
			if (content !== base) {
				const isTaken = await this.tools.ledger.write({ kind: 'file', id: 'agents' }, (transaction) =>
					takeOver(transaction, base, file),
				);
				return { retryMilliseconds: isTaken ? 0 : 20 };
			}
			return renderAgents(agents, file) === content ? done : await this.write(path, agents, file, base);
		} catch (error) {
			if (!isDreamError(error) || !error.code.startsWith('file.')) {
				throw error;
			}
			this.found = [notUsable(error)];
			return done;
		}
	}

	private read(bytes: Uint8Array): AgentsReading {
		const decoded = decodeText(bytes);
		const content = decoded.hasMark ? `\uFEFF${decoded.text}` : decoded.text;
		if (decoded.failure !== undefined) {
			return readAgents(bytes);
		}
		if (this.last?.content !== content) {
			this.last = { content, reading: readAgents(content) };
		}
		return this.last.reading;
	}

	private async waitOrCopy(bytes: Uint8Array): Promise<{ readonly retryMilliseconds: number | undefined }> {
		const now = this.tools.clock.monotonic();
		const text = decodeText(bytes).text;
		if (this.trouble?.text !== text) {
			this.trouble = { text, since: now };
		}
		const remaining = settleMilliseconds - (now - this.trouble.since);
		if (remaining > 0) {
			this.found = [];
			return { retryMilliseconds: remaining };
		}
		if (bytes.length > 0) {
			await copyToQuarantine(this.tools, 'agents', bytes);
		}
		return done;
	}

	private async write(
		path: string,
		agents: readonly Agent[],
		file: AgentsReading | undefined,
		base: string | null,
	): Promise<{ readonly retryMilliseconds: number | undefined }> {
		const { files, ledger } = this.tools;
		const text = renderAgents(agents, file ?? noAgentsFile);
		const stamp = await files.stat(path);
		try {
			await files.makeFolder(files.join(path, '..'));
			await files.writeAtomic(path, text, async () => {
				const now = await files.stat(path);
				return now?.inode === stamp?.inode && now?.modified === stamp?.modified && now?.size === stamp?.size;
			});
		} catch (error) {
			if (isDreamError(error, 'file.changed')) {
				return { retryMilliseconds: 20 };
			}
			throw error;
		}
		await ledger.write(mirrorActor(this.tools), async (transaction) => {
			if ((await readState(transaction)).base === base) {
				await transaction.setFact(baseFact, text);
			}
		});
		return done;
	}
}

const done = { retryMilliseconds: undefined };

function notUsable(error: DreamError): BoardProblem {
	return {
		code: 'board.notWritten',
		severity: 'error',
		message: error.message,
		file: runtimePaths.agents,
		line: 1,
		column: 1,
		advice: error.advice ?? 'It is tried again by itself; nothing is lost meanwhile.',
	};
}

async function readState(reader: LedgerReader): Promise<{ readonly agents: Agent[]; readonly base: string | null }> {
	const base = await reader.fact(baseFact);
	return { agents: await reader.agents(), base: typeof base === 'string' ? base : null };
}

/** Merges the file into the ledger. False when somebody else did it meanwhile. */
async function takeOver(transaction: LedgerTransaction, base: string | null, file: AgentsReading): Promise<boolean> {
	const state = await readState(transaction);
	if (state.base !== base) {
		return false;
	}
	const before = readAgents(base ?? '[]').agents;
	const ledger = new Map(state.agents.map((agent) => [agent.id, agent]));
	for (const [id, agent] of file.agents) {
		const old = before.get(id);
		const current = ledger.get(id);
		const next = current === undefined ? agent : mergeAgent(old, agent, current);
		if (!sameAgent(next, current)) {
			await transaction.putAgent(next);
			await tell(transaction, id, current === undefined ? 'added in agents.json' : 'edited in agents.json');
		}
	}
	const gone = [...before]
		.filter(([id, old]) => !isNamed(file, id) && sameAgent(old, ledger.get(id)))
		.map(([id]) => id);
	for (const id of gone) {
		const isWorking = (await transaction.runs({ worker: id })).some(({ state: each }) => isOpenRun(each));
		if (isWorking || isAccidentalRemoval(gone.length, before.size)) {
			await tell(
				transaction,
				id,
				'put back into agents.json, because it is at work or too many vanished at once',
			);
		} else {
			await transaction.removeAgent(id);
			await tell(transaction, id, 'taken out of agents.json');
		}
	}
	await transaction.setFact(baseFact, file.reading.content);
	return true;
}

/** An entry that cannot be used still says that its agent is meant to be there. */
const isNamed = (file: AgentsReading, id: string): boolean =>
	file.agents.has(id) || file.reading.entry(id) !== undefined;

const sameAgent = (left: Agent | undefined, right: Agent | undefined): boolean =>
	jsonEquals(left as JsonValue | undefined, right as JsonValue | undefined);

/** What only the file changed is taken over; what both changed stays as the ledger has it. */
function mergeAgent(base: Agent | undefined, file: Agent, ledger: Agent): Agent {
	const merged: Record<string, unknown> = { ...ledger };
	for (const key of new Set([...Object.keys(file), ...Object.keys(base ?? {})])) {
		const value = file[key] as JsonValue | undefined;
		const old = base?.[key] as JsonValue | undefined;
		if (!jsonEquals(value, old) && jsonEquals(ledger[key] as JsonValue | undefined, old)) {
			if (value === undefined) {
				delete merged[key];
			} else {
				merged[key] = value;
			}
		}
	}
	const parsed = agentSchema.safeParse(merged);
	return parsed.success ? parsed.data : ledger;
}

async function tell(transaction: LedgerTransaction, id: string, what: string): Promise<void> {
	await transaction.append({ type: 'agent.changed', agent_id: id, message: `${id} was ${what}` });
}
