// Owns the tools of runs in a host: the endpoint, opened when the first run wants it, and a session for each run.

import { dirname, extname, join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { Dream } from '../core/dream.ts';
import type { RunTools, RunToolsRequest } from '../core/driver/jobTools.ts';
import type { Ledger } from '../core/ledger.ts';
import { requireHeldRun } from '../core/run/heldRun.ts';
import { jobSecretFilter } from '../drivers/secretFilter.ts';
import { bridgeVariables } from './bridgeVariables.ts';
import { runInstructions, runToolViews } from './runToolViews.ts';
import { createTool, toolName } from './tool.ts';
import { ToolServer } from './toolServer.ts';
import { ToolSession, serverName } from './toolSession.ts';

export interface HostToolsParts {
	readonly dream: Dream;
	readonly ledger: Pick<Ledger, 'read'>;
	readonly log: Logger;
	/** Absolute path of the workspace folder. */
	readonly folder: string;
	/** Absolute path of the running host's bundle; the other programs lie beside it. */
	readonly script: string;
	/** Keys a person gave to agents. */
	readonly keys?: AgentKeys;
}

/** The same for every run. */
const runTools = runToolViews.map(createTool);

export class HostTools {
	private readonly parts: HostToolsParts;
	private server: Promise<ToolServer> | undefined;

	constructor(parts: HostToolsParts) {
		this.parts = parts;
	}

	/** The tools of a run. Rejects with `tools.notServed`. */
	readonly open = async (request: RunToolsRequest): Promise<RunTools> => {
		this.server ??= ToolServer.listen(this.parts.log);
		const server = await this.server.catch((error: unknown) => {
			// The next run tries again.
			this.server = undefined;
			throw error;
		});
		return openRun(this.parts, server, request);
	};

	async close(): Promise<void> {
		const { server } = this;
		this.server = undefined;
		await server?.then((each) => each.close()).catch(() => undefined);
	}
}

function openRun(
	parts: HostToolsParts,
	server: ToolServer,
	{ run, agent, actor, onMissing }: RunToolsRequest,
): RunTools {
	const { dream, ledger, folder, script } = parts;
	const hideKeys = jobSecretFilter({ agent }, parts.keys);
	const connected = createSignal();
	const finished = createSignal();
	let isOver = false;
	const redactor = (token: string) => (text: string) => text.replaceAll(token, '[token]');
	const openSession = (secret: string) =>
		new ToolSession({
			dream,
			actor,
			tools: runTools,
			known: { task_id: run.task_id, run_id: run.run_id, epoch: run.epoch },
			instructions: runInstructions,
			redact: (text) => hideKeys(redactor(secret)(text)),
			check: async () => {
				const held = await ledger.read((reader) => requireHeldRun(reader, run.run_id, actor));
				if (isOver) {
					throw new DreamError('run.fenced', `The turn of ${held.run.run_id} is over.`, {
						details: { run_id: held.run.run_id, task_id: held.run.task_id },
						advice: 'Nothing was changed.',
					});
				}
			},
			onCalled: ({ name }) => {
				if (name === toolName('run.finish')) {
					finished.give();
				}
			},
		});
	const { url, token, end } = server.open(openSession, () => connected.give());
	const session = openSession(token);
	const sibling = (name: string) => join(dirname(script), `${name}${extname(script)}`);
	return {
		name: serverName,
		toolNames: runTools.map(({ name }) => name),
		http: { url, headers: { Authorization: `Bearer ${token}` } },
		stdio: {
			command: process.execPath,
			arguments: [sibling('mcp')],
			environment: {
				[bridgeVariables.url]: url,
				[bridgeVariables.token]: token,
				// The editor's own runtime is Node only when told so.
				ELECTRON_RUN_AS_NODE: '1',
			},
		},
		commandLine: `node "${sibling('cli')}"`,
		environment: { DREAMOS_WORKSPACE: folder, DREAMOS_EPOCH: String(run.epoch) },
		direct: {
			tools: runTools,
			async call(name, input) {
				const { content, isError } = await session.call(name, input);
				const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
				return { text: texts.join('\n'), isError: isError === true };
			},
		},
		connected: connected.given,
		finished: finished.given,
		noteMissing: onMissing,
		redact: redactor(token),
		dispose() {
			isOver = true;
			end();
			// An ended session still answers for a while: what waits for it in vain would keep its whole run that long.
			connected.give();
			finished.give();
		},
	};
}

/** A promise with its other end. */
function createSignal(): { readonly given: Promise<void>; give(): void } {
	let give: () => void = () => undefined;
	const given = new Promise<void>((resolve) => {
		give = resolve;
	});
	return { given, give: () => give() };
}
