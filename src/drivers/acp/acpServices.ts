// Owns what an agent may ask of us while it works on a session, and that it asks for its own session only.

import type { ReadTextFileRequest, RequestPermissionResponse, WriteTextFileRequest } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import { describeError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { ClientFiles } from './acpFiles.ts';
import type { Permissions } from './acpPermissions.ts';
import type { Foreign } from './acpRead.ts';
import { textAt } from './acpRead.ts';
import type { Terminals } from './acpTerminals.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

export interface ClientServices {
	/** `signal` aborts when the agent takes its request back. */
	permission(request: Foreign, signal: AbortSignal): Promise<RequestPermissionResponse>;
	readFile(request: ReadTextFileRequest): Promise<{ content: string }>;
	writeFile(request: WriteTextFileRequest): Promise<object>;
	/** undefined when commands are not run for the agent. */
	readonly terminals: Terminals | undefined;
}

export interface ServicesOptions {
	readonly files: ClientFiles;
	readonly permissions: Permissions;
	readonly terminals: Terminals | undefined;
	readonly fence: WorktreeFence;
	/** The one session of this connection, once there is one. */
	readonly sessionId: () => string | undefined;
	readonly tell: (update: DriverUpdate) => void;
}

export function createServices(options: ServicesOptions): ClientServices {
	const { files, permissions, fence, tell } = options;
	const checkSession = (sessionId: string | undefined) => {
		if (sessionId !== options.sessionId()) {
			throw RequestError.sessionNotFound(displayLine(sessionId ?? ''));
		}
	};
	/** Serves a file request; a refusal is told, because the agent need not mention it. */
	const served = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
		try {
			return await work();
		} catch (error) {
			if (error instanceof RequestError && error.code !== RequestError.resourceNotFound().code) {
				tell({
					kind: 'note',
					text: `Refused: ${displayLine(error.message, 500)}`,
					data: { path: displayLine(path) },
				});
			}
			throw error;
		}
	};
	return {
		terminals: options.terminals,
		async permission(request, signal) {
			checkSession(textAt(request, 'sessionId'));
			try {
				return await permissions.answer(request, signal);
			} catch (error) {
				// Nothing may be allowed by a fault of ours, and an error instead of an answer confuses some agents.
				tell({
					kind: 'note',
					text: `A permission request could not be judged: ${displayLine(describeError(error), 500)}`,
				});
				return { outcome: { outcome: 'cancelled' } };
			}
		},
		async readFile(request) {
			checkSession(request.sessionId);
			return await served(request.path, () => files.read(request));
		},
		async writeFile(request) {
			checkSession(request.sessionId);
			const isChanged = await served(request.path, () => files.write(request));
			const shown = displayLine(fence.show(request.path));
			tell({
				kind: 'tool',
				text: isChanged ? `Wrote ${shown}` : `Wrote ${shown} (no change)`,
				data: { path: shown },
			});
			return {};
		},
	};
}
