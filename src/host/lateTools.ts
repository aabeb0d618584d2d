// Owns when the host loads what serves tools: with the first run that has an agent to serve, because most of it is a library that
// an idle host need not hold.

import type { OpenRunTools } from '../core/driver/jobTools.ts';
import type { HostTools, HostToolsParts } from '../mcp/hostTools.ts';

export interface LateTools {
	readonly open: OpenRunTools;
	/** Ends every connection. */
	close(): Promise<void>;
}

export function lateTools(parts: HostToolsParts): LateTools {
	let loading: Promise<HostTools> | undefined;
	return {
		async open(request) {
			loading ??= import('../mcp/hostTools.ts').then(({ HostTools: Tools }) => new Tools(parts));
			return (await loading).open(request);
		},
		async close() {
			await (await loading)?.close();
		},
	};
}
