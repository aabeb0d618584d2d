// Owns what the MCP program was started for: by hand in a workspace, or by an agent to which a host gave it.

import { parseArgs } from 'node:util';
import { DreamError, describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { displayText } from '../base/text.ts';
import { bridgeVariables } from './bridgeVariables.ts';
import { servePersonTools } from './personTools.ts';
import { runToolBridge } from './toolBridge.ts';

const usage = `Usage: mcp.cjs [--workspace FOLDER] [--agent ID]
Serves the tools of Dream.OS to an MCP client on stdin and stdout. See docs/mcp.md.
`;

/** Runs the program and resolves to its exit code: 0 ended, 1 failed, 2 wrong use. Never rejects. */
export async function runMcp(words: readonly string[], distFolder: string): Promise<number> {
	let folder: string;
	let agent: string | undefined;
	try {
		const { values } = parseArgs({
			args: [...words],
			options: { workspace: { type: 'string' }, agent: { type: 'string' }, help: { type: 'boolean' } },
		});
		if (values.help === true) {
			process.stderr.write(usage);
			return 0;
		}
		if (values.workspace === '' || values.agent === '') {
			throw new DreamError('action.badInput', '--workspace and --agent need a value.');
		}
		folder = values.workspace ?? process.cwd();
		agent = values.agent;
	} catch (error) {
		process.stderr.write(`${describeError(error)}\n${usage}`);
		return 2;
	}
	const { [bridgeVariables.url]: url, [bridgeVariables.token]: token } = process.env;
	try {
		await (url !== undefined && token !== undefined && words.length === 0
			? runToolBridge({ url, token })
			: servePersonTools({ folder, agent, distFolder, log }));
		return 0;
	} catch (error) {
		process.stderr.write(`dreamos: ${displayText(describeError(error))}\n`);
		return 1;
	}
}

/** stdout carries the protocol; clients show stderr as the server's log. */
const write = (level: string, message: string) => void process.stderr.write(`${level}: ${displayText(message)}\n`);
const log: Logger = {
	debug: () => undefined,
	info: () => undefined,
	warn: (message) => write('warning', message),
	error: (message, error) => write('error', error === undefined ? message : `${message} ${describeError(error)}`),
};
