// Owns the first set-up of an empty workspace. Doing it twice, or in two processes at once, does nothing the second time.

import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import type { Agent } from '../agent/agent.ts';
import type { Ledger, LedgerTransaction } from '../ledger.ts';
import { boardPath, runtimePaths } from '../paths.ts';
import { boardNames } from '../task/taskStatus.ts';
import type { AgentsReading } from './agentRecords.ts';
import { noAgentsFile, readAgents, renderAgents } from './agentRecords.ts';
import { lookAtWorkspace } from './lookAtWorkspace.ts';
import { seedAgents } from './seedAgents.ts';
import { setUpFact } from './setUp.ts';
import type { WorkspaceTools } from './workspaceFiles.ts';
import { writeMarker, writeSupportFiles } from './workspaceFiles.ts';

export interface InitializeTools extends WorkspaceTools {
	/** Opens the ledger, creating it where there is none. Called after the marker is written. */
	readonly openLedger: () => Promise<Ledger>;
}

/** Makes a workspace of an empty folder and adds what is missing to one of ours. Fails with `workspace.foreign`. */
export async function initializeWorkspace(
	tools: InitializeTools,
	actor: Actor,
): Promise<{ readonly created: readonly string[] }> {
	const { files, folder } = tools;
	const look = await lookAtWorkspace(files, folder);
	if (look.state === 'foreign') {
		throw new DreamError('workspace.foreign', 'There is a runtime folder here that somebody else made.', {
			details: { folder },
			advice: 'Adopt its boards; you are shown first what that changes.',
		});
	}
	if (look.isLedgerLost) {
		throw new DreamError('workspace.ledgerLost', 'The ledger of this workspace is gone.', {
			details: { path: runtimePaths.ledger },
			advice: 'It is rebuilt from the boards when the workspace is opened.',
		});
	}
	const created: string[] = (await writeMarker(tools)) ? [runtimePaths.marker] : [];
	created.push(...(await writeSupportFiles(tools)));
	const ledger = await tools.openLedger();
	const agents = await readAgentsFile(tools);
	const isNew = await ledger.write(actor, async (transaction) => {
		if ((await transaction.fact(setUpFact)) !== undefined) {
			return false;
		}
		await registerAgents(transaction, agents);
		await transaction.setFact(setUpFact, { how: 'initialized', at: transaction.at });
		await transaction.append({ type: 'workspace.initialized', message: 'the workspace was set up' });
		return true;
	});
	created.push(...(isNew ? [runtimePaths.ledger] : []), ...(await writeFirstFiles(tools, ledger, agents)));
	return { created };
}

/** The agents a file names; undefined when there is no file, or none that can be read. */
export async function readAgentsFile({ files, folder }: WorkspaceTools): Promise<AgentsReading | undefined> {
	const path = files.join(folder, runtimePaths.agents);
	return (await files.stat(path)) === undefined ? undefined : readAgents(await files.readBytes(path));
}

/** Takes over the agents of the file; the seeds where there is no file. */
export async function registerAgents(transaction: LedgerTransaction, found: AgentsReading | undefined): Promise<void> {
	const agents: Iterable<Agent> = found === undefined ? seedAgents : found.agents.values();
	for (const agent of agents) {
		await transaction.putAgent(agent);
		await transaction.append({ type: 'agent.changed', agent_id: agent.id, message: `${agent.id} was registered` });
	}
}

/** Boards and list of agents, where there are none yet. The mirror keeps them from now on. */
async function writeFirstFiles(
	tools: InitializeTools,
	ledger: Ledger,
	agents: AgentsReading | undefined,
): Promise<string[]> {
	const { files, folder } = tools;
	const created: string[] = [];
	for (const board of boardNames) {
		const path = files.join(folder, boardPath(board));
		const { base } = await ledger.read((reader) => reader.board(board));
		if (base === null && (await files.stat(path)) === undefined) {
			await files.writeAtomic(path, '[]\n');
			created.push(boardPath(board));
		}
	}
	if (agents === undefined && (await files.stat(files.join(folder, runtimePaths.agents))) === undefined) {
		await files.writeAtomic(files.join(folder, runtimePaths.agents), renderAgents(seedAgents, noAgentsFile));
		created.push(runtimePaths.agents);
	}
	return created;
}
