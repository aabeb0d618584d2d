// Owns taking boards over into a ledger, in one transaction: on the person's word (adopt), or because the ledger was lost
// (rebuild). Nothing is dropped: what does not count is kept in an event, and each file is copied aside before it is written.

import { DreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { countOf } from '../../base/words.ts';
import type { Actor } from '../actor.ts';
import type { AdoptionReport } from '../actions/workspaceDoor.ts';
import { renderRecord } from '../board/boardRecord.ts';
import { keptValue } from '../board/mergeNotice.ts';
import { copyToQuarantine } from '../board/quarantine.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { runtimePaths } from '../paths.ts';
import type { BoardFileName } from '../task/archive.ts';
import { isArchive } from '../task/archive.ts';
import { boardNames } from '../task/taskStatus.ts';
import type { AgentsReading } from './agentRecords.ts';
import { noAgentsFile, renderAgents } from './agentRecords.ts';
import { reportAdoption } from './adoptionReport.ts';
import type { InitializeTools } from './initializeWorkspace.ts';
import { readAgentsFile, registerAgents } from './initializeWorkspace.ts';
import { lookAtWorkspace } from './lookAtWorkspace.ts';
import type { AdoptionPlan } from './planAdoption.ts';
import { planAdoption } from './planAdoption.ts';
import { readBoardFiles } from './readBoardFiles.ts';
import { seedAgents } from './seedAgents.ts';
import { setUpFact } from './setUp.ts';
import type { WorkspaceTools } from './workspaceFiles.ts';
import { writeMarker, writeSupportFiles } from './workspaceFiles.ts';

/** On the person's word, or because the ledger was lost. */
export type Takeover = 'adopted' | 'rebuilt';

export interface Adoption {
	readonly report: AdoptionReport;
	/** False when another process was first; nothing was done then. */
	readonly isPerformed: boolean;
	/** Copies of the files as they were, inside the workspace. */
	readonly copies: readonly string[];
}

/** Looks at the boards and says what adopting them would change. Writes nothing. */
export async function planBoards(tools: WorkspaceTools, how: Takeover = 'adopted'): Promise<AdoptionPlan> {
	const found = await readAgentsFile(tools);
	const known = new Set(found?.agents.keys() ?? seedAgents.map(({ id }) => id));
	return planAdoption(await readBoardFiles(tools.files, tools.folder, known), {
		agents: found?.agents,
		...(how === 'rebuilt' ? { lostWorkers: known } : {}),
	});
}

/** Takes over the boards as they are now. Fails with `workspace.notForeign` where there is nothing to adopt. */
export async function adoptBoards(tools: InitializeTools, actor: Actor): Promise<Adoption> {
	const look = await lookAtWorkspace(tools.files, tools.folder);
	if (look.state === 'none') {
		throw new DreamError('workspace.notForeign', 'There is no runtime folder here whose boards could be adopted.', {
			details: { folder: tools.folder },
			advice: 'Initialize the workspace instead.',
		});
	}
	return takeOver(tools, actor, 'adopted');
}

/** Builds a lost ledger anew from the boards. Work in progress of agents goes back to its queue: its runs were in the ledger. */
export async function rebuildLedger(tools: InitializeTools, actor: Actor): Promise<Adoption> {
	return takeOver(tools, actor, 'rebuilt');
}

async function takeOver(tools: InitializeTools, actor: Actor, how: Takeover): Promise<Adoption> {
	const plan = await planBoards(tools, how);
	const report = reportAdoption(plan);
	const copies: string[] = [];
	for (const { board, bytes, reading } of plan.files) {
		if (board !== undefined && reading?.isReadable === true && reading.entries.length > 0) {
			copies.push(await copyToQuarantine(tools, board, bytes));
		}
	}
	await writeMarker(tools);
	await writeSupportFiles(tools);
	const agents = await readAgentsFile(tools);
	const ledger = await tools.openLedger();
	const isPerformed = await ledger.write(actor, async (transaction) => {
		if ((await transaction.fact(setUpFact)) !== undefined) {
			return false;
		}
		await registerAgents(transaction, agents);
		await insertTasks(transaction, plan, how);
		await prepareBoards(transaction, plan);
		await transaction.setFact(setUpFact, { how, at: transaction.at });
		await transaction.append({
			type: how === 'adopted' ? 'workspace.adopted' : 'workspace.rebuilt',
			message: `${countOf(plan.tasks.length, 'task was', 'tasks were')} taken over from the boards`,
			data: { ...report.data, copies },
		});
		return true;
	});
	await writeAgentsFile(tools, agents);
	return { report, isPerformed, copies };
}

async function insertTasks(transaction: LedgerTransaction, plan: AdoptionPlan, how: Takeover): Promise<void> {
	for (const planned of plan.tasks) {
		const { task, place, board, archive, others, waitsFor } = planned;
		await transaction.append({
			type: 'task.created',
			task_id: task.task_id,
			message: `${how} from ${place.file}, line ${place.line}, as ${task.status}${waitsFor.length === 0 ? '' : `, because it waits for ${waitsFor.join(', ')}`}`,
			data: { file: place.file, line: place.line, status: task.status, stood_as: place.status },
		});
		for (const other of others) {
			const data: JsonObject = {
				file: other.file,
				line: other.line,
				status: other.status,
				record: keptValue(other.record),
				counts: { file: place.file, line: place.line, status: place.status },
			};
			await transaction.append({
				type: 'board.conflict',
				task_id: task.task_id,
				message: `a second record stood in ${other.file}, line ${other.line} (${other.status}); it is kept here`,
				data,
			});
		}
		await transaction.insertTask({
			task: { ...task, updated_at: transaction.at },
			record: renderRecord(task, place.record),
			board,
			...(archive === undefined ? {} : { archive }),
			epoch: 0,
			run_id: null,
		});
	}
}

/** Each readable file is the base its first mirroring starts from, so that every record keeps its characters. */
async function prepareBoards(transaction: LedgerTransaction, plan: AdoptionPlan): Promise<void> {
	const sequence = (await transaction.sequence()) + 1;
	const archives = plan.files.flatMap(({ board }) => (board !== undefined && isArchive(board) ? [board] : []));
	for (const board of [...boardNames, ...archives] as readonly BoardFileName[]) {
		const reading = plan.files.find((file) => file.board === board)?.reading;
		const patch = { dirty_sequence: sequence, mirrored_sequence: 0 };
		await transaction.setBoard(board, reading?.isReadable === true ? { ...patch, base: reading.content } : patch);
	}
}

async function writeAgentsFile({ files, folder }: WorkspaceTools, found: AgentsReading | undefined): Promise<void> {
	const path = files.join(folder, runtimePaths.agents);
	if (found === undefined && (await files.stat(path)) === undefined) {
		await files.writeAtomic(path, renderAgents(seedAgents, noAgentsFile));
	}
}
